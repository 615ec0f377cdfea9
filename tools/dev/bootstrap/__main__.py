"""The command line of the set-up, for tools/bazel."""

import argparse
import signal
import sys
from pathlib import Path
from types import FrameType
from typing import NoReturn, Optional

from bootstrap import set_up, trust_store
from bootstrap.console import SetupError, say


def _stop(number: int, _frame: Optional[FrameType]) -> NoReturn:
    raise SystemExit(128 + number)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="bootstrap", description=__doc__, allow_abbrev=False)
    commands = parser.add_subparsers(dest="command", required=True)
    new = commands.add_parser("set-up", help="make a copy of Bazel")
    new.add_argument("--copy", type=Path, required=True, help="the folder of the copy")
    new.add_argument("--why", required=True, help="what to tell the user before it")
    store = commands.add_parser("trust-store", help="make the trust store of a copy again")
    store.add_argument("--copy", type=Path, required=True, help="the folder of the copy")
    store.add_argument("--certificates", type=Path, required=True, help="a PEM file")
    return parser


def main() -> int:
    """Runs one command and returns the exit code."""
    arguments = _parser().parse_args()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        # An exception, so that temporary files are removed on the way out.
        signal.signal(number, _stop)
    if arguments.command == "trust-store":
        return _renew_trust_store(arguments.copy, arguments.certificates)
    try:
        set_up.set_up(arguments.copy, arguments.why)
    except SetupError as error:
        say(f"error: {error}")
        return 1
    return 0


def _renew_trust_store(copy: Path, certificates: Path) -> int:
    try:
        trust_store.write(copy, certificates)
    except SetupError as error:
        # Bazel can do without, as long as it downloads nothing.
        say(f"warning: the certificates of Bazel's Java are out of date: {error}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
