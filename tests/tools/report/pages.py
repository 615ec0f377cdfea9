"""Pages for tests: of a small library whose calls are known, and of one that is hostile wherever it can be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

import wasm_builder as wb
from headers.description import Function, HeaderDescription, write
from link import exports
from link.exports import Export, LeftOut
from link.prototypes import Difference, Use
from linked_library import Linked
from report import report_page, sandbox_report
from wasm.abi import WASI

FD_WRITE = (("i32", "i32", "i32", "i32"), ("i32",))
ZEROS = b"\x41\0" * 4


class Source:
    """What a page is made from."""

    def __init__(self, linked: Linked) -> None:
        self.linked = linked
        self.functions: list[Function] = []
        self.exports: list[Export] = []
        self.left_out: list[LeftOut] = []
        self.prototypes: list[Difference] = []
        self.target = "//x:y"
        self.arguments: list[str] = []

    def page(self, folder: Path, *, with_map: bool = True, arguments: Sequence[str] = ()) -> str:
        """The page, by way of the two programs that make it."""
        folder.mkdir(exist_ok=True)
        paths = {
            name: str(folder / name) for name in ("m.wasm", "headers", "exports", "m.map", "json", "text", "surface")
        }
        (folder / "m.wasm").write_bytes(self.linked.made.build())
        (folder / "m.map").write_text(self.linked.map_text(), encoding="utf-8")
        write(paths["headers"], HeaderDescription("c", self.functions))
        exports.write(paths["exports"], self.target, self.exports, self.left_out, self.prototypes)
        outputs = [f"--{kind}={paths[kind]}" for kind in ("json", "text", "surface")]
        inputs = [f"--wasm={paths['m.wasm']}", f"--headers={paths['headers']}", f"--exports={paths['exports']}"]
        sandbox_report.main([*inputs, *outputs, f"--target={self.target}", *self.arguments, *arguments])
        page = [f"--report={paths['json']}", f"--wasm={paths['m.wasm']}", f"--output={folder / 'page.html'}"]
        report_page.main([*page, *([f"--map={paths['m.map']}"] if with_map else [])])
        return (folder / "page.html").read_bytes().decode("ascii")

    def report(self, folder: Path) -> dict[str, object]:
        """The JSON that the page was made from."""
        found = json.loads((folder / "json").read_text())
        assert isinstance(found, dict)
        return found


def declared(name: str, signature: str = "void (void)") -> Function:
    """A function as a header declares it."""
    return Function(name, name, "lib.h", 1, signature, "C", False, False, False, [], [])


def library(word: str = "") -> Source:
    """say calls write_all, which calls fd_write; look calls what a pointer says, and write_all is in the table.

    `word` is added to every name that a library can choose.
    """
    linked = Linked((WASI, "fd_write"))
    source = Source(linked)
    in_map = "".join(word.splitlines())
    by_pointer = b"\x41\0\x11" + wb.encode_unsigned(linked.made.type(wb.VOID)) + b"\0"
    linked.function("write_all" + word, f"bin/lib.a(out{in_map}.o)", ZEROS + wb.call(0) + b"\x1a", in_map=in_map)
    linked.function("say" + word, "bin/lib.a(api.o)", wb.call(1), export="say" + word, in_map=in_map)
    linked.function("look" + word, "bin/lib.a(api.o)", by_pointer, export="look" + word, in_map=in_map)
    linked.function("quiet" + word, "bin/lib.a(api.o)", export="quiet" + word, in_map=in_map)
    linked.allocator()
    linked.made.add_elements([1])
    source.functions = [declared("say" + word), declared("look" + word, f"int (const char *{word})")]
    source.exports = [Export("quiet" + word, "quiet" + word, answered=f"its calls for files fail{word}")]
    source.left_out = [
        LeftOut("open" + word, "lib.h", "refused_import", f"it can reach path_open{word}", ["path_open"])
    ]
    return source


def hostile(word: str) -> Source:
    """The same, and everything else that a library or its BUILD file can name."""
    source = library(word)
    made = source.linked.made
    tool = wb.encode_name("clang" + word) + wb.encode_name(word)
    made.customs.append(wb.custom("producers", b"\1" + wb.encode_name("processed-by") + b"\1" + tool))
    made.customs.append(wb.custom("target_features", wb.vector([b"+" + wb.encode_name("f" + word)])))
    made.add_export("v" + word, "global", made.add_global())
    trap = made.add_function(code=b"\0", name=f"signature_mismatch:p{word}")
    assert trap
    source.prototypes = [Difference("p" + word, [Use("() -> ()" + word, "a.o" + word, False)])]
    source.arguments = [f"--dropped-flag=//x:y{word}\t-f{word}", f"--module-name=m{word}", "--tool", "t" + word, word]
    source.target = "//x:y" + word
    return source
