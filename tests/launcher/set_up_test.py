"""A whole set-up, with packages that the test makes."""

from __future__ import annotations

import platform
import re
import time

from fake_machine import ARCHITECTURE, MIRROR, Machine


def test_a_set_up_tells_what_it_does(debian: Machine) -> None:
    old = debian.bazel("4.2.3")
    result = debian.run("build", "//a")
    assert result.returncode == 0
    lines = [line.removeprefix("tools/bazel: ") for line in result.stderr.splitlines()]
    certificates = debian.folder / "certificates.pem"
    assert lines[:-1] == [
        f"no Bazel >= 7 found ({old} is 4.2.3); setting one up in {debian.copy}, once (about 100 MB to download)",
        "reading Debian forky's package list",
        f"downloading Bazel 7.7.1+ds-8 and openjdk-99-jre-headless ({len(list((debian.debian / 'packages').iterdir()))} packages)",
        "unpacking 0 MB",
        "putting the copy together",
        f"note: there is no {certificates}: Bazel can download nothing over HTTPS until there is",
    ]
    assert re.fullmatch(r"bazel 7\.7\.1 is set up \(\d+ s, \d+ MB\)", lines[-1])


def test_the_second_run_uses_the_copy_and_starts_no_python(debian: Machine) -> None:
    assert debian.run("--version").returncode == 0
    (debian.path / "python3").unlink()
    start = time.monotonic()
    result = debian.run("--version")
    assert (result.returncode, result.stdout, result.stderr) == (0, "bazel 7.7.1\n", "")
    assert time.monotonic() - start < 1
    assert debian.run("--version", BAZEL_BOOTSTRAP="never").returncode == 0


def test_the_layout_of_a_copy(debian: Machine) -> None:
    assert debian.run("--version").returncode == 0
    copy = debian.copy
    assert copy.name == f"v4-{platform.machine()}"
    assert sorted(path.name for path in debian.copies.iterdir()) == ["lock", copy.name]
    files = sorted(str(path.relative_to(copy)) for path in copy.rglob("*") if not path.is_dir())
    assert files == [
        ".complete",
        "bin/bazel",
        "install/A-server.jar",
        "install/bazel_classpath_debian_depends.txt",
        "install/build-label.txt",
        "install/embedded_tools/a.cc",
        "install/embedded_tools/b.cc",
        "install/linux-sandbox",
        "install/rules/cc/BUILD",
        "install/rules/cc/MODULE.bazel",
        "jars/grpc-api.jar",
        "jars/gson.jar",
        "jars/label/build-data.properties",
        "jre/bin/java",
        "jre/conf/net.properties",
        "jre/lib/server/libjvm.so",
        f"lib/{ARCHITECTURE.loader}",
        "lib/libc.so.6",
        "lib/libnss_dns.so.2",
        "modules.bazelrc",
        "modules/apple_support/BUILD.bazel",
        "modules/apple_support/MODULE.bazel",
        "modules/buildozer/BUILD.bazel",
        "modules/buildozer/MODULE.bazel",
        "modules/buildozer/buildozer_binary.bzl",
        "modules/protobuf/BUILD.bazel",
        "modules/protobuf/MODULE.bazel",
        "modules/zlib/BUILD.bazel",
        "modules/zlib/MODULE.bazel",
    ]
    assert not (copy / "install/linux-sandbox").is_symlink()
    assert (copy / "jars/label/build-data.properties").read_text() == "build.label=7.7.1\n"
    assert (copy / "install/bazel_classpath_debian_depends.txt").read_text() == (
        f"{copy}/jars/label/\n{copy}/jars/gson.jar\n{copy}/jars/grpc-api.jar\n"
    )
    assert (copy / ".complete").read_text() == "bazel 7.7.1\n"
    rc = (copy / "modules.bazelrc").read_text()
    assert f"common --override_module=rules_cc={copy}/install/rules/cc\n" in rc
    assert f"common --override_module=zlib={copy}/modules/zlib\n" in rc
    assert "common --noenable_workspace\n" in rc


def test_programs_get_the_loader_and_the_libraries_of_the_copy(debian: Machine) -> None:
    assert debian.run("--version").returncode == 0
    (call,) = debian.calls("patchelf")
    copy = debian.copy
    start = f"patchelf --set-interpreter {copy}/lib/{ARCHITECTURE.loader} --force-rpath --set-rpath "
    libraries = f"{copy}/lib:{copy}/jre/lib:{copy}/jre/lib/server "
    assert call.startswith(start + libraries)
    # The one ELF program that the packages of the test have.
    (program,) = call[len(start + libraries) :].split()
    assert program.endswith("/install/linux-sandbox")


def test_apt_is_given_a_state_of_its_own_and_the_machines_proxy(debian: Machine) -> None:
    config = debian.debian / "config"
    (debian.path / "cp").symlink_to("/bin/cp")
    text = (debian.path / "apt-cache").read_text().replace("exec", f'cp "$APT_CONFIG" "{config}"\nexec', 1)
    (debian.path / "apt-cache").write_text(text)
    assert debian.run("--version").returncode == 0
    options = dict(line.split(" ", 1) for line in config.read_text().splitlines())
    assert options["Acquire::http::Proxy"] == '"fake:/proxy";'
    assert options["Acquire::Languages"] == '"none";'
    assert str(debian.copies) in options["Dir::State::status"]
    assert options["Dir::Etc::sourceparts"] == '"/dev/null";'


def test_the_folder_for_copies(debian: Machine) -> None:
    assert debian.run("--version", XDG_CACHE_HOME=str(debian.folder / "xdg")).returncode == 0
    assert (debian.folder / "xdg" / "bazel-bootstrap").is_dir()
    both = {"XDG_CACHE_HOME": "/nowhere", "HOME": "/nowhere", "BAZEL_BOOTSTRAP_DIR": "relative/dir"}
    assert debian.run("--version", **both).returncode == 0
    (copy,) = (debian.folder / "relative" / "dir").glob("v4-*")
    assert str(copy) in (copy / "modules.bazelrc").read_text()
    assert not debian.copies.exists()


def test_a_copy_of_another_layout_is_not_used(debian: Machine) -> None:
    old = debian.copies / f"v1-{platform.machine()}"
    (old / "bin").mkdir(parents=True)
    (old / ".complete").touch()
    debian.script("bazel", "echo old", old / "bin")
    assert debian.run("--version").stdout == "bazel 7.7.1\n"
    assert (old / "bin" / "bazel").exists()


def test_a_copy_without_its_client_is_made_again(debian: Machine) -> None:
    assert debian.run("--version").returncode == 0
    (debian.copy / "bin" / "bazel").unlink()
    assert debian.run("--version").stdout == "bazel 7.7.1\n"
    assert len(debian.calls("apt-get -qq download")) == 2


def test_the_first_suite_with_a_new_enough_bazel_is_taken(debian: Machine) -> None:
    debian.settings["suites"] = {
        "old": {"versions": {"bazel-bootstrap": "4.2.3+ds-11"}},
        "empty": {"versions": {}},
        "new": {"versions": {"bazel-bootstrap": "10.1.0"}},
    }
    debian.save_settings()
    result = debian.run("--version", BAZEL_BOOTSTRAP_SUITES="missing old empty new")
    assert result.returncode == 0
    assert "downloading Bazel 10.1.0" in result.stderr


def test_the_first_mirror_that_works_is_taken(debian: Machine) -> None:
    debian.settings["index_targets"] = ""
    debian.settings["uris"] = (
        "'fake:/dead/dists/bookworm/InRelease' dead_InRelease 0 \n"
        "'fake:/security/dists/bookworm-security/InRelease' security_InRelease 0 \n"
        f"'{MIRROR}/dists/bookworm/InRelease' debian_InRelease 0 \n"
        f"'{MIRROR}/dists/bookworm/main/binary-amd64/Packages.xz' debian_Packages 0 \n"
    )
    debian.save_settings()
    assert debian.run("--version").returncode == 0
    assert debian.run("--version", BAZEL_BOOTSTRAP_DIR="/dev/null/x").returncode == 1


def test_a_mirror_can_be_named(debian: Machine) -> None:
    debian.settings.update(index_targets="", working_mirrors=["fake:/mine"])
    debian.save_settings()
    assert debian.run("--version", BAZEL_BOOTSTRAP_MIRROR="fake:/mine/").returncode == 0


def test_a_package_list_past_its_date_is_used_and_said(debian: Machine) -> None:
    debian.settings["suites"]["forky"]["expired"] = True
    debian.save_settings()
    result = debian.run("--version")
    assert result.returncode == 0
    note = f"tools/bazel: note: the package list of {MIRROR} forky is signed, but past its date\n"
    assert note in result.stderr
