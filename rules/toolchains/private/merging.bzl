"""Merges tags of several modules: the root module's tag wins, and a conflict is an error that shows both tags."""

def owner(selection):
    """Names the module that made a selection.

    Args:
        selection: a struct with module and is_root.

    Returns:
        E.g. `app (the root module)`.
    """
    return "%s%s" % (selection.module, " (the root module)" if selection.is_root else "")

def tag_text(tag, values):
    """Returns a tag as it stands in MODULE.bazel.

    Args:
        tag: its name, e.g. `wasi_sdk`.
        values: a dict of its attributes; those without a value are left out.

    Returns:
        E.g. `rlbox.wasi_sdk(name = "33")`.
    """
    return "rlbox.%s(%s)" % (tag, ", ".join(["%s = %s" % (name, json.encode(value)) for name, value in values.items() if value]))

def winner(selection, other, same):
    """Returns the selection that counts, of two selections of one thing.

    Args:
        selection: a selection, with is_root.
        other: the one that was first, or None.
        same: a function: whether two selections mean the same.

    Returns:
        The root module's selection, or the first of two that mean the same; None if the two contradict each other.
    """
    if not other or (selection.is_root and not other.is_root):
        return selection
    if selection.is_root == other.is_root and not same(selection, other):
        return None
    return other

def conflict(headline, selection, other, describe, fix):
    """Returns the error text for two selections of which neither wins.

    Args:
        headline: what they contradict each other about.
        selection: a selection.
        other: the one that was first.
        describe: a function that returns a selection as a tag.
        fix: what the user can do.

    Returns:
        The text for fail().
    """
    return "rlbox: %s:\n  %s says %s\n  %s says %s\n  To fix: %s." % (
        headline,
        owner(other),
        describe(other),
        owner(selection),
        describe(selection),
        fix,
    )
