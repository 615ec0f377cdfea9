"""The recipes that docs/remote.md shows: remote_test.py uses nginx's and Bazel's; here is what else can be checked."""

from __future__ import annotations

import json
import re
import subprocess

from nested_bazel import runfiles_root
from servers import installation

_RECIPES = runfiles_root() / "docs" / "ci"
_PAGE = runfiles_root() / "docs" / "remote.md"


def test_the_workflow_runs_bazel_with_options_that_there_are(installed: installation.Installation) -> None:
    read = "import json, sys, yaml; print(json.dumps(yaml.load(sys.stdin, yaml.BaseLoader)))"
    done = subprocess.run(
        installed.python("-c", read),
        input=(_RECIPES / "github-actions.yml").read_text(),
        env=installed.python_environment(),
        capture_output=True,
        text=True,
        check=True,
    )
    workflow = json.loads(done.stdout)
    configs = set(re.findall(r"^build:([\w-]+) ", (_RECIPES / "remote.bazelrc").read_text(), re.MULTILINE))
    steps = [step for job in workflow["jobs"].values() for step in job["steps"]]
    scripts = [step["run"] for step in steps if "run" in step]
    assert len(scripts) == 2
    for script in scripts:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True)
        assert set(re.findall(r"--config=([\w-]+)", script)) <= configs
    for step in steps:
        if "pull_request" in step.get("if", ""):
            assert "secrets" not in json.dumps(step) and "writer" not in step["run"], "pull requests only read"
        assert "secrets" not in json.dumps(step) or step["if"] == "github.event_name == 'push'"


def test_the_page_names_every_recipe_and_option() -> None:
    page = _PAGE.read_text()
    for recipe in _RECIPES.iterdir():
        assert f"(ci/{recipe.name})" in page
    for config in re.findall(r"^build:([\w-]+) ", (_RECIPES / "remote.bazelrc").read_text(), re.MULTILINE):
        assert f"`--config={config}`" in page


def test_nginx_needs_no_more_than_ten_lines() -> None:
    assert len((_RECIPES / "nginx-cache.conf").read_text().splitlines()) <= 10
