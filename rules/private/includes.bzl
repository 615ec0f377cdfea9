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

def include_strings(cc_infos):
    """Lists how the direct public headers of libraries are included.

    Args:
        cc_infos: a list of CcInfo.

    Returns:
        A list of strings, in the order of the headers, each once.
    """
    found = []
    for info in cc_infos:
        context = info.compilation_context
        folders = []
        for group in ["includes", "system_includes", "quote_includes", "external_includes"]:
            # A handful of folders, and only this level can join them with the headers.
            folders += getattr(context, group, depset()).to_list()
        found += [
            struct(path = header.path, include = include_string(header.path, folders))
            for header in context.direct_public_headers
        ]
    return drop_originals(found)
