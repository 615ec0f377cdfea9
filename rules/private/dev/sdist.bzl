"""Real C libraries for the tests: those that Python packages bundle in their source distributions.

The machine's pip fetches them by hash, as it does everything else here. pip asks a source distribution for its metadata, for
which it runs that distribution's own set-up script, which is pinned by the hash, too.
"""

load("//rules/toolchains/private:pip.bzl", "PIP_ENVIRONMENT", "run_pip")
load(":pip.bzl", "pip_error")

# What is taken: the distribution's file, and the folder in it that becomes the repository's.
SOURCES = {
    "brotli": struct(
        file = "Brotli-1.1.0.tar.gz",
        sha256 = "81de08ac11bcb85841e440c13611c00b67d3bf82698314928d0b676362546724",
        strip_prefix = "Brotli-1.1.0",
        version = "1.1.0",
    ),
    "httptools": struct(
        file = "httptools-0.6.4.tar.gz",
        sha256 = "4e93eee4add6493b59a5c514da98c939b244fce4a0d8879cd3f466562f4b7d5c",
        strip_prefix = "httptools-0.6.4/vendor/llhttp",
        version = "0.6.4",
    ),
}

def _sdist_repository_impl(repository_ctx):
    attr = repository_ctx.attr
    requirements = "requirements.txt"
    repository_ctx.file(requirements, "%s==%s --hash=sha256:%s\n" % (attr.package, attr.version, attr.sha256), executable = False)
    repository_ctx.report_progress("downloading the sources of %s %s with pip" % (attr.package, attr.version))
    pip = run_pip(
        repository_ctx,
        "download",
        options = ["--no-binary=" + attr.package, "--dest", "pip"],
        requirements = requirements,
    )
    if pip.error:
        fail(pip_error(output = pip.output, tried = pip.command, what = pip.error))
    repository_ctx.extract("pip/" + attr.file, stripPrefix = attr.strip_prefix)
    repository_ctx.delete("pip")
    repository_ctx.delete(requirements)
    repository_ctx.file("BUILD.bazel", repository_ctx.read(attr.build_file), executable = False)

sdist_repository = repository_rule(
    implementation = _sdist_repository_impl,
    doc = "A folder of a Python source distribution, fetched by hash with the machine's pip.",
    attrs = {
        "build_file": attr.label(
            doc = "What becomes its BUILD.bazel.",
            allow_single_file = True,
            mandatory = True,
        ),
        "file": attr.string(
            doc = "The distribution's file name.",
            mandatory = True,
        ),
        "package": attr.string(
            doc = "The package's name.",
            mandatory = True,
        ),
        "sha256": attr.string(
            doc = "The file's SHA-256, hexadecimal.",
            mandatory = True,
        ),
        "strip_prefix": attr.string(
            doc = "The folder in the file that becomes the repository's root.",
            mandatory = True,
        ),
        "version": attr.string(
            doc = "The package's version.",
            mandatory = True,
        ),
    },
    environ = PIP_ENVIRONMENT,
)
