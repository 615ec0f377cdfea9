"""The result of a repository rule's implementation."""

def metadata(repository_ctx, reproducible = True):
    """Says whether the repository is a function of its attributes (Bazel 8 and later keep it then).

    Args:
        repository_ctx: the repository rule's context.
        reproducible: False if it also depends on something on this machine.

    Returns:
        What the repository rule's implementation returns.
    """
    if hasattr(repository_ctx, "repo_metadata"):
        return repository_ctx.repo_metadata(reproducible = reproducible)
    return None
