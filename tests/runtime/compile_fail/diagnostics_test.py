import os
import re
from pathlib import Path

import pytest
from cases import CaseError, read_topic, read_topics
from diagnostics import document

TOPICS = read_topics([Path(path) for path in os.environ["TOPICS"].split()])

# Diagnoses behind others, which say it in the words of the user's code.
UNREACHABLE = {
    "RLBox: C variadic functions cannot cross the sandbox boundary.",
    "RLBox: an array can only be converted to an array.",
    "RLBox: arrays of different sizes cannot be converted to each other.",
    "RLBox: arrays of pointers need a conversion that knows their sandbox.",
    "RLBox: integers of more than 64 bits cannot be passed by value.",
    "RLBox: only numbers, enums and arrays of them can be converted here.",
    "RLBox: the function's declaration and the library have different numbers of parameters. "
    "Is the header of the same version as the library?",
    "RLBox: this type cannot be passed to or from a sandboxed function.",
    "RLBox: this type has no representation in the sandbox.",
    "RLBox: volatile application types are not supported; remove volatile from the pointee. "
    "Access to sandbox memory is volatile anyway.",
}

_CALL = re.compile(r"(?:static_assert|rlbox_detail_static_fail_because|RLBOX_DETAIL_DELETE_BECAUSE)\s*\(")
_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"')


def _statement(text, start):
    """From the bracket before `start` to the one that closes it; strings are skipped."""
    depth, position = 1, start
    while depth:
        if literal := _LITERAL.match(text, position):
            position = literal.end()
            continue
        depth += {"(": 1, ")": -1}.get(text[position], 0)
        position += 1
    return text[start : position - 1]


def sentences(text):
    """What the diagnoses of a header say."""
    text = re.sub(r"(?m)^\s*//.*$", "", text).replace("\\\n", "\n")
    for call in _CALL.finditer(text):
        said = "".join(_LITERAL.findall(_statement(text, call.end()))).replace('\\"', '"')
        if said.startswith("RLBox"):
            yield said


def test_every_sentence_of_the_framework_has_a_misuse():
    headers = sorted(Path("runtime/include").rglob("*.hpp"))
    assert headers
    expected = [text for topic in TOPICS for case in topic.cases for text in case.sentences.values()]
    missing = {
        f"{header.name}: {said}"
        for header in headers
        for said in sentences(header.read_text(encoding="utf-8"))
        # sentences about a name are put together by macros, of parts
        if said not in UNREACHABLE
        and not any(text in said or said in text for text in expected)
        and not re.match(r"RLBox: (field|struct|sandbox_|rlbox_load_structs_from_library\(\)|\(\):) ", said)
    }
    assert not missing, "add a misuse to tests/runtime/compile_fail for each:\n" + "\n".join(sorted(missing))


def test_there_are_enough_misuses():
    assert sum(len(topic.cases) for topic in TOPICS) >= 100


def test_the_page_has_every_misuse():
    page = document(TOPICS)
    for topic in TOPICS:
        assert f"\n## {topic.title}\n" in page
        for case in topic.cases:
            assert page.count(case.wrong) >= 1


MISUSE = """\
// Title

// What it is about.
// expect: It is
// expect: wrong.
void name() {
#ifdef MISUSE_name
  wrong();
#else
  right();
#endif
}
"""


def test_a_misuse_is_read(tmp_path):
    source = tmp_path / "topic.cpp"
    source.write_text(MISUSE, encoding="utf-8")
    topic = read_topic(source)
    assert (topic.title, topic.fixture) == ("Title", "")
    (case,) = topic.cases
    assert case.name == "name"
    assert case.meaning == "What it is about."
    assert case.sentences == {"gcc": "It is wrong.", "clang": "It is wrong."}
    assert (case.wrong, case.right) == ("wrong();", "right();")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("// expect: It is\n// expect: wrong.\n", "", "topic.cpp:5: misuse name has no // expect:"),
        ("// expect: It is\n// expect: wrong.", "// expect gcc: It is", "needs // expect: ..., or both"),
        ("#else", "", "misuse name needs #else and #endif"),
        ("// Title", "", "needs a title"),
        ("#ifdef MISUSE_name", "#ifdef OTHER", "at least one misuse"),
    ],
)
def test_a_badly_written_misuse_is_refused(tmp_path, old, new, message):
    source = tmp_path / "topic.cpp"
    source.write_text(MISUSE.replace(old, new), encoding="utf-8")
    with pytest.raises(CaseError, match=re.escape(message)):
        read_topic(source)


def test_names_are_unique(tmp_path):
    source = tmp_path / "topic.cpp"
    source.write_text(MISUSE, encoding="utf-8")
    with pytest.raises(CaseError, match="two misuses are called name"):
        read_topics([source, source])
