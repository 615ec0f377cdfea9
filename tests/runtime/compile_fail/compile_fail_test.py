import os
from pathlib import Path

import pytest
from cases import read_topics
from compile import Compiler

KIND = os.environ["COMPILER_KIND"]

TOPICS = read_topics([Path(path) for path in os.environ["TOPICS"].split()])

MISUSES = [(topic, case) for topic in TOPICS for case in topic.cases]

# How much a compiler prints about one misuse, without the excerpts of code below each line. What it adds to the
# sentence is the way from the user's line to the framework; overloads that it considered would be hundreds of lines.
MOST_LINES = 15
MOST_ERRORS = 2
LOUD = {
    # an #error about the language, after which nothing is sensible
    ("gcc", "old_language"),
    ("clang", "old_language"),
    # every line of the macro is wrong there
    ("gcc", "load_in_namespace"),
    ("clang", "load_in_namespace"),
    # clang lists the operators of std::ostream, whichever of them is chosen
    ("clang", "print_tainted"),
}


@pytest.fixture(scope="session")
def compiler(tmp_path_factory):
    flags = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()
    command = [str(Path(os.environ["COMPILER"]).absolute()), "-I.", *flags]
    return Compiler(KIND, command, tmp_path_factory.mktemp("precompiled"))


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.source.stem)
def test_what_is_recommended_compiles(compiler, topic):
    outcome = compiler.compile(topic)
    assert outcome.compiled, outcome.output


@pytest.mark.parametrize(("topic", "case"), MISUSES, ids=[case.name for _, case in MISUSES])
def test_misuse_is_explained_by_the_first_error(compiler, topic, case):
    outcome = compiler.compile(topic, case)
    assert not outcome.compiled, "the misuse compiles"
    assert case.sentences[KIND] in outcome.errors[0], outcome.output
    if (KIND, case.name) not in LOUD:
        assert len(outcome.errors) <= MOST_ERRORS, outcome.output
        assert len(outcome.messages) <= MOST_LINES, outcome.output
