import sys

import pytest
from cases import read_topic
from compile import Compiler, split_errors

MISUSES = """\
// Title

// expect: first
void one() {
#ifdef MISUSE_one
  wrong();
#else
#endif
}

// expect: second
void two() {
#ifdef MISUSE_two
  wrong();
#else
#endif
}
"""

GCC = """\
topic.cpp: In function 'void one()':
topic.cpp:6:3: error: first
    6 |   wrong();
      |   ^~~~~
topic.cpp:5:3: note: declared here
In file included from topic.cpp:1:
a.hpp: In instantiation of 'int f<int>()':
topic.cpp:14:3:   required from here
a.hpp:3:4: error: static assertion failed: second
topic.cpp:1:1: note: because of this
"""

CLANG = """\
topic.cpp:6:3: error: first
    6 |   wrong();
topic.cpp:5:3: note: declared here
In file included from topic.cpp:1:
a.hpp:3:4: error: static assertion failed: second
topic.cpp:14:3: note: in instantiation of function template specialization 'f<int>' requested here
2 errors generated.
"""


@pytest.mark.parametrize("output", [GCC, CLANG], ids=["gcc", "clang"])
def test_errors_are_told_apart(output):
    first, second = split_errors(output)
    assert "error: first" in first and "declared here" in first
    assert "error: static assertion failed: second" in second and "topic.cpp:14:3:" in second


@pytest.fixture
def topic(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "topic.cpp").write_text(MISUSES, encoding="utf-8")
    return read_topic((tmp_path / "topic.cpp").relative_to(tmp_path))


def compiler(tmp_path, kind, output):
    """A compiler that says the same each time."""
    (tmp_path / "said").write_text(output, encoding="utf-8")
    program = "import sys; text = open('said').read(); sys.stderr.write(text); sys.exit('error: ' in text)"
    return Compiler(kind, [sys.executable, "-c", program], tmp_path)


@pytest.mark.parametrize(("kind", "output"), [("gcc", GCC), ("clang", CLANG)])
def test_each_error_belongs_to_the_misuse_that_it_leads_to(tmp_path, topic, kind, output):
    outcomes = compiler(tmp_path, kind, output).compile_together(topic, topic.cases)
    assert {name: outcome.errors for name, outcome in outcomes.items()} == {
        "one": ["first"],
        "two": ["static assertion failed: second"],
    }
    assert len(outcomes["one"].messages) <= 3


def test_a_misuse_without_an_error_compiles(tmp_path, topic):
    only = GCC.partition("In file included")[0]
    outcomes = compiler(tmp_path, "gcc", only).compile_together(topic, topic.cases)
    assert [outcomes["one"].compiled, outcomes["two"].compiled] == [False, True]


@pytest.mark.parametrize(
    "more", ["other.cpp:1:2: error: nobody's\n", "topic.cpp:1:2: error: of no misuse\n", "cc1plus: out of memory\n"]
)
def test_an_error_that_is_nobodys_makes_the_run_worthless(tmp_path, topic, more):
    assert compiler(tmp_path, "gcc", more + GCC).compile_together(topic, topic.cases) == {}
