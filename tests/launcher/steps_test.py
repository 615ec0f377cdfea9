"""Single steps of the set-up."""

from __future__ import annotations

from pathlib import Path

import fake_packages
import pytest
from bootstrap import apt, assemble, debian, jars, modules, relocate, unpack
from bootstrap.console import SetupError

AMD64 = debian.ARCHITECTURES["amd64"]


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        ("", "it does not say why"),
        ("\n  \n", "it does not say why"),
        ("plain\nmore\n", "plain"),
        ("Reading...\nW: late\nE: broken.\nE: second\n", "broken"),
        ("Reading...\nW: late...\n", "late"),
    ],
)
def test_the_cause_of_a_failure(log: str, expected: str) -> None:
    assert apt.cause(log) == expected


def test_wanted_packages() -> None:
    wanted = debian.wanted_packages([*fake_packages.DEPENDS["bazel-bootstrap"], "patchelf"], "openjdk-99-jre-headless")
    assert wanted[:8] == [
        "bazel-bootstrap",
        "openjdk-99-jre-headless",
        "bazel-bootstrap-data",
        "bazel-rules-cc",
        "libabsl20990101",
        "libc6",
        "zlib1g",
        "patchelf",
    ]
    assert len(wanted) == len(set(wanted))
    assert not {"build-essential", "default-jdk-headless", "zlib1g-dev"} & set(wanted)


def test_packages_are_split_evenly(tmp_path: Path) -> None:
    packages = []
    for number, size in enumerate((10, 1, 5, 4, 2)):
        packages.append(tmp_path / str(number))
        packages[-1].write_bytes(bytes(size))
    groups = unpack.split(packages, 2)
    assert [[path.stat().st_size for path in group] for group in groups] == [[10, 1], [5, 4, 2]]
    assert unpack.split([], 2) == [[], []]


def test_folders_are_merged(tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    for path in (source / "both/deep/a", source / "own/b", target / "both/deep/c", target / "other/d"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(path.name)
    (source / "link").symlink_to("both")
    unpack.merge(source, target)
    assert not source.exists()
    files = sorted(str(path.relative_to(target)) for path in target.rglob("*") if not path.is_dir())
    assert files == ["both/deep/a", "both/deep/c", "other/d", "own/b"]
    assert (target / "link").is_symlink()


def test_the_class_path_of_a_jar(tmp_path: Path) -> None:
    jar = tmp_path / "x.jar"
    names = [f"/usr/share/java/a-rather-long-name-{number}.jar" for number in range(5)]
    jar.write_bytes(fake_packages.jar(" ".join(names)))
    assert jars.class_path_of(jar) == [Path(name).name for name in names]
    jar.write_bytes(fake_packages.jar())
    assert jars.class_path_of(jar) == []
    jar.write_text("no jar")
    assert jars.class_path_of(jar) == []


def test_jars_come_after_what_they_need(tmp_path: Path) -> None:
    for name, needs in (("a", "/x/b.jar c.jar"), ("b", "c.jar missing.jar"), ("c", "a.jar"), ("d", ""), ("e", "")):
        (tmp_path / f"{name}.jar").write_bytes(fake_packages.jar(needs))
    order = jars.in_dependency_order(["d.jar", "a.jar", "missing.jar", "c.jar"], tmp_path)
    assert [jar.name for jar in order] == ["d.jar", "c.jar", "b.jar", "a.jar"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ('module(name = "rules_x", version = "1")', "rules_x"),
        (
            "# comment\n\"doc\"\n\nmodule(\n    version = '1',\n    name = 'rules_y',\n)\nbazel_dep(name = 'z')",
            "rules_y",
        ),
        ('module()\nbazel_dep(name = "z")', ""),
        ("", ""),
    ],
)
def test_the_name_of_a_module(tmp_path: Path, text: str, name: str) -> None:
    assert modules.module_name(tmp_path) == ""
    (tmp_path / "MODULE.bazel").write_text(text)
    assert modules.module_name(tmp_path) == name


def test_modules(tmp_path: Path) -> None:
    for folder, name in (("install/rules/cc", "rules_cc"), ("install/tools/skylib", "bazel_skylib")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "MODULE.bazel").write_text(f'module(name = "{name}")')
    (tmp_path / "install/tools/plain").mkdir()
    modules.place_modules(tmp_path, Path("/final"))
    options = [line for line in (tmp_path / "modules.bazelrc").read_text().splitlines() if line[:1] != "#"]
    assert options == [
        "common --override_module=apple_support=/final/modules/apple_support",
        "common --override_module=bazel_skylib=/final/install/tools/skylib",
        "common --override_module=buildozer=/final/modules/buildozer",
        "common --override_module=protobuf=/final/modules/protobuf",
        "common --override_module=rules_cc=/final/install/rules/cc",
        "common --override_module=zlib=/final/modules/zlib",
        "common --noenable_workspace",
        "common --lockfile_mode=off",
    ]
    # Or Bazel would refuse to override a module that nothing depends on.
    assert (tmp_path / "modules/apple_support/MODULE.bazel").read_text() == (
        'module(name = "apple_support", version = "0")\n'
        'bazel_dep(name = "rules_cc", version = "0")\n'
        'bazel_dep(name = "bazel_skylib", version = "0")\n'
    )
    # Or `bazel query` would end at Bazel's own launcher, which depends on it.
    assert 'name = "zlib",' in (tmp_path / "modules/zlib/BUILD.bazel").read_text()
    assert (tmp_path / "modules/protobuf/BUILD.bazel").read_text() == ""


def test_links_that_lead_out_of_a_folder(tmp_path: Path) -> None:
    folder = tmp_path / "usr/share/x"
    folder.mkdir(parents=True)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/settings").write_text("set")
    (tmp_path / "usr/program").write_text("run")
    (folder / "file").write_text("file")
    (folder / "inside").symlink_to("file")
    (folder / "absolute").symlink_to("/etc/settings")
    (folder / "relative").symlink_to("../../program")
    (folder / "nothing").symlink_to("/no/such/file")
    (folder / "folder").symlink_to("/etc")
    assemble.resolve_links(folder, tmp_path)
    found = {path.name: (path.is_symlink(), path.read_text()) for path in folder.iterdir()}
    assert found == {
        "file": (False, "file"),
        "inside": (True, "file"),
        "absolute": (False, "set"),
        "relative": (False, "run"),
    }


def test_the_loader_is_found_wherever_a_release_has_it(tmp_path: Path) -> None:
    with pytest.raises(SetupError):
        assemble.loader(tmp_path, AMD64)
    for name in ("lib64", "usr/lib64", "usr/lib/x86_64-linux-gnu"):
        folder = tmp_path / name
        folder.mkdir(parents=True)
        (folder / AMD64.loader).touch()
        assert assemble.loader(tmp_path, AMD64) == folder / AMD64.loader
    command = relocate.patchelf_command(tmp_path, AMD64)
    assert command == [
        f"{tmp_path}/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2",
        "--library-path",
        f"{tmp_path}/usr/lib/x86_64-linux-gnu:{tmp_path}/usr/lib64:{tmp_path}/lib64:{tmp_path}/usr/lib",
        f"{tmp_path}/usr/bin/patchelf",
    ]


def test_without_programs_there_is_nothing_to_relocate(tmp_path: Path) -> None:
    relocate.relocate(tmp_path, Path("/final"), AMD64, ["/no/such/patchelf"])


def test_the_machines_settings_of_apt(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "auth.conf").touch()
    dump = 'Acquire::http::Proxy "a";\nAcquire::Retries "9";\nAcquire::https::CaInfo "b";\nDir "/";\n'
    shell = f"FILE='{tmp_path}/auth.conf'\nFOLDER='{tmp_path}/missing'\n"

    def run(*command: str) -> object:
        return type("Result", (), {"stdout": dump if "dump" in command else shell})

    monkeypatch.setattr(apt, "run", run)
    assert apt.machine_settings() == [
        'Acquire::http::Proxy "a";',
        'Acquire::https::CaInfo "b";',
        f'Dir::Etc::netrc "{tmp_path}/auth.conf";',
    ]


def test_the_architecture_without_dpkg(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr("platform.machine", lambda: "mips")
    with pytest.raises(SetupError, match="architecture mips"):
        debian.architecture()


def test_the_keyring(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv("BAZEL_BOOTSTRAP_KEYRING", raising=False)
    monkeypatch.setattr(debian, "KEYRINGS", (tmp_path / "a", tmp_path / "b"))
    with pytest.raises(SetupError) as error:
        debian.keyring()
    assert str(error.value).startswith("Debian's archive keys are not on this machine. To fix: install the package")
    (tmp_path / "b").touch()
    assert debian.keyring() == tmp_path / "b"
