"""Fetches a wheel by hash: from Bazel's repository cache, from a `--distdir` or through the machine's own pip."""

load(":archive.bzl", "credentials")
load(":pip.bzl", "run_pip")

WHEEL_ATTRS = {
    "package": attr.string(
        doc = "The name of the package that the wheel belongs to, e.g. `ziglang`.",
        mandatory = True,
    ),
    "netrc": attr.string(
        doc = "A netrc file with passwords for the addresses in urls; \"\" for the user's own.",
    ),
    "sha256": attr.string(
        doc = "The wheel's SHA-256, hexadecimal.",
        mandatory = True,
    ),
    "urls": attr.string_list(
        doc = "Addresses to fetch the wheel from instead of asking pip.",
    ),
    "version": attr.string(
        doc = "The package's version, e.g. `0.17.1`.",
        mandatory = True,
    ),
    "wheel": attr.string(
        doc = "The wheel's file name.",
        mandatory = True,
    ),
}

def platform_tag(wheel):
    """Returns the platform that pip is asked for.

    Args:
        wheel: a wheel's file name, `NAME-VERSION-PYTHON-ABI-PLATFORM.PLATFORM....whl`.

    Returns:
        The first of the file's platform tags, e.g. `manylinux_2_12_x86_64`.
    """
    return wheel.removesuffix(".whl").split("-")[-1].split(".")[0]

def wheel_error(*, repository, wheel, what, output = ""):
    """Returns the error text for a wheel that cannot be fetched.

    Args:
        repository: the name of the repository that wants it.
        wheel: the wheel's file name.
        what: what went wrong, a clause.
        output: what pip printed.

    Returns:
        The text for fail().
    """
    lines = [
        "%s: cannot fetch %s: %s." % (repository, wheel, what),
    ] + ["  pip: " + line for line in output.strip().split("\n")[-4:] if line.strip()] + [
        "  Tried: Bazel's repository cache, --distdir, and `python3 -m pip download` with this machine's pip settings.",
        "  To fix: put a python3 with pip on PATH and name an index that pip can reach (pip.conf, PIP_INDEX_URL or PIP_FIND_LINKS),",
        "  or put the file into a folder and pass --distdir=FOLDER.",
    ]
    return "\n".join(lines)

def fetch_wheel(repository_ctx):
    """Fetches the wheel that a repository rule's WHEEL_ATTRS name.

    Args:
        repository_ctx: the repository rule's context.

    Returns:
        The path of the wheel, in the repository's folder. Delete it when it is unpacked.
    """
    attr = repository_ctx.attr

    # A wheel is a zip archive; extract() recognises zip archives by the ending of the name.
    target = "wheel/%s.zip" % attr.wheel

    # Without an address Bazel looks into its repository cache, by hash.
    if repository_ctx.download(url = [], output = target, sha256 = attr.sha256, allow_fail = True).success:
        return repository_ctx.path(target)

    if attr.urls:
        auth = credentials(repository_ctx, attr.urls)
        if repository_ctx.download(url = attr.urls, output = target, sha256 = attr.sha256, auth = auth, allow_fail = True).success:
            return repository_ctx.path(target)

    downloaded, what, output = _pip_download(repository_ctx)

    # download() puts pip's file into the repository cache, so the next workspace needs no pip, and checks the hash again.
    # If pip failed, the address leads nowhere; --distdir still finds a file by the address's last part.
    address = "file://" + str(downloaded) if downloaded else "file:///nonexistent/" + attr.wheel
    if repository_ctx.download(url = address, output = target, sha256 = attr.sha256, allow_fail = True).success:
        return repository_ctx.path(target)
    fail(wheel_error(
        repository = repository_ctx.name,
        wheel = attr.wheel,
        what = what or "the file that pip downloaded has another SHA-256 than the pinned one",
        output = output,
    ))

def _pip_download(repository_ctx):
    """Returns (path or None, what went wrong, what pip printed)."""
    attr = repository_ctx.attr
    repository_ctx.report_progress("downloading %s %s with pip" % (attr.package, attr.version))
    requirements = "wheel/requirements.txt"
    repository_ctx.file(requirements, "%s==%s --hash=sha256:%s\n" % (attr.package, attr.version, attr.sha256), executable = False)
    pip = run_pip(
        repository_ctx,
        "download",
        options = ["--only-binary=:all:", "--platform", platform_tag(attr.wheel), "--dest", "wheel/pip"],
        requirements = requirements,
    )
    if pip.error:
        return None, pip.error, pip.output
    downloaded = repository_ctx.path("wheel/pip/" + attr.wheel)
    if not downloaded.exists:
        return None, "pip downloaded %s instead" % ", ".join([p.basename for p in downloaded.dirname.readdir()]), ""
    return downloaded, None, ""
