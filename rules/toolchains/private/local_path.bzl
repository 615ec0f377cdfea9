"""A folder on this machine that a tag names."""

def local_path(repository_ctx, path):
    """Makes a path of a tag absolute.

    Args:
        repository_ctx: the repository rule's context.
        path: an absolute path, or one relative to the root module's folder.

    Returns:
        The absolute path, a string.
    """
    return path if path.startswith("/") else "%s/%s" % (repository_ctx.workspace_root, path)
