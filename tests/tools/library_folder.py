"""A library as select_exports sees it: a header description and objects in a folder, for tests."""

import json

import pytest
import wasm_builder as wb
from header_reader import write
from link import exports, select_exports
from tool_main import ToolError


def declared(name, **changes):
    function = {
        "name": name, "symbol": name.rpartition("::")[2], "file": "lib.h", "line": 1, "signature": "int (void)",
        "linkage": "C", "inline": False, "static": False, "variadic": False, "structs": [], "by_value": [],
    }  # fmt: skip
    return {**function, **changes}


class Library:
    """A folder with a header description and objects."""

    def __init__(self, folder, functions=(), objects=None):
        self.folder = folder
        self.arguments = ["--target=//x:y"]
        content = {"version": 3, "language": "c", "functions": list(functions), "structs": []}
        write(folder, {"headers.json": json.dumps(content)})
        for name, content in (objects or {}).items():
            data = content if isinstance(content, bytes) else wb.object_file(content)
            (folder / name).write_bytes(data)
            self.arguments.append(f"--object={folder / name}")

    def select(self, *arguments, headers=True):
        command = [*self.arguments, *arguments]
        command += [f"--headers={self.folder / 'headers.json'}"] if headers else []
        command += [f"--{name}={self.folder / name}" for name in ("link-output", "output")]
        select_exports.main(command)
        return Result(self.folder)

    def error(self, *arguments, **kwargs):
        with pytest.raises(ToolError) as error:
            self.select(*arguments, **kwargs)
        assert not (self.folder / "output").exists()
        assert not (self.folder / "link-output").exists()
        message = str(error.value)
        assert message.startswith("//x:y: ")
        return message[len("//x:y: ") :]


class Result:
    """The two outputs. `required` and `allowed` are what the check of the module is to make of them."""

    def __init__(self, folder):
        self.link = (folder / "link-output").read_text()
        listed = exports.read(str(folder / "output")).exports
        self.required = [item.symbol for item in listed if item.certain]
        self.allowed = [item.symbol for item in listed if not item.certain]
        self.report = json.loads((folder / "output").read_text())
        self.exports = [entry["symbol"] for entry in self.report["exports"]]
        self.left_out = {entry["name"]: entry for entry in self.report["left_out"]}

    def reasons(self):
        return {name: entry["reason"] for name, entry in self.left_out.items()}
