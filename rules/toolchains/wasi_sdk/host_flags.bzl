"""Flags of BUILD files that the toolchain drops: those that only mean something to the host, and those that `drop_copts` names.

A flag is matched as a pattern: the flag itself, or the beginning of it and a `*`.
"""

load("@rules_cc//cc:cc_toolchain_config_lib.bzl", "env_entry", "env_set", "feature")

# The processor, and how its code is called, addressed and hardened.
_PROCESSOR = """
-m16 -m32 -m64 -mx32 -march=* -mtune=* -mcpu=* -mfpu=* -mfloat-abi=* -mabi=* -mcmodel=* -mfpmath=* -marm -mthumb
-mavx* -mno-avx* -msse* -mno-sse* -mssse3 -mno-ssse3 -mmmx -mno-mmx -m3dnow* -mno-3dnow* -mfma* -mno-fma* -mf16c -mno-f16c
-maes -mno-aes -mvaes -mpclmul -mno-pclmul -mvpclmulqdq -mbmi* -mno-bmi* -mlzcnt -mabm -mpopcnt -mno-popcnt -mcrc* -mno-crc*
-mmovbe -mmovdir* -mrdrnd -mrdseed -madx -mrtm -mxsave* -mcx16 -msahf -mgfni -msha* -mvsx -maltivec -mpower* -mneon -mrecip*
-mprefer-vector-width=* -mbranch-protection=* -mharden-sls=* -mretpoline* -mindirect-branch* -mfunction-return=* -mstackrealign
-mincoming-stack-boundary=* -mpreferred-stack-boundary=* -mred-zone -mno-red-zone -mfentry -mthreads -mgeneral-regs-only
-moutline-atomics -mno-outline-atomics -munaligned-access -mno-unaligned-access -mstrict-align -mlong-double-* -mtls-dialect=*
-mspeculative-load-hardening -mmacosx-version-min=* -mios-version-min=* -miphoneos-version-min=*
-fcf-protection* -fstack-protector* -fstack-clash-protection -fsplit-stack -D_FORTIFY_SOURCE* -Wp,-D_FORTIFY_SOURCE* -Wp,-U_FORTIFY_SOURCE*
"""

# Shared libraries, threads, the host's libraries, and formats that only the host's linker reads.
_SYSTEM = """
-fPIC -fpic -fPIE -fpie -fno-plt -fsemantic-interposition -fno-semantic-interposition -flto* -ffat-lto-objects -fno-fat-lto-objects
-fuse-linker-plugin -fuse-ld=* -stdlib=* -pthread -rdynamic -static -static-libgcc -static-libstdc++ -static-pie -no-pie
-ldl -lpthread -lm -lrt -lutil -lcrypt -lresolv -latomic -lstdc++ -lstdc++fs -lgcc* -L/* -Wl,/* -Wl,$*
-Wl,-rpath* -Wl,--rpath* -Wl,-R* -Wl,-z,* -Wl,-znow -Wl,-zrelro -Wl,-zdefs -Wl,--as-needed* -Wl,--no-as-needed* -Wl,--push-state* -Wl,--pop-state*
-Wl,-soname* -Wl,--soname* -Wl,-h,* -Wl,-Bsymbolic* -Wl,--version-script* -Wl,--exclude-libs* -Wl,--hash-style* -Wl,--dynamic-list*
-Wl,--enable-new-dtags* -Wl,--disable-new-dtags* -Wl,--eh-frame-hdr* -Wl,--dynamic-linker* -Wl,--copy-dt-needed-entries*
-Wl,--no-copy-dt-needed-entries* -Wl,--warn-common* -Wl,--sort-common* -Wl,--icf=* -Wl,--start-group* -Wl,--end-group* -Wl,--no-undefined-version*
-Wl,--compress-debug-sections=* -Wl,--gdb-index*
"""

HOST_FLAGS = [flag for flag in (_PROCESSOR + _SYSTEM).replace("\n", " ").split(" ") if flag]

# How a sandbox's `drop_copts` reach the toolchain: as names of features that nobody declares. A build setting would reach the
# programs of the exec platform as well, and the sysroot would be built again for each value.
_FEATURE = "rlbox.drop_copts="

# What a dropped flag becomes: a flag that the toolchain gives to each command anyway.
_NOTHING = "--no-default-config"

# Stands for a character that cannot be in an edit: a slash, a space or what is not in ASCII.
_ANY_OTHER = "[^!-.0-~]"

def matches(flag, patterns):
    """Says whether a flag is one of those that patterns stand for.

    Args:
        flag: string, one word of a command line.
        patterns: list of string.

    Returns:
        True if one of the patterns fits.
    """
    for pattern in patterns:
        if flag == pattern or (pattern.endswith("*") and flag.startswith(pattern[:-1])):
            return True
    return False

def drop_features(patterns):
    """The names of features that tell the toolchain what a sandbox drops.

    Args:
        patterns: list of string.

    Returns:
        A list of string, sorted: the order makes no difference, and so two sandboxes share a configuration.
    """
    return [_FEATURE + pattern for pattern in sorted({pattern: True for pattern in patterns})]

def dropped_by(features):
    """The reverse of `drop_features`.

    Args:
        features: list of string, names of features.

    Returns:
        A list of string, patterns.
    """
    return [name.removeprefix(_FEATURE) for name in features if name.startswith(_FEATURE)]

def _regex(pattern):
    """A pattern as an extended regular expression without slashes and spaces."""
    text = ""
    for char in pattern.removesuffix("*").elems():
        if char in "^.[]$()|*+?{}\\":
            text += "\\" + char
        else:
            text += char if char > " " and char <= "~" and char != "/" else _ANY_OTHER
    return text + (".*" if pattern.endswith("*") else "")

def override_options(patterns):
    """The value of clang's CCC_OVERRIDE_OPTIONS that drops flags from a command line.

    clang applies the edits, which spaces separate, after it has read files with arguments. The first `#` keeps it silent.

    Args:
        patterns: list of string.

    Returns:
        A string.
    """
    return "# s/^(%s)$/%s/" % ("|".join([_regex(pattern) for pattern in patterns]), _NOTHING)

def drop_flags_feature(actions, features):
    """The feature that takes flags back which a BUILD file or an option of Bazel adds: an environment variable of clang's does.

    Args:
        actions: list of string, the names of the actions.
        features: list of string, the names of features that the configuration asks for: those of the sandbox that is built.

    Returns:
        A feature.
    """
    return feature(
        name = "drop_flags",
        enabled = True,
        env_sets = [env_set(
            actions = actions,
            env_entries = [env_entry("CCC_OVERRIDE_OPTIONS", override_options(HOST_FLAGS + dropped_by(features)))],
        )],
    )
