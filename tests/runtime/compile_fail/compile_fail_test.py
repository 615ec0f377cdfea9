import os
from pathlib import Path

import pytest
from cases import read_topics
from compile import Compiler

# The compilers' paths, by kind: `gcc` and `clang`.
COMPILERS = dict(pair.split("=") for pair in os.environ["COMPILERS"].split())

TOPICS = read_topics([Path(path) for path in os.environ["TOPICS"].split()])

MISUSES = [(kind, topic, case) for kind in COMPILERS for topic in TOPICS for case in topic.cases]

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


# In a run of several misuses, or alone: see compile_fail_alone_test in BUILD.bazel.
ALONE = os.environ.get("ALONE") == "1"


def problem(kind, case, outcome):
    """Why a misuse is not explained as it should be by a compiler; None if it is."""
    if outcome.compiled:
        return "the misuse compiles"
    if case.sentences[kind] not in outcome.errors[0]:
        return "the first error is another"
    if (kind, case.name) not in LOUD:
        if len(outcome.errors) > MOST_ERRORS:
            return f"{len(outcome.errors)} errors"
        if len(outcome.messages) > MOST_LINES:
            return f"{len(outcome.messages)} lines beside the code"
    return None


class Explanations:
    """What the compiler says about each misuse.

    The misuses of a topic are compiled together; those that the run does not explain, together again, without the others;
    and what no run of several explains, alone: that is what counts.
    """

    def __init__(self, compiler):
        self.compiler = compiler
        self.runs = 0
        self.outcomes = {}
        self._topics = set()

    def _explained_together(self, topic, cases):
        while len(cases) > 1:
            self.runs += 1
            outcomes = self.compiler.compile_together(topic, cases)
            explained = [
                case
                for case in cases
                if case.name in outcomes and not problem(self.compiler.kind, case, outcomes[case.name])
            ]
            if not explained:
                return
            for case in explained:
                self.outcomes[case.name] = outcomes[case.name]
            cases = [case for case in cases if case not in explained]

    def of(self, topic, case):
        """What is said about a misuse."""
        if topic.source not in self._topics and not ALONE:
            self._topics.add(topic.source)
            for flags in dict.fromkeys(other.flags for other in topic.cases):
                self._explained_together(topic, [other for other in topic.cases if other.flags == flags])
        if case.name not in self.outcomes:
            self.runs += 1
            self.outcomes[case.name] = self.compiler.compile(topic, [case])
        return self.outcomes[case.name]


@pytest.fixture(scope="session")
def compilers(tmp_path_factory):
    flags = Path(os.environ["FLAGS"]).read_text(encoding="utf-8").split()
    return {
        kind: Compiler(kind, [str(Path(path).absolute()), "-I.", *flags], tmp_path_factory.mktemp(kind))
        for kind, path in COMPILERS.items()
    }


@pytest.fixture(scope="session")
def explanations(compilers, record_testsuite_property):
    made = {kind: Explanations(compiler) for kind, compiler in compilers.items()}
    yield made
    for kind, said in made.items():
        record_testsuite_property(f"runs of {kind} for misuses", said.runs)


@pytest.mark.parametrize("topic", TOPICS, ids=lambda topic: topic.source.stem)
@pytest.mark.parametrize("kind", COMPILERS)
def test_what_is_recommended_compiles(compilers, kind, topic):
    outcome = compilers[kind].compile(topic)
    assert outcome.compiled, outcome.output


@pytest.mark.parametrize(("kind", "topic", "case"), MISUSES, ids=[f"{kind}-{case.name}" for kind, _, case in MISUSES])
def test_misuse_is_explained_by_the_first_error(explanations, kind, topic, case):
    outcome = explanations[kind].of(topic, case)
    assert problem(kind, case, outcome) is None, outcome.output
