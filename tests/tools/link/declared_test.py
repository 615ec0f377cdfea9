"""Tests of tools/link/declared.py: a module that cannot throw does not say that it may."""

import pytest
import wasm_builder as wb
from link.declared import without_feature
from linked_library import Linked


def features(*names):
    return wb.custom("target_features", wb.vector(b"+" + wb.encode_name(name) for name in names))


def library(*names):
    linked = Linked().allocator()
    linked.made.customs.append(features(*names))
    return linked


def test_a_module_without_exceptions(tmp_path):
    linked = library("bulk-memory", "exception-handling", "sign-ext")
    linked.check(tmp_path, "--export-all")
    expected = library("bulk-memory", "sign-ext").made.build()
    assert (tmp_path / "out.wasm").read_bytes() == expected


def test_a_module_with_exceptions(tmp_path):
    linked = library("exception-handling")
    linked.made.add_tag((["i32"], []))
    linked.check(tmp_path, "--export-all")
    assert (tmp_path / "out.wasm").read_bytes() == linked.made.build()


@pytest.mark.parametrize("names", [[], ["bulk-memory"]])
def test_nothing_to_take_out(names):
    made = library(*names).made
    assert without_feature(made.build(), "exception-handling") == made.build()


def test_other_sections_stay():
    made = library("exception-handling").made
    made.customs += [wb.custom("other", b"exception-handling"), features("exception-handling", "simd128")]
    expected = library().made
    expected.customs += [wb.custom("other", b"exception-handling"), features("simd128")]
    assert without_feature(made.build(), "exception-handling") == expected.build()
