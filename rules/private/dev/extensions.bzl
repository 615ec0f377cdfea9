"""What this repository's own tests fetch: a dev-only module extension, which no consumer's build looks at."""

load(":debian.bzl", "debian_repository", "debian_toolchains")
load(":pip.bzl", "pip_repository")
load(":sdist.bzl", "SOURCES", "sdist_repository")
load(":shelf.bzl", "shelf_repository")
load(":shelf_sources.bzl", "SHELF_FOLDERS", "SHELF_SOURCES")
load(":zig.bzl", "zig_repository")

# Modules of tests/registry -> whose sources they have.
_REGISTRY = {
    "brotli": "brotli",
    "giflib": "giflib",
    "graphite2": "graphite2",
    "libexpat": "expat",
    "libpng": "libpng",
    "libwebp": "libwebp",
    "lodepng": "lodepng",
    "ogg": "ogg",
    "pugixml": "pugixml",
    "zlib": "zlib",
}

# What tests/hosts fetches from Debian: a name of a repository, and what is in it.
_DEBIAN = {
    # A compiler for arm64, the system's headers and libraries, and what runs the programs.
    "rlbox_dev_arm64": struct(
        build_file = Label("//tests/hosts:arm64.BUILD"),
        folder = "arm64-",
        # The sanitizers' libraries and those for other languages stay behind.
        follow = r"(gcc|g\+\+|cpp|binutils)-.*aarch64-linux-gnu|lib(?!asan|tsan|lsan|ubsan|hwasan|gomp|itm|atomic).+|linux-libc-dev.*|zlib1g",
        leave_out = ["./usr/bin/qemu-[!a]*", "./usr/bin/qemu-a[!a]*", "./usr/bin/qemu-aarch64_be", "*-lto-dump*"],
        packages = ["g++-aarch64-linux-gnu", "qemu-user"],
        programs = ["usr/bin", "usr/libexec/gcc-cross", "usr/lib/gcc-cross", "usr/aarch64-linux-gnu/bin"],
        targets = ["cc_toolchain", "libraries", "qemu"],
    ),
}

def _rlbox_dev_impl(module_ctx):
    repositories = ["rlbox_dev_pip", "rlbox_dev_toolchains", "rlbox_dev_zig"] + _DEBIAN.keys()
    debian_toolchains(name = "rlbox_dev_toolchains", arm64 = "rlbox_dev_arm64")
    for name, content in _DEBIAN.items():
        debian_repository(
            name = name,
            build_file = content.build_file,
            folder = content.folder,
            follow = content.follow,
            leave_out = content.leave_out,
            packages = content.packages,
            programs = content.programs,
            targets = content.targets,
        )
    pip_repository(name = "rlbox_dev_pip", requirements = Label("//tests:requirements.txt"))
    zig_repository(name = "rlbox_dev_zig", wheels = Label("//rules/toolchains:wheels.json"))
    for package, source in SOURCES.items():
        repositories.append("rlbox_dev_" + package)
        sdist_repository(
            name = repositories[-1],
            build_file = Label("//tests/libraries:%s.BUILD" % package),
            file = source.file,
            package = package,
            sha256 = source.sha256,
            strip_prefix = source.strip_prefix,
            version = source.version,
        )
    for library in SHELF_SOURCES:
        repositories.append("shelf_" + library)
        shelf_repository(
            name = repositories[-1],
            build_file = Label("//examples/libraries/%s:%s.BUILD" % (SHELF_FOLDERS.get(library, library), library)),
            library = library,
        )
    for module, library in _REGISTRY.items():
        repositories.append("registry_" + module)
        shelf_repository(
            name = repositories[-1],
            build_file = Label("//tests/registry:%s.BUILD" % module),
            library = library,
        )
    if hasattr(module_ctx, "extension_metadata"):
        return module_ctx.extension_metadata(root_module_direct_deps = [], root_module_direct_dev_deps = repositories)
    return None

rlbox_dev = module_extension(
    implementation = _rlbox_dev_impl,
    doc = """\
Makes, for tests/ only: `rlbox_dev_pip`, pytest and hypothesis as `py_library` targets, and for each real C library that is
sandboxed in tests/libraries a repository with its sources. `shelf_<name>` is the same for each library of examples/libraries, and `registry_<name>` for some of them
with BUILD files as registries have them. `rlbox_dev_arm64` is a compiler and an emulator for arm64, `rlbox_dev_zig` a compiler for other C libraries and systems.""",
)
