"""Repository rules for the RLBox project's own framework and plugin, from a commit or from a checkout on this machine."""

load(":layout.bzl", "layout_error")
load(":local_path.bzl", "local_path")
load(":metadata.bzl", "metadata")
load(":upstream.bzl", "LAYOUTS", "TAG", "explain_git", "git_error", "missing_files", "part_name")

_BUILD = """\
# Written by @rules_rlbox//rules/toolchains/private:upstream_repositories.bzl
load("@rules_rlbox//rules/toolchains/upstream:targets.bzl", "upstream_{part}")

upstream_{part}()
"""

# The folder of git's own files, during the fetch.
_GIT_DIR = ".fetched"

# A commit gives the same bytes whatever the machine's settings say about line ends, and git starts no background work.
_SETTINGS = {
    "core.attributesFile": "/dev/null",
    "core.autocrlf": "false",
    "core.eol": "lf",
    "core.hooksPath": "/dev/null",
    "gc.auto": "0",
    "maintenance.auto": "false",
    # A server that speaks it gives any commit by its id.
    "protocol.version": "2",
}

def _build_file(repository_ctx):
    repository_ctx.file("BUILD.bazel", _BUILD.format(part = repository_ctx.attr.part), executable = False)

def _check(repository_ctx, place, exists, fix):
    part = repository_ctx.attr.part
    missing = missing_files(part, exists)
    if missing:
        fail(layout_error(tag = TAG, place = place, kind = part_name(part), missing = missing, fix = fix))

def _git_impl(repository_ctx):
    attr = repository_ctx.attr
    git = repository_ctx.which("git")
    if not git:
        fail(git_error(part = attr.part, commit = attr.commit, remote = attr.remote, what = "there is no git on PATH"))
    folder = repository_ctx.path(".")
    command = [git, "--git-dir=%s/%s" % (folder, _GIT_DIR)]
    for name, value in _SETTINGS.items():
        command += ["-c", "%s=%s" % (name, value)]

    def run(*arguments):
        result = repository_ctx.execute(
            command + list(arguments),
            # git may have started Bazel, for a hook. Nobody can type a password.
            environment = {"GIT_INDEX_FILE": "%s/%s/index" % (folder, _GIT_DIR), "GIT_TERMINAL_PROMPT": "0", "LC_ALL": "C"},
            quiet = True,
            timeout = 900,
        )
        if result.return_code != 0:
            what, said = explain_git(result.return_code, result.stderr)
            fail(git_error(part = attr.part, commit = attr.commit, remote = attr.remote, what = what, said = said))
        return result.stdout

    repository_ctx.report_progress("fetching commit %s of the %s" % (attr.commit, part_name(attr.part)))
    run("init", "--quiet", "--bare", "--template=", str(repository_ctx.path(_GIT_DIR)))
    run("fetch", "--quiet", "--no-tags", "--depth=1", "--", attr.remote, attr.commit)
    files = {path: None for path in run("ls-tree", "-r", "-z", "--name-only", attr.commit).split("\0")}
    _check(
        repository_ctx,
        "commit %s of %s" % (attr.commit, attr.remote),
        lambda path: path in files,
        "set {part}_commit to a commit of {part}_remote that has them, or leave both out for the default.".format(part = attr.part),
    )
    run("--work-tree=%s" % folder, "checkout", "--quiet", attr.commit, "--", *LAYOUTS[attr.part].folders)
    repository_ctx.delete(_GIT_DIR)
    _build_file(repository_ctx)
    return metadata(repository_ctx)

def _path_impl(repository_ctx):
    attr = repository_ctx.attr
    path = local_path(repository_ctx, attr.path)
    fix = "set %s_path to the folder of a checkout, absolute or relative to the root module's folder." % attr.part
    if not repository_ctx.path(path).exists:
        fail(layout_error(
            tag = TAG,
            place = "%s (%s_path = %r)" % (path, attr.part, attr.path),
            kind = part_name(attr.part),
            missing = [struct(what = "the folder itself", looked = [path])],
            fix = fix,
        ))
    _check(repository_ctx, path, lambda name: repository_ctx.path("%s/%s" % (path, name)).exists, fix)

    # Only these folders: the rest of the checkout may have BUILD files of its own.
    for folder in LAYOUTS[attr.part].folders:
        repository_ctx.symlink("%s/%s" % (path, folder), folder)
    _build_file(repository_ctx)

    # A folder on this machine can change.
    return metadata(repository_ctx, reproducible = False)

_PART = {
    "part": attr.string(
        doc = "Which of the two it is.",
        mandatory = True,
        values = LAYOUTS.keys(),
    ),
}

upstream_git_repository = repository_rule(
    implementation = _git_impl,
    doc = "A part of upstream's RLBox from one commit, whose id is the hash of its content.",
    attrs = _PART | {
        "commit": attr.string(
            doc = "The commit's full id.",
            mandatory = True,
        ),
        "remote": attr.string(
            doc = "The git repository's address.",
            mandatory = True,
        ),
    },
)

upstream_local_repository = repository_rule(
    implementation = _path_impl,
    doc = "A part of upstream's RLBox from a checkout on this machine.",
    attrs = _PART | {
        "path": attr.string(
            doc = "The checkout's folder, absolute or relative to the root module's folder.",
            mandatory = True,
        ),
    },
    local = True,
)
