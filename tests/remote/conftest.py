"""Fixtures of the remote tests: the servers, two clones, and the builds that several tests look at."""

from __future__ import annotations

import os
import pathlib
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from types import FrameType
from typing import Any, Optional

import pytest
from clones import EXAMPLES, IN_OPT, WITH_TESTS, Builds, Clone, megabytes
from nested_bazel import runfiles_root
from servers import build_grid, http_cache, installation

_report: list[str] = []


def pytest_configure(config: pytest.Config) -> None:
    """Lets servers be stopped when the time of the test is over."""

    def stop(number: int, _frame: Optional[FrameType]) -> None:
        sys.exit(128 + number)

    signal.signal(signal.SIGTERM, stop)


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Prints the tables, also if all is well, and leaves them beside the test's log."""
    for line in _report:
        terminalreporter.write_line(line)
    folder = os.environ.get("TEST_UNDECLARED_OUTPUTS_DIR")
    if folder and _report:
        pathlib.Path(folder, "remote.txt").write_text("".join(f"{line}\n" for line in _report))


@pytest.fixture(scope="session")
def report() -> list[str]:
    """Lines to print at the end."""
    return _report


@pytest.fixture(scope="session")
def installed() -> installation.Installation:
    """The installed servers."""
    try:
        return installation.install()
    except installation.UnsupportedError as error:
        pytest.skip(str(error))


@pytest.fixture(scope="session")
def here(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """The first clone."""
    clone = Clone(tmp_path_factory.mktemp("here"), strange=False)
    yield clone
    clone.stop()


@pytest.fixture(scope="session")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clone]:
    """The second clone, in a deeper folder, of someone else."""
    clone = Clone(tmp_path_factory.mktemp("far") / "away" / "from-here", strange=True)
    yield clone
    clone.stop()


@pytest.fixture(scope="session")
def http(
    installed: installation.Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[http_cache.HttpCache]:
    """A running nginx with the documented configuration."""
    configuration = (runfiles_root() / "docs" / "ci" / "nginx-cache.conf").read_text()
    cache = http_cache.HttpCache(installed, tmp_path_factory.mktemp("nginx"), configuration)
    yield cache
    cache.stop()


@pytest.fixture(scope="session")
def grid(installed: installation.Installation) -> Iterator[build_grid.BuildGrid]:
    """A running BuildGrid with a worker."""
    # The path of a socket may have a hundred characters.
    folder = pathlib.Path(tempfile.mkdtemp(prefix="grid-", dir="/tmp"))
    server = build_grid.BuildGrid(installed, folder)
    try:
        server.start_worker(jobs=2)
        yield server
    finally:
        server.stop()
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def local(here: Clone, http: http_cache.HttpCache) -> Builds:
    """The builds of the first clone: everything runs locally, and fills the HTTP cache."""
    here.set_address("http://cache.example.com:8080", http.url)
    writer = ("--config=cache-writer", http.credentials)
    fastbuild = here.build("test", *writer, *WITH_TESTS)
    opt = here.build("build", "--compilation_mode=opt", *writer, *IN_OPT)
    return Builds(fastbuild, opt, _wire(http, (0, 0)))


@pytest.fixture(scope="session")
def fetched(local: Builds, elsewhere: Clone, http: http_cache.HttpCache) -> Builds:
    """The same builds in the second clone, which may only read the cache."""
    elsewhere.set_address("http://cache.example.com:8080", http.url)
    before = http.traffic()
    fastbuild = elsewhere.build("test", "--config=cache", *WITH_TESTS)
    opt = elsewhere.build("build", "--config=cache", "--compilation_mode=opt", *IN_OPT)
    return Builds(fastbuild, opt, _wire(http, before))


def _wire(http: http_cache.HttpCache, before: tuple[int, int]) -> str:
    received, sent = (now - then for now, then in zip(http.traffic(), before))
    return f"nginx received {megabytes(received)} and sent {megabytes(sent)}"


@pytest.fixture(scope="session")
def remote(elsewhere: Clone, grid: build_grid.BuildGrid) -> Builds:
    """Builds of the second clone, which run on the worker and nowhere else, and fill BuildGrid's cache."""
    elsewhere.clean()
    elsewhere.set_address("grpcs://reapi.example.com", grid.url)
    options = ("--config=reapi", "--jobs=4")
    try:
        fastbuild = elsewhere.build("build", *options, *EXAMPLES)
        opt = elsewhere.build("build", "--compilation_mode=opt", *options, *IN_OPT)
    except AssertionError:
        print(grid.log())
        raise
    return Builds(fastbuild, opt, f"BuildGrid stores {megabytes(grid.stored_bytes())}")
