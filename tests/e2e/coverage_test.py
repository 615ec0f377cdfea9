"""`bazel coverage` of an application with a sandbox: the application's lines are counted; the library's with noop alone."""

from __future__ import annotations

import pathlib
import re

from nested_bazel import NestedBazel

_BUILD = """\
load("@rules_cc//cc:cc_library.bzl", "cc_library")
load("@rules_rlbox//rules:defs.bzl", "rlbox_cc_test", "rlbox_sandbox")

cc_library(name = "half", srcs = ["half.c"], hdrs = ["half.h"])
rlbox_sandbox(name = "half_sandbox", module_name = "half", deps = [":half"])
rlbox_cc_test(name = "test", srcs = ["test.cc"], sandboxes = [":half_sandbox"])
sh_binary(name = "merge", srcs = ["merge.sh"])
"""
_TEST = """\
#include "half.rlbox.h"
int once(int value) { return value; }
int never(int value) { return value; }
int main(int argc, char**) {
  rlbox_sandbox_half sandbox;
  sandbox.create_sandbox();
  const int found = sandbox.invoke_sandbox_function(half, 84).copy_and_verify([](int value) { return once(value); });
  sandbox.destroy_sandbox();
  return argc > 9 ? never(found) : found != 42;
}
"""

# In place of Bazel's own mergers, programs that Bazel downloads: the counts of each file, as gcov has them.
_MERGE = """\
#!/usr/bin/env bash
for word in "$@"; do
  case "$word" in
    --coverage_dir=*) folder=${word#*=} ;;
    --output_file=*) output=${word#*=} ;;
  esac
done
python3 - "$folder" > "$output" <<'EOF'
import gzip, json, pathlib, sys
for path in sorted(pathlib.Path(sys.argv[1]).rglob("*.gcov.json.gz")):
    for file in json.loads(gzip.open(path).read())["files"]:
        for line in file["lines"]:
            print(f"{file['file']}:{line['line_number']}:{line['count']}")
EOF
"""


def test_the_applications_lines_are_counted(bazel: NestedBazel, consumer: pathlib.Path) -> None:
    folder = consumer / "covered"
    folder.mkdir()
    files = {"BUILD.bazel": _BUILD, "test.cc": _TEST, "merge.sh": _MERGE}
    files["half.h"] = "int half(int n);\n"
    files["half.c"] = '#include "half.h"\nint half(int n) { return n / 2; }\n'
    for name, text in files.items():
        (folder / name).write_text(text)
    (folder / "merge.sh").chmod(0o755)
    flags = [f"--coverage_{what}_generator=//covered:merge" for what in ("output", "report")]
    flags += ["--test_output=errors", "--instrumentation_filter=//covered[:/]"]
    for backend in ("wasm2c", "noop"):
        setting = f"--@rules_rlbox//rules/settings:backend={backend}"
        result = bazel.run("coverage", "//covered:test", setting, *flags, cwd=consumer)
        assert result.returncode == 0, result.stdout + result.stderr
        report = (consumer / "bazel-testlogs/covered/test/coverage.dat").read_text()
        lines = re.findall(r"(.+):(\d+):(\d+)\n", report)
        counts = {(pathlib.Path(file).name, int(line)): int(n) for file, line, n in lines}
        assert counts["test.cc", 2] > 0, report
        assert counts["test.cc", 3] == 0
        assert counts["test.cc", 6] == 1
        # In the sandbox the library runs as WebAssembly's code, which nobody instruments.
        assert [name for name, _ in counts if name == "half.c"] == ["half.c"] * (backend == "noop")
