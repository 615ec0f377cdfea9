"""Which toolchains a build has: the tags of all modules, merged, as pure functions.

A *selection* is one version of one tool, from one source, under a name. Every module of a build may add selections. A build
uses the selection that `--@rules_rlbox//rules/settings:wasi_sdk` (or `:wabt`) names; the root module says which selection
that is by default.
"""

load(":merging.bzl", "conflict", "owner", "tag_text", "winner")

_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

# What makes two tags of one name the same selection.
_IDENTITY = ["source", "version", "path", "urls", "sha256", "mirrors", "netrc"]

def _same(a, b):
    return [getattr(a, field) for field in _IDENTITY] == [getattr(b, field) for field in _IDENTITY]

def describe(selection):
    """Returns a selection as the tag that made it.

    Args:
        selection: a selection, see select_toolchains.

    Returns:
        E.g. `rlbox.wasi_sdk(name = "33", source = "release", version = "33")`.
    """
    return tag_text(selection.tool, {field: getattr(selection, field) for field in ["name"] + _IDENTITY})

def _error(tag, tool, what):
    return "rlbox.%s in module %s: %s" % (tool, owner(tag), what)

def _source(tool, tag, tables):
    """Returns (error, source)."""
    known = ["path", "release", "wheel"]
    if tag.distribution:
        return _error(tag, tool, "the attribute distribution is called source now. To fix: write source = %r" % tag.distribution), None
    said = {"zig": "wheel"}.get(tag.source, tag.source) if tool == "wasi_sdk" else tag.source
    if tag.path:
        if said not in ["", "path"]:
            return _error(tag, tool, "path = %r and source = %r contradict each other. To fix: leave one out" % (tag.path, tag.source)), None
        return None, "path"
    if said == "path":
        return _error(tag, tool, "source = \"path\" has no path. To fix: add path = \"/where/it/is\""), None
    if said and said not in known:
        names = ["zig", "release", "path"] if tool == "wasi_sdk" else known[::-1]
        return _error(tag, tool, "unknown source %r. To fix: choose one of %s" % (tag.source, ", ".join(names))), None
    if said:
        return None, said
    if not tag.version or tag.version in tables["wheel"][tool]["versions"]:
        return None, "wheel"
    return None, "release"

def _check_platforms(tool, tag, platforms):
    for field in ["urls", "sha256"]:
        for platform in getattr(tag, field):
            if platform not in platforms:
                return _error(tag, tool, "%s names the unknown platform %r. To fix: choose one of %s" % (field, platform, ", ".join(sorted(platforms))))
    for platform in tag.urls:
        if platform not in tag.sha256 and tag.version not in [""] + tag.known:
            return _error(tag, tool, "urls has %s and sha256 has not. To fix: give the SHA-256 of the archive" % platform)
    for platform, digest in tag.sha256.items():
        if len(digest) != 64 or digest.lower().strip("0123456789abcdef"):
            return _error(tag, tool, "sha256 for %s must be 64 hexadecimal digits, got %r" % (platform, digest))
    return None

def _selection(tool, tag, tables, platforms, default_version):
    """Returns (error, selection) for one tag."""
    error, source = _source(tool, tag, tables)
    if error:
        return error, None
    version = tag.version
    known = []
    if source != "path":
        known = sorted(tables[source][tool]["versions"])
        if not version and source == "wheel":
            version = default_version
        if not version:
            return _error(tag, tool, "version is missing. To fix: choose one of " + ", ".join(known)), None
        if version not in known and not (source == "release" and tag.urls):
            return _error(tag, tool, "no %s %s in the table. To fix: choose one of %s, or give urls and sha256 (source = \"release\") or path" %
                                     (source, version, ", ".join(known))), None
    error = _check_platforms(tool, struct(known = known, module = tag.module, is_root = tag.is_root, sha256 = tag.sha256, urls = tag.urls, version = version), platforms)
    if error:
        return error, None
    if tag.mirrors and source != "release":
        return _error(tag, tool, "mirrors are for source = \"release\". To fix: remove mirrors; a wheel comes from the index that pip is configured with"), None
    name = tag.name or version or "local"
    if name == "default" or name.strip(_NAME_CHARACTERS) or name.startswith("."):
        return _error(tag, tool, "name must consist of letters, digits and ._- and not be \"default\", got %r" % name), None
    return None, struct(
        tool = tool,
        name = name,
        source = source,
        version = version,
        path = tag.path,
        urls = tag.urls,
        sha256 = tag.sha256,
        mirrors = tag.mirrors,
        netrc = tag.netrc,
        default = tag.default,
        module = tag.module,
        is_root = tag.is_root,
    )

def _merge(selections):
    """Returns (error, dict by name): the root's selection wins over another module's of the same name."""
    by_name = {}
    for selection in selections:
        other = by_name.get(selection.name)
        chosen = winner(selection, other, _same)
        if not chosen:
            fix = "give one of them another name" if selection.is_root else "add a tag of that name to the root module; it wins"
            return conflict("two tags give the name %r to different toolchains" % selection.name, selection, other, describe, fix), None
        by_name[selection.name] = selection if chosen.is_root and selection.is_root and selection.default else chosen
    return None, by_name

def _default(tool, by_name, builtin):
    """Returns (error, name of the default selection)."""
    roots = [selection for selection in by_name.values() if selection.is_root]
    chosen = [selection for selection in roots if selection.default]
    if len(chosen) > 1:
        return "rlbox: two tags say default = True for %s:\n  %s\n  %s\n  To fix: leave default = True at one of them only." % (
            tool,
            describe(chosen[0]),
            describe(chosen[1]),
        ), None
    if chosen:
        return None, chosen[0].name
    if len(roots) == 1:
        return None, roots[0].name
    if len(roots) > 1:
        return "rlbox: the root module has %d tags for %s and none says default = True:\n  %s\n  To fix: write default = True at the tag that a build without flags uses." % (
            len(roots),
            tool,
            "\n  ".join([describe(selection) for selection in roots]),
        ), None
    return None, builtin

def select_toolchains(tool, tags, tables, platforms, default_version):
    """Merges the tags of all modules for one tool.

    Args:
        tool: `wasi_sdk` or `wabt`.
        tags: a list of structs with the attributes of the tag (name, source, distribution, version, path, urls,
            sha256, mirrors, netrc, default), module (the name of the module that has it) and is_root.
        tables: a dict: `wheel` and `release` to the decoded wheels.json and releases.json.
        platforms: the exec platforms that urls and sha256 may name.
        default_version: the wheel's version that is used where no tag says anything.

    Returns:
        (error, selections, default): error is None or the text for fail(); selections is a list of structs with tool, name,
        source (`wheel`, `release` or `path`), version, path, urls, sha256, mirrors, netrc, default, module and
        is_root, sorted by name; default is the name of the one that a build without flags uses.
    """
    selections = []
    for tag in tags:
        error, selection = _selection(tool, tag, tables, platforms, default_version)
        if error:
            return error, None, None
        selections.append(selection)
    error, by_name = _merge(selections)
    if error:
        return error, None, None
    error, default = _default(tool, by_name, default_version)
    if error:
        return error, None, None
    if default_version not in by_name:
        by_name[default_version] = struct(
            tool = tool,
            name = default_version,
            source = "wheel",
            version = default_version,
            path = "",
            urls = {},
            sha256 = {},
            mirrors = [],
            netrc = "",
            default = False,
            module = "rules_rlbox",
            is_root = False,
        )
    return None, [by_name[name] for name in sorted(by_name)], default
