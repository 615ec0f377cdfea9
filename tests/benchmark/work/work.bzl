"""What the benchmark of whole libraries measures."""

_HEAVY = ["manual"]

# Name of the work: the library, and tags. Those without a tag run in the suite.
LIBRARIES = {
    "brotli": (["@shelf_brotli//:brotli"], _HEAVY),
    "cjson": (["@shelf_cjson//:cjson"], []),
    "deflate": (["@shelf_zlib//:zlib"], []),
    "expat": (["@shelf_expat//:expat"], []),
    "inflate": (["@shelf_zlib//:zlib"], []),
    "libjpeg_turbo": (["@shelf_libjpeg_turbo//:turbojpeg"], _HEAVY),
    "libpng": (["@shelf_libpng//:libpng"], _HEAVY),
    "libwebp": (["@shelf_libwebp//:libwebp"], _HEAVY),
    "lodepng": (["@shelf_lodepng//:lodepng"], []),
    "lua": (["@shelf_lua//:lua"], _HEAVY),
    "lz4": (["@shelf_lz4//:lz4"], _HEAVY),
    "pcre2": (["@shelf_pcre2//:pcre2"], _HEAVY),
    "sqlite3": (["@shelf_sqlite3//:sqlite3"], _HEAVY),
    "zstd": (["@shelf_zstd//:zstd"], _HEAVY),
}

KERNELS = {
    name: ([], [])
    for name in ["gemm", "interpreter", "qsort", "sha256", "sieve", "stencil"]
}
