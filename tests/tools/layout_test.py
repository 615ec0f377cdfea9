"""The layout says where the test of a file is."""

import ast
import os
from pathlib import Path

ROOT = Path(os.environ.get("TEST_SRCDIR", Path(__file__).parents[3])) / os.environ.get(
    "TEST_WORKSPACE", Path(__file__).parents[2].name
)
STAGES = (
    "codegen",
    "headers",
    "link",
    "new_sandbox",
    "report",
    "testing",
    "wasm",
)  # tests/toolchain has the tests of sdk
ELSEWHERE = {"testing/differential.py": "tests/differential"}


def test_every_file_has_a_test_of_its_name_or_is_named_by_one():
    docstrings = ""
    for path in (ROOT / "tests/tools").rglob("*_test.py"):
        docstrings += ast.get_docstring(ast.parse(path.read_text())) or ""
    without = []
    for stage in STAGES:
        files = [path.name for path in (ROOT / "tools" / stage).glob("*.py") if path.name != "__init__.py"]
        assert files, stage
        for name in files:
            own = ROOT / "tests/tools" / stage / name.replace(".py", "_test.py")
            if not own.exists() and name not in docstrings and f"{stage}/{name}" not in ELSEWHERE:
                without.append(f"{stage}/{name}")
    assert not without
