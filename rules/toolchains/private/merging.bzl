"""What the tags of several modules have in common: the root's wins, and a conflict shows both sides."""

def owner(choice):
    """Names the module that made a choice.

    Args:
        choice: a struct with module and is_root.

    Returns:
        E.g. `app (the root module)`.
    """
    return "%s%s" % (choice.module, " (the root module)" if choice.is_root else "")

def tag_text(tag, values):
    """Words a tag as it stands in MODULE.bazel.

    Args:
        tag: its name, e.g. `wasi_sdk`.
        values: a dict of its attributes; those without a value are left out.

    Returns:
        E.g. `rlbox.wasi_sdk(name = "33")`.
    """
    return "rlbox.%s(%s)" % (tag, ", ".join(["%s = %s" % (name, json.encode(value)) for name, value in values.items() if value]))

def winner(choice, other, same):
    """Chooses between two choices of one thing.

    Args:
        choice: a choice, with is_root.
        other: the one that was first, or None.
        same: a function: whether two choices mean the same.

    Returns:
        The one that counts: the root's, or the first of two that mean the same; None if neither does.
    """
    if not other or (choice.is_root and not other.is_root):
        return choice
    if choice.is_root == other.is_root and not same(choice, other):
        return None
    return other

def conflict(headline, choice, other, describe, way_out):
    """Words the error of two choices between which there is no winner.

    Args:
        headline: what they contradict each other about.
        choice: a choice.
        other: the one that was first.
        describe: a function that words a choice as a tag.
        way_out: what the user can do.

    Returns:
        The text for fail().
    """
    return "rlbox: %s:\n  %s says %s\n  %s says %s\n  The way out: %s." % (
        headline,
        owner(other),
        describe(other),
        owner(choice),
        describe(choice),
        way_out,
    )
