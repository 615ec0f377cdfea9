"""Tests of where upstream's RLBox comes from: pure functions, and the texts of all errors verbatim."""

load("@bazel_skylib//lib:unittest.bzl", "asserts", "unittest")
load("//rules/private:wasm_rt.bzl", "older")
load("//rules/toolchains/private:hub.bzl", "toolchain_text")
load("//rules/toolchains/private:toolchains.bzl", "runtime_toolchains")
load(
    "//rules/toolchains/private:upstream.bzl",
    "explain_git",
    "git_error",
    "missing_files",
    "select_upstream",
    "upstream_repository",
)

_A = 40 * "a"
_B = 40 * "b"
_TABLE = {
    "framework": {"remote": "https://site/framework", "commit": 40 * "1"},
    "plugin": {"remote": "https://site/plugin", "commit": 40 * "2"},
}

def _tag(module = "app", is_root = True, **said):
    attributes = {"%s_%s" % (part, field): "" for part in ["framework", "plugin"] for field in ["commit", "remote", "path"]}
    return struct(module = module, is_root = is_root, **dict(attributes, **said))

def _dep(module = "dep", **said):
    return _tag(module = module, is_root = False, **said)

def _assert_parts(env, framework, plugin, tags):
    error, parts = select_upstream(tags, _TABLE)
    asserts.equals(env, None, error)
    for part, expected in {"framework": framework, "plugin": plugin}.items():
        asserts.equals(env, expected, (parts[part].commit, parts[part].remote, parts[part].path))
    return parts

_FRAMEWORK = (40 * "1", "https://site/framework", "")
_PLUGIN = (40 * "2", "https://site/plugin", "")

def _select_test_impl(ctx):
    env = unittest.begin(ctx)
    _assert_parts(env, _FRAMEWORK, _PLUGIN, [])
    _assert_parts(env, _FRAMEWORK, _PLUGIN, [_tag(), _dep()])

    # The rest of a part is the table's, and the other part too.
    _assert_parts(env, (_A, "https://site/framework", ""), _PLUGIN, [_tag(framework_commit = _A)])
    _assert_parts(env, _FRAMEWORK, (40 * "2", "https://mirror", ""), [_dep(plugin_remote = "https://mirror")])
    parts = _assert_parts(env, ("", "", "up/rlbox"), _PLUGIN, [_tag(framework_path = "up/rlbox")])

    # The root's word wins, wherever it stands; the two parts are two questions.
    for tags in [
        [_tag(framework_commit = _A), _dep(framework_commit = _B, plugin_path = "/p")],
        [_dep(framework_commit = _B, plugin_path = "/p"), _tag(framework_commit = _A)],
    ]:
        _assert_parts(env, (_A, "https://site/framework", ""), ("", "", "/p"), tags)
    _assert_parts(env, (_A, "https://site/framework", ""), _PLUGIN, [_dep(framework_commit = _A), _dep("other", framework_commit = _A)])

    repository = upstream_repository(parts["framework"])
    asserts.equals(env, ("rlbox_upstream_framework", "path"), (repository.name, repository.rule))
    asserts.equals(env, {"part": "framework", "path": "up/rlbox"}, repository.attrs)
    repository = upstream_repository(parts["plugin"])
    asserts.equals(env, ("rlbox_upstream_plugin", "git"), (repository.name, repository.rule))
    asserts.equals(env, {"commit": 40 * "2", "part": "plugin", "remote": "https://site/plugin"}, repository.attrs)
    return unittest.end(env)

select_test = unittest.make(_select_test_impl)

def _errors_test_impl(ctx):
    env = unittest.begin(ctx)
    for expected, tags in [
        (
            """\
rlbox: two tags say where the RLBox framework comes from:
  a says rlbox.upstream(framework_commit = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")
  b says rlbox.upstream(framework_remote = "https://m")
  To fix: say it with a tag of the root module.""",
            [_dep("a", framework_commit = _A), _dep("b", framework_remote = "https://m")],
        ),
        (
            """\
rlbox: two tags say where the RLBox wasm2c plugin comes from:
  app (the root module) says rlbox.upstream(plugin_path = "/p")
  app (the root module) says rlbox.upstream(plugin_path = "/q")
  To fix: write one tag for both.""",
            [_tag(plugin_path = "/p"), _tag(plugin_path = "/q")],
        ),
        (
            "rlbox.upstream in module app (the root module): framework_path = \"/p\" and framework_commit = \"%s\" contradict each other. To fix: leave one out" % _A,
            [_tag(framework_path = "/p", framework_commit = _A)],
        ),
        (
            "rlbox.upstream in module dep: plugin_path = \"/p\" and plugin_remote = \"https://m\" contradict each other. To fix: leave one out",
            [_dep(plugin_path = "/p", plugin_remote = "https://m")],
        ),
        (
            "rlbox.upstream in module dep: plugin_remote must be an address or an absolute path, got \"../p.git\". To fix: write one, or use plugin_path, which is for a checkout and relative to the root module's folder",
            [_dep(plugin_remote = "../p.git")],
        ),
    ] + [
        (
            "rlbox.upstream in module app (the root module): plugin_commit must be a commit's full id, 40 digits of 0-9 and a-f, which stands for its content, got %r" % commit,
            [_tag(plugin_commit = commit)],
        )
        for commit in ["main", "v1.0", 39 * "a", 41 * "a", 40 * "A", 40 * "g"]
    ]:
        error, _ = select_upstream(tags, _TABLE)
        asserts.equals(env, expected, error)
    return unittest.end(env)

errors_test = unittest.make(_errors_test_impl)

def _fetch_test_impl(ctx):
    env = unittest.begin(ctx)
    no_commit = "there is no such commit in the repository, or its server gives no commit by its id"
    asserts.equals(env, (no_commit, []), explain_git(128, "fatal: remote error: upload-pack: not our ref " + _A))
    asserts.equals(env, (no_commit, []), explain_git(128, "error: Server does not allow request for unadvertised object " + _A))
    asserts.equals(env, ("git took longer than 15 minutes", []), explain_git(256, ""))
    asserts.equals(env, ("the repository cannot be read", ["b", "c", "d", "e"]), explain_git(128, "a\nb\nc\n\nd\ne\n"))
    asserts.equals(
        env,
        """\
rlbox.upstream: cannot fetch the RLBox wasm2c plugin: the repository cannot be read.
  git: fatal: no
  Tried: git fetch https://m aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa, with this machine's git settings.
  To fix: in rlbox.upstream(...), set plugin_remote to a mirror, plugin_commit to another commit or plugin_path to a checkout;
  or use --override_repository (docs/toolchains.md), or --@rules_rlbox//rules/settings:rlbox=bundled, which fetches nothing.""",
        git_error(part = "plugin", commit = _A, remote = "https://m", what = "the repository cannot be read", said = ["fatal: no"]),
    )
    asserts.equals(
        env,
        [("rlbox.hpp", ["code/include/rlbox.hpp"])],
        [(m.what, m.looked) for m in missing_files("framework", lambda path: path.endswith("noop_sandbox.hpp"))],
    )
    return unittest.end(env)

fetch_test = unittest.make(_fetch_test_impl)

def _toolchains_test_impl(ctx):
    """Each pair of settings has one runtime, on every platform."""
    env = unittest.begin(ctx)
    targets = {target.name: target for target in runtime_toolchains()}
    asserts.equals(env, ["rlbox_bundled_noop", "rlbox_bundled_wasm2c", "rlbox_upstream_noop", "rlbox_upstream_wasm2c"], sorted(targets))
    text = toolchain_text(targets["rlbox_upstream_noop"])
    asserts.true(env, "toolchain = \"@rlbox_upstream_framework//:noop\"," in text, "noop needs no plugin")
    asserts.true(env, "exec_compatible_with = []," in text, "anywhere")
    settings = "[\"@rules_rlbox//rules/settings:backend_noop\",\"@rules_rlbox//rules/settings:rlbox_upstream\"]"
    asserts.true(env, "target_settings = %s," % settings in text, text)
    return unittest.end(env)

toolchains_test = unittest.make(_toolchains_test_impl)

def _wabt_test_impl(ctx):
    env = unittest.begin(ctx)
    for version in ["1.0.36", "1.0.9", "0.9.99", "1.0"]:
        asserts.true(env, older(version, "1.0.37"), version)
    for version in ["1.0.37", "1.0.42.0", "1.1.0", "2.0.0", "local", "main", "1.0-ours", "1"]:
        asserts.false(env, older(version, "1.0.37"), version)
    return unittest.end(env)

wabt_test = unittest.make(_wabt_test_impl)

def upstream_test_suite(name):
    """Declares the unit tests.

    Args:
        name: the suite's name.
    """
    unittest.suite(name, select_test, errors_test, fetch_test, toolchains_test, wabt_test)
