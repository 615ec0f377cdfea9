"""Everything that is built comes from a remote cache the second time, and can be built by a remote executor."""

from __future__ import annotations

import hashlib
import pathlib
from http import HTTPStatus

import pytest
import spawns
from clones import EXAMPLES, IN_OPT, Builds, Clone, megabytes
from servers.build_grid import BuildGrid
from servers.http_cache import HttpCache

# The kinds of actions that //examples/... has at least.
_KINDS = {
    "CppArchive (wasm)",
    "CppCompile",
    "CppCompile (wasm)",
    "CppLink",
    "CppLink (wasm)",
    "RlboxCheckModule",
    "RlboxModuleHeader",
    "WasiSysroot",
    "Wasm2c",
}

# The compiler is one program that also links and archives, and its size is what it is.
_COMPILER = "/bin/zig"
_MEGABYTE = 1_000_000


def not_hits(found: list[spawns.Spawn]) -> list[str]:
    return [f"{s.mnemonic} of {s.target}: {s.runner}" for s in found if not s.hit]


def test_the_first_clone_runs_everything_itself(local: Builds, report: list[str]) -> None:
    report += spawns.scenario_table("first clone, HTTP cache, fastbuild with tests and opt", local.all, local.wire)
    assert {s.mnemonic for s in local.all} >= {*_KINDS, "TestRunner"}
    assert {s.runner for s in local.all} <= {"linux-sandbox", "processwrapper-sandbox", "local"}


def test_the_second_clone_gets_everything_over_http(
    local: Builds, fetched: Builds, http: HttpCache, report: list[str]
) -> None:
    report += spawns.scenario_table("second clone, HTTP cache, fastbuild with tests and opt", fetched.all, fetched.wire)
    assert len(fetched.fastbuild) == len(local.fastbuild)
    assert len(fetched.opt) == len(local.opt)
    assert not_hits(fetched.all) == []
    assert spawns.differences(local.all, fetched.all) == []
    assert [request for request in http.requests() if request[0] == "PUT" and request[2] >= 300] == []


def test_strangers_may_not_write(http: HttpCache) -> None:
    path = "/cas/" + hashlib.sha256(b"anything").hexdigest()
    connection = http.client_connection()
    try:
        connection.request("PUT", path, body=b"anything")
        assert connection.getresponse().status == HTTPStatus.UNAUTHORIZED
    finally:
        connection.close()
    assert not (http.files / path[1:]).exists()


def test_what_was_changed_in_the_cache_is_not_used(
    local: Builds, fetched: Builds, elsewhere: Clone, http: HttpCache, report: list[str]
) -> None:
    assert not_hits(fetched.all) == []
    (path, digest), *_ = [
        output for s in local.fastbuild for output in s.outputs.items() if output[0].endswith("/examples/myapp")
    ]
    stored = http.files / "cas" / digest
    right = stored.read_bytes()
    stored.write_bytes(right[:-1] + b"?")
    try:
        elsewhere.clean()
        found = elsewhere.build("build", "--config=cache", "//examples:myapp")
    finally:
        stored.write_bytes(right)
    made = [s for s in found if not s.hit]
    assert [(s.mnemonic, s.target) for s in made] == [("CppLink", "//examples:myapp")]
    assert hashlib.sha256((elsewhere.root / path).read_bytes()).hexdigest() == digest
    report.append("a changed file in the HTTP cache: refused, and made again by its one action")


def test_every_action_runs_remotely(remote: Builds, report: list[str]) -> None:
    report += spawns.scenario_table("second clone, remote execution, fastbuild and opt", remote.all, remote.wire)
    assert {s.mnemonic for s in remote.all} >= _KINDS
    assert [f"{s.mnemonic} of {s.target}: {s.runner}" for s in remote.all if not s.remote] == []


def test_remote_and_local_results_are_the_same_bytes(local: Builds, remote: Builds) -> None:
    """Two workspaces, two output bases and an executor that shares no folder with them."""
    for first, second in ((remote.fastbuild, local.fastbuild), (remote.opt, local.opt)):
        assert spawns.differences(first, second) == []


def test_the_first_clone_gets_everything_over_grpc(
    remote: Builds, here: Clone, grid: BuildGrid, report: list[str]
) -> None:
    here.clean()
    here.set_address("grpcs://reapi.example.com", grid.url)
    options = ["--config=reapi-cache", "--remote_download_all"]
    found = here.build("build", *options, *EXAMPLES)
    found += here.build("build", "--compilation_mode=opt", *options, *IN_OPT)
    wire = f"Bazel received {megabytes(sum(s.output_bytes for s in found))} of outputs"
    report += spawns.scenario_table("first clone, gRPC cache, fastbuild and opt", found, wire)
    assert not_hits(found) == []
    assert spawns.differences(remote.all, found) == []


@pytest.mark.parametrize(("mnemonic", "limit"), [("CppCompile (wasm)", 12), ("CppLink (wasm)", 6), ("Wasm2c", 15)])
def test_inputs_are_few(local: Builds, mnemonic: str, limit: int) -> None:
    for spawn in spawns.mnemonics(local.all)[mnemonic]:
        rest = sum(size for path, size in spawn.inputs.items() if not path.endswith(_COMPILER))
        assert rest <= limit * _MEGABYTE, f"{spawn.target}: {megabytes(rest)} besides the compiler"


def test_no_other_action_has_the_compiler(local: Builds, report: list[str]) -> None:
    report += ["inputs of the largest action of each kind", *spawns.input_table(local.all)]
    users = {s.mnemonic for s in local.all if any(path.endswith(_COMPILER) for path in s.inputs)}
    # The report has the hash of the compiler in it.
    others = {"RlboxReadHeaders", "RlboxSandboxReport", "WasiGuestRuntime", "WasiSysroot"}
    assert users - others == {m for m in _KINDS if m.endswith("(wasm)")}


def test_with_path_mapping_two_modes_share_what_does_not_depend_on_them(
    local: Builds, here: Clone, http: HttpCache, report: list[str]
) -> None:
    kinds = {"RlboxCheckModule", "RlboxModuleHeader", "Wasm2c"}
    assert {s.mnemonic for s in local.all} >= kinds
    options = ["--experimental_output_paths=strip", "//examples:mylib_sandbox"]
    here.clean()
    first = here.build("build", "--config=cache-writer", http.credentials, *options)
    assert {s.mnemonic for s in first if not s.hit} == kinds, "their command lines are others with path mapping"
    here.clean()
    second = here.build("build", "--config=cache", "--compilation_mode=dbg", *options)
    assert not_hits([s for s in second if s.mnemonic in kinds]) == []
    assert {s.mnemonic for s in second} >= kinds
    report.append("with path mapping, dbg takes from fastbuild: " + ", ".join(sorted(kinds)))


def test_inputs_have_relative_paths(local: Builds) -> None:
    for spawn in local.all:
        assert [p for p in (*spawn.inputs, *spawn.outputs) if pathlib.Path(p).is_absolute()] == []
