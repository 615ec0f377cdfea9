"""Tests of tools/dev/docs/size_table.py."""

import json

import pytest
import size_table

REPORT = {
    "exports": [{"kind": "function"}, {"kind": "function"}, {"kind": "global"}],
    "imports": [{"module": "env"}, {"module": "wasi_snapshot_preview1"}],
    "sizes": {"functions": 30, "module_bytes": 4000},
}


def test_the_table(tmp_path):
    (tmp_path / "r.json").write_text(json.dumps(REPORT))
    (tmp_path / "a.c").write_text("x" * 1000)
    (tmp_path / "b.c").write_text("x" * 234)
    size_table.main(
        [
            "--sandbox",
            "lib",
            "the library",
            *(str(tmp_path / name) for name in ("r.json", "a.c", "b.c")),
            f"--markdown={tmp_path / 'm'}",
            f"--json={tmp_path / 'j'}",
        ]
    )
    assert json.loads((tmp_path / "j").read_text()) == [
        {
            "name": "lib",
            "title": "the library",
            "exports": 2,
            "wasi_imports": 1,
            "functions": 30,
            "wasm_bytes": 4000,
            "c_bytes": 1234,
        }
    ]
    assert (tmp_path / "m").read_text().splitlines()[-3:] == [
        "| sandbox | exports | WASI imports | functions | module, bytes | generated C, bytes |",
        "|---|---:|---:|---:|---:|---:|",
        "| the library | 2 | 1 | 30 | 4,000 | 1,234 |",
    ]


def test_too_few_words(tmp_path, capsys):
    with pytest.raises(SystemExit):
        size_table.main(["--sandbox", "lib", "title", "--markdown=m", "--json=j"])
    assert "--sandbox lib title: a name, a title, a report and C files are needed" in capsys.readouterr().err
