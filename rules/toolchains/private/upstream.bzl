"""Decides where the RLBox project's framework and plugin come from, with pure functions of the tags of all modules."""

load(":merging.bzl", "conflict", "owner", "tag_text", "winner")

# Each part comes from a git repository of its own.
PARTS = ["framework", "plugin"]

# The attributes of the tag for each part: rlbox.upstream(framework_commit = ..., plugin_path = ...).
FIELDS = ["commit", "remote", "path"]

# The start of a message about one part. The other part may come from another module's tag.
TAG = "rlbox.upstream"

_WHAT = {
    "framework": "RLBox framework",
    "plugin": "RLBox wasm2c plugin",
}

# The files that a checkout must have, relative to its folder; and the folders that a build gets.
LAYOUTS = {
    "framework": struct(
        folders = ["code/include"],
        files = ["code/include/rlbox.hpp", "code/include/rlbox_noop_sandbox.hpp"],
    ),
    "plugin": struct(
        folders = ["include", "src"],
        files = [
            "include/rlbox_wasm2c_sandbox.hpp",
            "include/rlbox_wasm2c_tls.hpp",
            "include/wasm2c_rt_mem.h",
            "include/wasm2c_rt_minwasi.h",
            "src/wasm2c_rt_mem.c",
            "src/wasm2c_rt_minwasi.c",
        ],
    ),
}

def _describe(selection):
    return tag_text("upstream", {"%s_%s" % (selection.part, field): getattr(selection, field) for field in FIELDS})

def _same(a, b):
    return [getattr(a, field) for field in FIELDS] == [getattr(b, field) for field in FIELDS]

def _problem(tag, part, said):
    """Returns what is wrong with what a tag says about a part, or None."""
    if said["path"] and (said["commit"] or said["remote"]):
        other = "commit" if said["commit"] else "remote"
        what = "%s_path = %r and %s_%s = %r contradict each other. To fix: leave one out" % (part, said["path"], part, other, said[other])
    elif said["commit"] and (len(said["commit"]) != 40 or said["commit"].strip("0123456789abcdef")):
        what = "%s_commit must be a commit's full id, 40 digits of 0-9 and a-f, which stands for its content, got %r" % (part, said["commit"])
    elif said["remote"].startswith("."):
        what = "%s_remote must be an address or an absolute path, got %r. To fix: write one, or use %s_path, which is for a checkout and relative to the root module's folder" % (part, said["remote"], part)
    else:
        return None
    return "rlbox.upstream in module %s: %s" % (owner(tag), what)

def select_upstream(tags, table):
    """Merges the tags of all modules.

    Args:
        tags: a list of structs with module, is_root and, for each part, PART_commit, PART_remote and PART_path.
        table: the decoded upstream.json.

    Returns:
        (error, parts): error is None or the text for fail(); parts is a dict of each part to a struct with part, commit,
        remote and path: either path is set, or the other two are.
    """
    parts = {}
    for part in PARTS:
        chosen = None
        for tag in tags:
            said = {field: getattr(tag, "%s_%s" % (part, field)) for field in FIELDS}
            problem = _problem(tag, part, said)
            if problem:
                return problem, None
            if not [value for value in said.values() if value]:
                continue
            selection = struct(part = part, module = tag.module, is_root = tag.is_root, **said)
            won = winner(selection, chosen, _same)
            if not won:
                fix = "write one tag for both" if selection.is_root else "say it with a tag of the root module"
                return conflict("two tags say where the %s comes from" % _WHAT[part], selection, chosen, _describe, fix), None
            chosen = won
        path = chosen.path if chosen else ""
        parts[part] = struct(
            part = part,
            path = path,
            commit = "" if path else (chosen.commit if chosen else "") or table[part]["commit"],
            remote = "" if path else (chosen.remote if chosen else "") or table[part]["remote"],
        )
    return None, parts

def upstream_repository(selection):
    """Says which repository provides a part.

    Args:
        selection: a part, see select_upstream.

    Returns:
        A struct with name, rule (`git` or `path`) and attrs (a dict for that repository rule).
    """
    attrs = {"path": selection.path} if selection.path else {"commit": selection.commit, "remote": selection.remote}
    return struct(
        name = "rlbox_upstream_" + selection.part,
        rule = "path" if selection.path else "git",
        attrs = dict(attrs, part = selection.part),
    )

def missing_files(part, exists):
    """Lists what a checkout lacks.

    Args:
        part: the part.
        exists: a function: whether a path, relative to the checkout, is there.

    Returns:
        A list as layout_error() wants it.
    """
    return [
        struct(what = path.split("/")[-1], looked = [path])
        for path in LAYOUTS[part].files
        if not exists(path)
    ]

def part_name(part):
    """Names a part in a message.

    Args:
        part: the part.

    Returns:
        E.g. `RLBox framework`.
    """
    return _WHAT[part]

def explain_git(return_code, output):
    """Says why git failed to fetch a commit.

    Args:
        return_code: git's exit code.
        output: what it printed.

    Returns:
        (what, said): a clause, and what git said where the clause alone does not tell, as a list of lines.
    """
    for words in ["not our ref", "unadvertised object", "couldn't find remote ref"]:
        if words in output:
            return "there is no such commit in the repository, or its server gives no commit by its id", []
    if return_code >= 256:
        return "git took longer than 15 minutes", []
    return "the repository cannot be read", [line for line in output.split("\n") if line.strip()][-4:]

def git_error(*, part, commit, remote, what, said = []):
    """Returns the error text for a commit that cannot be fetched.

    Args:
        part: the part.
        commit: its commit.
        remote: where it was to come from.
        what: what went wrong, a clause.
        said: what git said, a list of lines.

    Returns:
        The text for fail().
    """
    lines = ["%s: cannot fetch the %s: %s." % (TAG, _WHAT[part], what)]
    lines += ["  git: " + line for line in said]
    return "\n".join(lines + [
        "  Tried: git fetch %s %s, with this machine's git settings." % (remote, commit),
        "  To fix: in rlbox.upstream(...), set {part}_remote to a mirror, {part}_commit to another commit or {part}_path to a checkout;".format(part = part),
        "  or use --override_repository (docs/toolchains.md), or --@rules_rlbox//rules/settings:rlbox=bundled, which fetches nothing.",
    ])
