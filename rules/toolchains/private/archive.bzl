"""Fetches an archive by hash from a list of addresses."""

load("@bazel_tools//tools/build_defs/repo:utils.bzl", "read_netrc", "read_user_netrc", "use_netrc")

# The variable that names a file with passwords, for tags without netrc.
ARCHIVE_ENVIRONMENT = ["NETRC"]

def archive_error(*, tag, what, urls):
    """Returns the error text for an archive that cannot be used.

    Args:
        tag: the tag that wants it.
        what: what went wrong, a clause.
        urls: the addresses that were tried.

    Returns:
        The text for fail().
    """
    return "\n".join([
        "%s: the archive cannot be used: %s." % (tag, what),
        "  Tried: Bazel's repository cache, --distdir" + "".join([", " + url for url in urls]) + ".",
        "  To fix: give the tag mirrors, or urls and sha256, or path for an installation on disk; pass --distdir=FOLDER with the file in it;",
        "  or leave the tag out: the default comes from the index that pip is configured with.",
    ])

def credentials(repository_ctx, urls):
    """Finds the passwords for addresses.

    Args:
        repository_ctx: the repository rule's context; its attribute `netrc` is a file or "" for the user's own.
        urls: the addresses.

    Returns:
        A dict for download's `auth`.
    """
    file = repository_ctx.attr.netrc
    netrc = read_netrc(repository_ctx, file) if file else read_user_netrc(repository_ctx)
    return use_netrc(netrc, urls, {})

def fetch_archive(repository_ctx, folder):
    """Downloads the archive that the attributes name and unpacks it.

    Args:
        repository_ctx: the context of a repository rule with the attributes netrc, sha256, tag and urls.
        folder: the folder to unpack it into.
    """
    attr = repository_ctx.attr
    auth = credentials(repository_ctx, attr.urls)
    file = attr.urls[0].split("?")[0].split("/")[-1]
    target = "archive/" + file
    if not repository_ctx.download(url = attr.urls, output = target, sha256 = attr.sha256, auth = auth, allow_fail = True).success:
        # Bazel prints the reasons as warnings and keeps them from this function.
        what = "no address serves it with the pinned SHA-256 %s; Bazel's warnings above say what each one does" % attr.sha256
        fail(archive_error(tag = attr.tag, what = what, urls = attr.urls))
    repository_ctx.report_progress("unpacking " + file)
    if file.endswith((".tar.gz", ".tgz")):
        _check_gzip(repository_ctx, target)
    repository_ctx.extract(target, output = folder)
    repository_ctx.delete("archive")

def _check_gzip(repository_ctx, file):
    """Reports a damaged archive in words, if the machine has gzip: Bazel alone reports a Java exception."""
    gzip = repository_ctx.which("gzip")
    if not gzip:
        return
    result = repository_ctx.execute([gzip, "-t", file], quiet = True)
    if result.return_code == 1:
        what = result.stderr.strip().split("\n")[-1].split(": ")[-1]
        fail(archive_error(tag = repository_ctx.attr.tag, what = "it is damaged (%s), though it has the pinned SHA-256" % what, urls = repository_ctx.attr.urls))
