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

def include_strings(cc_infos):
    """Lists how the direct public headers of libraries are included.

    Args:
        cc_infos: a list of CcInfo.

    Returns:
        A list of strings, in the order of the headers, each once.
    """
    found = {}
    for info in cc_infos:
        context = info.compilation_context
        folders = []
        for group in ["includes", "system_includes", "quote_includes", "external_includes"]:
            # A handful of folders, and only this level can join them with the headers.
            folders += getattr(context, group, depset()).to_list()
        for header in context.direct_public_headers:
            found[include_string(header.path, folders)] = True
    return list(found)
