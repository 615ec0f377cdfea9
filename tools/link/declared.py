"""Takes what a module does not use out of its target_features section.

Everything is compiled so that it may call setjmp, which has the compiler declare exception-handling in each object, and
the linker in each module. A module without a tag can neither throw nor catch, so it says nothing about exceptions: it is
the module that it would be if setjmp did not exist.
"""

from __future__ import annotations

from typing import Optional

from wasm.module import MAGIC
from wasm.reader import Reader, encode_name, encode_unsigned

_SECTION = "target_features"


def without_feature(data: bytes, feature: str) -> bytes:
    """The bytes `data` of a module, where the target_features sections do not name `feature`."""
    reader = Reader(data, len(MAGIC))
    out, kept = [], 0
    while reader.left():
        start = reader.pos
        identifier = reader.byte()
        part = reader.part(reader.u32())
        if identifier == 0 and part.name() == _SECTION:
            content = _entries_without(part, feature)
            if content is not None:
                content = encode_name(_SECTION) + content
                out += [data[kept:start], b"\0", encode_unsigned(len(content)), content]
                kept = reader.pos
    return b"".join([*out, data[kept:]])


def _entries_without(reader: Reader, feature: str) -> Optional[bytes]:
    """The section's content without the feature; None if it is not there."""
    count = reader.u32()
    entries = []
    for _ in range(count):
        prefix, name = reader.take(1), reader.name()
        if name != feature:
            entries.append(prefix + encode_name(name))
    return encode_unsigned(len(entries)) + b"".join(entries) if len(entries) < count else None
