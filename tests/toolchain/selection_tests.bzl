"""Tests of how the tags of all modules are merged: pure functions, and the texts of all errors verbatim."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/toolchains/private:selection.bzl", "select_toolchains")

_PLATFORMS = ["linux_x86_64", "macos_arm64"]
_TABLES = {
    "release": {
        "wabt": {"versions": {"1.0.42": {}}},
        "wasi_sdk": {"versions": {"25": {}, "33": {}}},
    },
    "wheel": {
        "wabt": {"versions": {"1.0.42.0": {}}},
        "wasi_sdk": {"versions": {"0.17.1": {}}},
    },
}

def _tag(
        module = "app",
        is_root = True,
        name = "",
        source = "",
        distribution = "",
        version = "",
        path = "",
        urls = {},
        sha256 = {},
        mirrors = [],
        netrc = "",
        default = False):
    return struct(
        module = module,
        is_root = is_root,
        name = name,
        source = source,
        distribution = distribution,
        version = version,
        path = path,
        urls = urls,
        sha256 = sha256,
        mirrors = mirrors,
        netrc = netrc,
        default = default,
    )

def _select(tags, tool = "wasi_sdk"):
    return select_toolchains(tool, tags, _TABLES, _PLATFORMS, "1.0.42.0" if tool == "wabt" else "0.17.1")

def _dep(**kwargs):
    return _tag(module = kwargs.pop("module", "dep"), is_root = False, **kwargs)

def _assert_selections(env, names, default, tags, tool = "wasi_sdk"):
    error, selections, chosen = _select(tags, tool)
    asserts.equals(env, None, error)
    asserts.equals(env, names, ["%s:%s" % (c.name, c.source) for c in selections or []])
    asserts.equals(env, default, chosen)
    return selections

def _selections_test_impl(ctx):
    env = unittest.begin(ctx)
    _assert_selections(env, ["0.17.1:wheel"], "0.17.1", [])
    _assert_selections(env, ["1.0.42.0:wheel"], "1.0.42.0", [], "wabt")

    # The source follows from the version.
    _assert_selections(env, ["0.17.1:wheel", "33:release"], "33", [_tag(version = "33")])
    _assert_selections(env, ["1.0.42:release", "1.0.42.0:wheel"], "1.0.42", [_tag(version = "1.0.42")], "wabt")
    _assert_selections(env, ["0.17.1:wheel", "local:path"], "local", [_tag(path = "/opt/sdk")])
    _assert_selections(env, ["0.17.1:wheel"], "0.17.1", [_tag(source = "zig")])

    # Dependencies add selections, and only the root chooses.
    _assert_selections(env, ["0.17.1:wheel", "25:release"], "0.17.1", [_dep(version = "25", default = True)])
    _assert_selections(env, ["0.17.1:wheel", "25:release", "33:release"], "33", [_tag(version = "33"), _dep(version = "25")])
    _assert_selections(env, ["0.17.1:wheel", "25:release", "33:release"], "25", [_tag(version = "33"), _tag(version = "25", default = True)])

    # One name: the root's tag wins, equal tags are one.
    for tags in [
        [_tag(name = "x", version = "33"), _dep(name = "x", version = "25")],
        [_dep(name = "x", version = "25"), _tag(name = "x", version = "33")],
    ]:
        selections = _assert_selections(env, ["0.17.1:wheel", "x:release"], "x", tags)
        asserts.equals(env, "33", selections[1].version)
    _assert_selections(env, ["0.17.1:wheel", "25:release"], "0.17.1", [_dep(version = "25"), _dep(module = "other", version = "25")])

    # A tag may redefine what comes by itself.
    selections = _assert_selections(env, ["0.17.1:path"], "0.17.1", [_tag(name = "0.17.1", path = "/opt/sdk")])
    asserts.equals(env, "/opt/sdk", selections[0].path)

    # A version that no table has.
    _assert_selections(env, ["0.17.1:wheel", "99:release"], "99", [_tag(
        version = "99",
        urls = {"linux_x86_64": ["https://x/sdk.tar.gz"]},
        sha256 = {"linux_x86_64": 64 * "a"},
    )])
    return unittest.end(env)

selections_test = unittest.make(_selections_test_impl)

def _assert_error(env, expected, tags, tool = "wasi_sdk"):
    error, _, _ = _select(tags, tool)
    asserts.equals(env, expected, error)

def _conflicts_test_impl(ctx):
    env = unittest.begin(ctx)
    _assert_error(
        env,
        """\
rlbox: two tags give the name "sdk" to different toolchains:
  a says rlbox.wasi_sdk(name = "sdk", source = "release", version = "25")
  b says rlbox.wasi_sdk(name = "sdk", source = "path", path = "/opt/sdk")
  To fix: add a tag of that name to the root module; it wins.""",
        [_dep(module = "a", name = "sdk", version = "25"), _dep(module = "b", name = "sdk", path = "/opt/sdk")],
    )
    _assert_error(
        env,
        """\
rlbox: two tags give the name "33" to different toolchains:
  app (the root module) says rlbox.wasi_sdk(name = "33", source = "release", version = "33")
  app (the root module) says rlbox.wasi_sdk(name = "33", source = "release", version = "33", mirrors = ["https://m"])
  To fix: give one of them another name.""",
        [_tag(version = "33"), _tag(version = "33", mirrors = ["https://m"])],
    )
    _assert_error(
        env,
        """\
rlbox: two tags say default = True for wasi_sdk:
  rlbox.wasi_sdk(name = "25", source = "release", version = "25")
  rlbox.wasi_sdk(name = "33", source = "release", version = "33")
  To fix: leave default = True at one of them only.""",
        [_tag(version = "25", default = True), _tag(version = "33", default = True)],
    )
    _assert_error(
        env,
        """\
rlbox: the root module has 2 tags for wasi_sdk and none says default = True:
  rlbox.wasi_sdk(name = "25", source = "release", version = "25")
  rlbox.wasi_sdk(name = "33", source = "release", version = "33")
  To fix: write default = True at the tag that a build without flags uses.""",
        [_tag(version = "25"), _tag(version = "33")],
    )
    return unittest.end(env)

conflicts_test = unittest.make(_conflicts_test_impl)

def _bad_tags_test_impl(ctx):
    env = unittest.begin(ctx)
    where = "rlbox.wasi_sdk in module app (the root module): "
    for tag, what in [
        (
            _tag(version = "26"),
            "no release 26 in the table. To fix: choose one of 25, 33, or give urls and sha256 (source = \"release\") or path",
        ),
        (
            _tag(version = "0.14.1", source = "zig"),
            "no wheel 0.14.1 in the table. To fix: choose one of 0.17.1, or give urls and sha256 (source = \"release\") or path",
        ),
        (_tag(source = "release"), "version is missing. To fix: choose one of 25, 33"),
        (_tag(source = "conda"), "unknown source \"conda\". To fix: choose one of zig, release, path"),
        (_tag(distribution = "zig"), "the attribute distribution is called source now. To fix: write source = \"zig\""),
        (_tag(source = "path"), "source = \"path\" has no path. To fix: add path = \"/where/it/is\""),
        (
            _tag(source = "release", path = "/opt"),
            "path = \"/opt\" and source = \"release\" contradict each other. To fix: leave one out",
        ),
        (
            _tag(version = "33", sha256 = {"linux_mips": 64 * "a"}),
            "sha256 names the unknown platform \"linux_mips\". To fix: choose one of linux_x86_64, macos_arm64",
        ),
        (
            _tag(version = "33", sha256 = {"linux_x86_64": "xyz"}),
            "sha256 for linux_x86_64 must be 64 hexadecimal digits, got \"xyz\"",
        ),
        (
            _tag(version = "99", urls = {"linux_x86_64": ["u"]}),
            "urls has linux_x86_64 and sha256 has not. To fix: give the SHA-256 of the archive",
        ),
        (
            _tag(mirrors = ["https://m"]),
            "mirrors are for source = \"release\". To fix: remove mirrors; a wheel comes from the index that pip is configured with",
        ),
        (
            _tag(name = "my sdk", version = "33"),
            "name must consist of letters, digits and ._- and not be \"default\", got \"my sdk\"",
        ),
    ]:
        _assert_error(env, where + what, [tag])
    _assert_error(env, "rlbox.wabt in module dep: version is missing. To fix: choose one of 1.0.42", [_dep(source = "release")], "wabt")
    return unittest.end(env)

bad_tags_test = unittest.make(_bad_tags_test_impl)

def selection_test_suite(name):
    """Declares the unit tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, selections_test, conflicts_test, bad_tags_test)
