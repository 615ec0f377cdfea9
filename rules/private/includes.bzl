"""What to write in an #include for a library's headers."""

def include_string(path, folders):
    """Returns how a header is included.

    Args:
        path: the header's exec path.
        folders: exec paths of the folders that the compiler searches.

    Returns:
        The path below the longest folder that holds the header; the whole path if none does.
    """
    best = path
    for folder in folders:
        prefix = "" if folder in ["", "."] else folder + "/"
        if path.startswith(prefix) and len(path) - len(prefix) < len(best):
            best = path[len(prefix):]
    return best

def drop_originals(strings):
    """Leaves out headers that are also listed under a shorter name.

    A cc_library with strip_include_prefix or include_prefix lists each header twice: where it lies, and in a folder
    of symbolic links, where its users find it.

    Args:
        strings: a list of struct(path = string, include = string).

    Returns:
        The include strings, without those of files that a `_virtual_includes` folder has, too; each once.
    """
    virtual = [s.include for s in strings if "/_virtual_includes/" in s.path]
    kept = {}
    for s in strings:
        if "/_virtual_includes/" in s.path or not [v for v in virtual if s.path.endswith("/" + v.split("/")[-1])]:
            kept[s.include] = True
    return list(kept)

HeaderOrderInfo = provider(
    doc = "The headers of a library in an order: a CcInfo has them in none, a cc_library in that of their names.",
    fields = {"files": "list of File, those of `hdrs`."},
)

def _header_order_impl(_target, ctx):
    return [HeaderOrderInfo(files = getattr(ctx.rule.files, "hdrs", []))]

header_order = aspect(
    implementation = _header_order_impl,
    doc = "Gives a HeaderOrderInfo of each C/C++ target.",
)

def in_order(headers, listed):
    """Sorts headers as a library lists them.

    Args:
        headers: list of struct or File with `path` and `basename`: a file, or a link to it below `_virtual_includes`.
        listed: the same of the files in `hdrs`.

    Returns:
        A list with the elements of headers; those that are not listed come last.
    """
    by_path, by_name = {}, {}
    for place, file in enumerate(listed):
        by_path[file.path] = place
        by_name.setdefault(file.basename, []).append((place, file.path))

    def place_of(header):
        if header.path in by_path:
            return by_path[header.path]
        _, link, path = header.path.partition("/_virtual_includes/")
        places = by_name.get(header.basename, []) if link else []
        same = [place for place, listed_path in places if listed_path.endswith(path[path.find("/"):])]
        return (same + [place for place, _ in places] + [len(listed)])[0]

    return sorted(headers, key = place_of)

def _included(context, headers):
    """How each of these headers is included: struct(path, include, file)."""
    folders = []
    for group in ["includes", "system_includes", "quote_includes", "external_includes"]:
        # A handful of folders, and only this level can join them with the headers.
        folders += getattr(context, group, depset()).to_list()
    return [struct(path = header.path, include = include_string(header.path, folders), file = header) for header in headers]

def include_strings(cc_infos, orders):
    """Lists how the direct public headers of libraries are included.

    Args:
        cc_infos: a list of CcInfo.
        orders: a list of HeaderOrderInfo, one for each.

    Returns:
        A list of strings, in the order of the headers, each once.
    """
    found = []
    for info, order in zip(cc_infos, orders):
        context = info.compilation_context
        found += _included(context, in_order(context.direct_public_headers, order.files))
    return drop_originals(found)

def named_headers(cc_infos, names):
    """Finds headers among those of libraries and of all their deps.

    Args:
        cc_infos: a list of CcInfo.
        names: list of string, as written in an #include.

    Returns:
        A dict from those names that are there to a File.
    """
    found = {}
    for info in cc_infos if names else []:
        # All of them: a user has named one, and only its name in an #include is known.
        for header in _included(info.compilation_context, info.compilation_context.headers.to_list()):
            if header.include in names:
                found[header.include] = header.file
    return found
