"""Libraries as wasm-ld would have linked them, for tests of what is said about them."""

import pytest
import wasm_builder as wb
from link import check_module
from tool_main import ToolError
from wasm.abi import WASI
from wasm.module import WasmModule, parse
from wasm.wasi_functions import SIGNATURES


class Linked:
    """A library as wasm-ld would have linked it, with its map and its objects."""

    def __init__(self, *imports, memory=True, table=True):
        self.made = wb.library(imported_memory=memory, imported_table=table)
        for module, name in imports:
            signature = SIGNATURES.get(name, wb.VOID) if module == WASI else wb.VOID
            index = self.made.add_import(module, name, "function", signature)
            if module == "env":
                self.made.names[index] = name
        self.places = []
        self.objects = {}

    def function(self, name, path, code=b"", *, export=None, signature=wb.VOID, in_map=None):
        index = self.made.add_function(signature, code, name=name, export=export)
        self.places.append((path, in_map or name))
        return index

    def allocator(self):
        self.function("malloc", "sysroot/libc.a(m.o)", b"\x41\0", export="malloc", signature=wb.MALLOC)
        self.function("free", "sysroot/libc.a(m.o)", export="free", signature=wb.FREE)
        return self

    def object(self, path, *symbols):
        self.objects[path] = wb.object_file(symbols)

    def map_text(self):
        """What `wasm-ld --Map` writes: one line for each function, and one for each of its symbols."""
        lines = ["    Addr      Off     Size Out     In      Symbol", f"{'-':>8} {8:8x} {5:8x} TYPE"]
        lines += [f"{'-':>8} {0x100:8x} {0x200:8x} CODE"]
        offset = 0x100 + len(wb.encode_unsigned(len(self.made.bodies)))
        for (path, name), content in zip(self.places, self.made.bodies):
            head = f"{'-':>8} {offset:8x} {len(content):8x} "
            lines += [f"{head}        {path}:({name})", f"{head}                {name}"]
            offset += len(content)
        lines += [f"{1024:8x} {0x300:8x} {5:8x} DATA", f"{1024:8x} {0x101:8x} {5:8x}         a.o:(.data)", "not a line"]
        return "\n".join(lines) + "\n"

    def check(
        self, tmp_path, *arguments, exports=(), allow=(), memory="imported", table="imported", files=True
    ) -> WasmModule:
        """Runs the check; returns the module that it wrote."""
        data = self.made.build()
        (tmp_path / "in.wasm").write_bytes(data)
        (tmp_path / "in.map").write_text(self.map_text())
        command = ["--wasm", str(tmp_path / "in.wasm"), "--output", str(tmp_path / "out.wasm"), "--target", "//x:y"]
        command += ["--memory", memory, "--table", table]
        command += [f"--export={name}" for name in exports]
        command += [f"--allow-import={name}" for name in allow]
        if files:
            command += ["--map", str(tmp_path / "in.map")]
            for path, content in self.objects.items():
                place = tmp_path / path
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(content)
                command += ["--object", str(place)]
        check_module.main([*command, *arguments])
        return parse((tmp_path / "out.wasm").read_bytes())

    def error(self, tmp_path, *arguments, **kwargs):
        # The map names objects as they were on the linker's command line, here with tmp_path before them.
        self.places = [(str(tmp_path / p) if p.startswith("bin/") else p, name) for p, name in self.places]
        with pytest.raises(ToolError) as error:
            self.check(tmp_path, *arguments, **kwargs)
        assert not (tmp_path / "out.wasm").exists()
        message = str(error.value)
        assert message.startswith("//x:y: ") and message.isprintable()
        return message[len("//x:y: ") :]
