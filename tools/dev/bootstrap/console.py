"""What the set-up tells its user: progress and errors, one line each, on stderr."""

import sys

WAY_OUT = "install Bazelisk or Bazel >= 7 (https://bazel.build/install), or set BAZEL_REAL to a Bazel"
"""The way out that always helps: have a Bazel."""


class SetupError(Exception):
    """A failure that the user is told of, with what to do about it."""

    def __init__(self, what: str, way_out: str) -> None:
        """Says `what` is wrong and, behind "To fix: ", the `way_out`; neither ends with a full stop."""
        super().__init__(f"{what}. To fix: {way_out}")


_speaker = "tools/bazel"


def speak_as(program: str) -> None:
    """Begins the lines of `say` with the name of another program than tools/bazel."""
    global _speaker  # a program has one name
    _speaker = program


def say(text: str) -> None:
    """Prints one line of progress."""
    print(f"{_speaker}: {text}", file=sys.stderr, flush=True)
