"""The sources of examples/libraries: a repository rule of the dev-only module extension in extensions.bzl.

A library is fetched when something of it is built, and from the first of its archives that can be had: the project's own
release, Debian's copy of it by way of the machine's apt, or a package by way of the machine's npm. Bazel's repository cache
keeps what came by any of these ways.
"""

load(":shelf_sources.bzl", "SHELF_SOURCES")

_FILE = "archive/"

# Follows the library's own BUILD file.
_ARCHIVED = """
# For a test that makes an archive of libpng's and zlib's.
filegroup(
    name = "archived",
    srcs = glob(
        ["**/*.c", "**/*.h", "**/*.png", "**/*.prebuilt"],
        allow_empty = True,
    ),
    visibility = ["//visibility:public"],
)
"""

# A run of apt or npm may take so many seconds.
_LONGEST = 600

def shelf_error(*, library, package, tried):
    """Returns the error text for a library that cannot be fetched.

    Args:
        library: the library's name.
        package: the package of its example.
        tried: what was tried, and why each did not do: clauses.

    Returns:
        The text for fail().
    """
    return "\n".join([
        "examples/libraries: the sources of %s cannot be fetched." % library,
    ] + ["  tried: " + clause for clause in tried] + [
        "  To fix: let the machine reach one of these; or leave out the targets of //%s." % package,
    ])

def debian_mirrors(printed):
    """Finds mirrors of Debian in what `apt-get --print-uris update` prints.

    Args:
        printed: the text.

    Returns:
        Addresses without a slash at the end, the machine's order. Suites for security updates have no source archives of their own.
    """
    found = {}
    for line in printed.split("\n"):
        parts = line.split("'")
        if len(parts) < 3 or "/dists/" not in parts[1]:
            continue
        mirror = parts[1].split("/dists/")[0]
        if "security" not in mirror:
            found[mirror] = True
    return found.keys()

def _run(repository_ctx, line):
    result = repository_ctx.execute(line, quiet = True, timeout = _LONGEST, working_directory = _FILE)
    return result.stdout + result.stderr if result.return_code else None

def _by_apt(repository_ctx, source, target):
    """Downloads an archive of Debian's with the machine's apt; returns why that failed, None if it worked."""
    apt, config = repository_ctx.which("apt-get"), repository_ctx.which("apt-config")
    if not apt or not config:
        return "the machine has no apt"
    methods = repository_ctx.execute([config, "shell", "FOLDER", "Dir::Bin::methods/d"], quiet = True).stdout
    helper = repository_ctx.path(methods.split("'")[1]).dirname.get_child("apt-helper") if "'" in methods else None
    if not helper or not helper.exists:
        return "the machine's apt has no apt-helper"
    reason = "the machine's apt knows no mirror"
    for mirror in debian_mirrors(repository_ctx.execute([apt, "--print-uris", "update"], quiet = True).stdout):
        address = mirror + "/" + source.debian.replace("~", "%7e").replace("+", "%2b")

        # apt gives up root's rights before it writes a file, unless it is told where these end.
        line = [helper, "-o", "APT::Sandbox::User=", "download-file", address, target, "SHA256:" + source.sha256]
        output = _run(repository_ctx, line)
        if output == None:
            return None
        reason = "%s: %s" % (mirror, output.strip().split("\n")[-1])
    return reason

def _by_npm(repository_ctx, source, target):
    """Downloads a package with the machine's npm; returns why that failed, None if it worked."""
    npm = repository_ctx.which("npm")
    if not npm:
        return "the machine has no npm"
    output = _run(repository_ctx, [npm, "pack", "--silent", "--ignore-scripts", "--pack-destination", target.dirname, source.npm])
    return None if output == None else output.strip().split("\n")[-1]

def _name(source):
    if hasattr(source, "debian"):
        return source.debian.split("/")[-1]
    if hasattr(source, "npm"):
        return source.npm.replace("@", "-") + ".tgz"
    return source.urls[0].split("/")[-1]

def _fetch(repository_ctx, source):
    """Downloads one archive; returns why that failed, None if it worked."""
    target = repository_ctx.path(_FILE + _name(source))
    addresses = getattr(source, "urls", [])
    tried = []
    for way, fetch in [("urls", None), ("debian", _by_apt), ("npm", _by_npm)]:
        if not hasattr(source, way):
            continue
        what = str(getattr(source, way))
        if fetch:
            repository_ctx.report_progress("downloading %s with the machine's own client" % what)
            reason = fetch(repository_ctx, source, target)
            if reason:
                tried.append("%s: %s" % (what, reason))
                continue

            # Bazel checks the hash.
            addresses = ["file://" + str(target)]
        if repository_ctx.download(addresses, _FILE + "checked-" + _name(source), sha256 = source.sha256, allow_fail = True).success:
            return None
        tried.append("%s: no file with the SHA-256 %s" % (what, source.sha256))
    return tried

def _shelf_repository_impl(repository_ctx):
    library = repository_ctx.attr.library
    tried = []
    repository_ctx.file(_FILE + "empty", "", executable = False)
    for source in SHELF_SOURCES[library]:
        failures = _fetch(repository_ctx, source)
        if failures:
            tried += failures
        else:
            repository_ctx.extract(_FILE + "checked-" + _name(source), stripPrefix = source.strip_prefix)
            repository_ctx.delete(_FILE)
            for build in ["BUILD", "BUILD.bazel", "WORKSPACE"]:
                repository_ctx.delete(build)
            repository_ctx.file("BUILD.bazel", repository_ctx.read(repository_ctx.attr.build_file) + _ARCHIVED, executable = False)
            return
    fail(shelf_error(library = library, package = repository_ctx.attr.build_file.package, tried = tried))

shelf_repository = repository_rule(
    implementation = _shelf_repository_impl,
    doc = "The released sources of a library of examples/libraries, with the BUILD file that this repository has for it.",
    attrs = {
        "build_file": attr.label(
            doc = "What becomes its BUILD.bazel.",
            allow_single_file = True,
            mandatory = True,
        ),
        "library": attr.string(
            doc = "A key of SHELF_SOURCES.",
            mandatory = True,
        ),
    },
    environ = ["PATH", "APT_CONFIG", "NPM_CONFIG_USERCONFIG"],
)
