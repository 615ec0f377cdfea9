"""Runs the machine's own pip, which knows its index: a company mirror, a folder without a network, or the public index."""

load(":archive.bzl", "ARCHIVE_ENVIRONMENT")

# Variables that say where pip fetches from, besides its configuration files. A file that is pinned by hash is the same
# whatever python3 fetches it. So PATH is not among the variables: another terminal's PATH would fetch and unpack the toolchains
# again.
INDEX_ENVIRONMENT = [
    "PIP_CONFIG_FILE",
    "PIP_EXTRA_INDEX_URL",
    "PIP_FIND_LINKS",
    "PIP_INDEX_URL",
    "PIP_NO_INDEX",
] + ARCHIVE_ENVIRONMENT

# For repositories of installed packages, which are of the python3 on PATH.
PIP_ENVIRONMENT = ["PATH"] + INDEX_ENVIRONMENT

NO_PYTHON = "there is no python3 on PATH"

def explain_pip(return_code, output):
    """Says in a clause why pip failed.

    Args:
        return_code: pip's exit code.
        output: what it printed.

    Returns:
        The clause.
    """
    if "No module named pip" in output:
        return "python3 has no pip"
    if "DO NOT MATCH THE HASHES" in output:
        return "the index serves a file whose SHA-256 is not the pinned one"
    if "No matching distribution found" in output:
        return "the index that pip is configured with does not have it, or cannot be reached"
    if return_code >= 256:
        return "pip took longer than 15 minutes"
    return "pip failed with exit code %d" % return_code

def run_pip(repository_ctx, command, *, requirements, options):
    """Runs pip for exactly the packages that a requirements file pins by hash.

    Args:
        repository_ctx: the repository rule's context.
        command: `download` or `install`.
        requirements: the requirements file, a path or a name in the repository's folder.
        options: further options of the command, e.g. where the files go.

    Returns:
        A struct with error (a clause, None if pip succeeded), command (the command line, None without a python3) and output
        (what pip printed).
    """
    python = repository_ctx.which("python3")
    if not python:
        return struct(error = NO_PYTHON, command = None, output = "")
    line = [
        python,
        "-m",
        "pip",
        command,
        "--disable-pip-version-check",
        "--no-input",
        "--quiet",
        # No dependency is resolved: the file has the whole list.
        "--no-deps",
        "--require-hashes",
        "--requirement",
        requirements,
    ] + options

    # A machine-wide `user = true` in pip.conf would contradict an installation into a folder.
    result = repository_ctx.execute(line, environment = {"PIP_USER": "0"}, quiet = True, timeout = 900)
    output = result.stderr + result.stdout
    return struct(
        error = explain_pip(result.return_code, output) if result.return_code else None,
        command = line,
        output = output,
    )
