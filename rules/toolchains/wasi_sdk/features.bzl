"""Shapes of features that a cc_toolchain's configuration is made of."""

load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "feature", "flag_group", "flag_set", "variable_with_value")

def flags_feature(name, actions, flags, enabled = True, with_features = [], **kwargs):
    """A feature that adds fixed flags to actions.

    Args:
        name: the feature's name.
        actions: list of string, names of actions.
        flags: list of string.
        enabled: whether it is on unless somebody turns it off.
        with_features: list of with_feature_set, when the flags are added; empty: always.
        **kwargs: of `feature`.

    Returns:
        The feature.
    """
    return feature(
        name = name,
        enabled = enabled,
        flag_sets = [flag_set(
            actions = actions,
            flag_groups = [flag_group(flags = flags)],
            with_features = with_features,
        )],
        **kwargs
    )

def variable_feature(name, actions, variable, flags, each = False):
    """A feature that adds flags where a build variable is set.

    Args:
        name: the feature's name.
        actions: list of string, names of actions.
        variable: the variable.
        flags: list of string.
        each: whether the variable is a list, and the flags are added for each of its elements.

    Returns:
        The feature.
    """
    return feature(
        name = name,
        enabled = True,
        flag_sets = [flag_set(
            actions = actions,
            flag_groups = [flag_group(
                flags = flags,
                expand_if_available = variable,
                iterate_over = variable if each else None,
            )],
        )],
    )

def library_groups():
    """Flags for the elements of libraries_to_link.

    Returns:
        A flag_group.
    """

    def group(kind, value):
        return flag_group(
            flags = [value],
            expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = kind),
        )

    def whole(flag):
        return flag_group(flags = [flag], expand_if_true = "libraries_to_link.is_whole_archive")

    return flag_group(
        iterate_over = "libraries_to_link",
        expand_if_available = "libraries_to_link",
        flag_groups = [
            whole("-Wl,--whole-archive"),
            flag_group(
                flags = ["%{libraries_to_link.object_files}"],
                iterate_over = "libraries_to_link.object_files",
                expand_if_equal = variable_with_value(name = "libraries_to_link.type", value = "object_file_group"),
            ),
            group("object_file", "%{libraries_to_link.name}"),
            group("static_library", "%{libraries_to_link.name}"),
            whole("-Wl,--no-whole-archive"),
        ],
    )
