"""Which toolchains a build has: the tags of all modules, merged, as pure functions.

A *choice* is one distribution of one tool under a name. Every module of a build may add choices; the one with the
name that `--@rules_rlbox//rules/settings:wasi_sdk` (or `:wabt`) says is used, and only the root says which one that
is by default.
"""

load(":merging.bzl", "conflict", "owner", "tag_text", "winner")

_NAME_CHARACTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-"

# What makes two tags of one name the same choice.
_IDENTITY = ["distribution", "version", "path", "urls", "sha256", "mirrors", "netrc"]

def _same(a, b):
    return [getattr(a, field) for field in _IDENTITY] == [getattr(b, field) for field in _IDENTITY]

def describe(choice):
    """Words a choice as the tag that made it.

    Args:
        choice: a choice, see choose.

    Returns:
        E.g. `rlbox.wasi_sdk(name = "33", distribution = "release", version = "33")`.
    """
    return tag_text(choice.tool, {field: getattr(choice, field) for field in ["name"] + _IDENTITY})

def _error(tag, tool, what):
    return "rlbox.%s in module %s: %s" % (tool, owner(tag), what)

def _distribution(tool, tag, tables):
    """Returns (error, distribution)."""
    known = ["path", "release", "wheel"]
    said = {"zig": "wheel"}.get(tag.distribution, tag.distribution) if tool == "wasi_sdk" else tag.distribution
    if tag.path:
        if said not in ["", "path"]:
            return _error(tag, tool, "path = %r and distribution = %r contradict each other; leave one out" % (tag.path, tag.distribution)), None
        return None, "path"
    if said == "path":
        return _error(tag, tool, "distribution = \"path\" needs path = \"/where/it/is\""), None
    if said and said not in known:
        names = ["zig", "release", "path"] if tool == "wasi_sdk" else known[::-1]
        return _error(tag, tool, "unknown distribution %r; known: %s" % (tag.distribution, ", ".join(names))), None
    if said:
        return None, said
    if not tag.version or tag.version in tables["wheel"][tool]["versions"]:
        return None, "wheel"
    return None, "release"

def _check_platforms(tool, tag, platforms):
    for field in ["urls", "sha256"]:
        for platform in getattr(tag, field):
            if platform not in platforms:
                return _error(tag, tool, "%s names the unknown platform %r; known: %s" % (field, platform, ", ".join(sorted(platforms))))
    for platform in tag.urls:
        if platform not in tag.sha256 and tag.version not in [""] + tag.known:
            return _error(tag, tool, "urls has %s and sha256 has not; give the SHA-256 of the archive" % platform)
    for platform, digest in tag.sha256.items():
        if len(digest) != 64 or digest.lower().strip("0123456789abcdef"):
            return _error(tag, tool, "sha256 for %s must be 64 hexadecimal digits, got %r" % (platform, digest))
    return None

def _choice(tool, tag, tables, platforms, default_version):
    """Returns (error, choice) for one tag."""
    error, distribution = _distribution(tool, tag, tables)
    if error:
        return error, None
    version = tag.version
    known = []
    if distribution != "path":
        known = sorted(tables[distribution][tool]["versions"])
        if not version and distribution == "wheel":
            version = default_version
        if not version:
            return _error(tag, tool, "version is missing; known: " + ", ".join(known)), None
        if version not in known and not (distribution == "release" and tag.urls):
            return _error(tag, tool, "no %s %s in the table; known: %s; for another one give urls and sha256 (distribution = \"release\") or path" %
                                     (distribution, version, ", ".join(known))), None
    error = _check_platforms(tool, struct(known = known, module = tag.module, is_root = tag.is_root, sha256 = tag.sha256, urls = tag.urls, version = version), platforms)
    if error:
        return error, None
    if tag.mirrors and distribution != "release":
        return _error(tag, tool, "mirrors are for distribution = \"release\"; a wheel comes from the index that pip is configured with"), None
    name = tag.name or version or "local"
    if name == "default" or name.strip(_NAME_CHARACTERS) or name.startswith("."):
        return _error(tag, tool, "name must consist of letters, digits and ._- and not be \"default\", got %r" % name), None
    return None, struct(
        tool = tool,
        name = name,
        distribution = distribution,
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

def _merge(choices):
    """Returns (error, dict by name): the root's choice wins over another module's of the same name."""
    by_name = {}
    for choice in choices:
        other = by_name.get(choice.name)
        chosen = winner(choice, other, _same)
        if not chosen:
            way_out = "give one of them another name" if choice.is_root else "the root module says which with a tag of that name"
            return conflict("two different choices have the name %r" % choice.name, choice, other, describe, way_out), None
        by_name[choice.name] = choice if chosen.is_root and choice.is_root and choice.default else chosen
    return None, by_name

def _default(tool, by_name, builtin):
    """Returns (error, name of the default choice)."""
    roots = [choice for choice in by_name.values() if choice.is_root]
    chosen = [choice for choice in roots if choice.default]
    if len(chosen) > 1:
        return "rlbox: two choices want to be the default %s:\n  %s\n  %s\n  The way out: leave default = True at one of them." % (
            tool,
            describe(chosen[0]),
            describe(chosen[1]),
        ), None
    if chosen:
        return None, chosen[0].name
    if len(roots) == 1:
        return None, roots[0].name
    if len(roots) > 1:
        return "rlbox: the root module has %d tags for %s and none says default = True:\n  %s\n  The way out: default = True at the one that a build uses without further flags." % (
            len(roots),
            tool,
            "\n  ".join([describe(choice) for choice in roots]),
        ), None
    return None, builtin

def choose(tool, tags, tables, platforms, default_version):
    """Merges the tags of all modules for one tool.

    Args:
        tool: `wasi_sdk` or `wabt`.
        tags: a list of structs with the attributes of the tag (name, distribution, version, path, urls, sha256,
            mirrors, netrc, default), module (the name of the module that has it) and is_root.
        tables: a dict: `wheel` and `release` to the decoded wheels.json and releases.json.
        platforms: the exec platforms that urls and sha256 may name.
        default_version: the wheel's version that is used where no tag says anything.

    Returns:
        (error, choices, default): error is None or the text for fail(); choices is a list of structs with tool, name,
        distribution (`wheel`, `release` or `path`), version, path, urls, sha256, mirrors, netrc, default, module and
        is_root, sorted by name; default is the name of the one that a build without flags uses.
    """
    choices = []
    for tag in tags:
        error, choice = _choice(tool, tag, tables, platforms, default_version)
        if error:
            return error, None, None
        choices.append(choice)
    error, by_name = _merge(choices)
    if error:
        return error, None, None
    error, default = _default(tool, by_name, default_version)
    if error:
        return error, None, None
    if default_version not in by_name:
        by_name[default_version] = struct(
            tool = tool,
            name = default_version,
            distribution = "wheel",
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
