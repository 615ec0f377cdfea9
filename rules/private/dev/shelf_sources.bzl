"""Where the sources of examples/libraries come from: released archives, each pinned by its SHA-256."""

# For each library the archives that have it, the first choice first. An archive has its SHA-256, the folder in it that becomes
# the repository's root, and where it is:
#   urls    the project's own addresses
#   debian  the path below a Debian mirror, for a machine that reaches nothing else: the machine's apt knows a mirror
#   npm     a package and its version: the machine's npm knows a registry
SHELF_SOURCES = {
    "brotli": [
        struct(
            debian = "pool/main/b/brotli/brotli_1.0.9.orig.tar.gz",
            sha256 = "f9e8d81d0405ba66d181529af42a3354f838c939095ff99930da6aa9cdf6fe46",
            strip_prefix = "brotli-1.0.9",
            urls = ["https://github.com/google/brotli/archive/refs/tags/v1.0.9.tar.gz"],
        ),
    ],
    "cjson": [
        struct(
            debian = "pool/main/c/cjson/cjson_1.7.15.orig.tar.gz",
            sha256 = "5308fd4bd90cef7aa060558514de6a1a4a0819974a26e6ed13973c5f624c24b2",
            strip_prefix = "cJSON-1.7.15",
            urls = ["https://github.com/DaveGamble/cJSON/archive/refs/tags/v1.7.15.tar.gz"],
        ),
    ],
    "expat": [
        struct(
            debian = "pool/main/e/expat/expat_2.5.0.orig.tar.gz",
            sha256 = "ab00ee05c7067fd10a35c5d2a4922ebba746ddd50ff83b79c828da17bbdf1757",
            strip_prefix = "libexpat-R_2_5_0/expat",
            urls = ["https://github.com/libexpat/libexpat/archive/refs/tags/R_2_5_0.tar.gz"],
        ),
    ],
    "flac": [
        struct(
            debian = "pool/main/f/flac/flac_1.4.2+ds.orig.tar.xz",
            sha256 = "47274ac8fcb1f0e6caa91d29f943925d7a40c0a3f6357c3275773bdb1ee46638",
            strip_prefix = "flac-1.4.2",
        ),
    ],
    "freetype": [
        struct(
            sha256 = "4766f20157cc4cf0cd292f80bf917f92d1c439b243ac3018debf6b9140c41a7f",
            strip_prefix = "freetype-2.12.1",
            urls = ["https://download.savannah.gnu.org/releases/freetype/freetype-2.12.1.tar.xz"],
        ),
        struct(
            debian = "pool/main/f/freetype/freetype_2.12.1+dfsg.orig.tar.xz",
            sha256 = "7dedb6b9adf331559daea614a83b8de42a753e685ec8e1c4bdb4529eb880b0d1",
            strip_prefix = "freetype-2.12.1",
        ),
    ],
    "giflib": [
        struct(
            debian = "pool/main/g/giflib/giflib_5.2.1.orig.tar.gz",
            sha256 = "31da5562f44c5f15d63340a09a4fd62b48c45620cd302f77a6d9acf0077879bd",
            strip_prefix = "giflib-5.2.1",
            urls = ["https://downloads.sourceforge.net/project/giflib/giflib-5.2.1.tar.gz"],
        ),
    ],
    "graphite2": [
        struct(
            debian = "pool/main/g/graphite2/graphite2_1.3.14.orig.tar.gz",
            sha256 = "7a3b342c5681921ce2e0c2496509d30b5b078399d5a7bd2358f95166d57d91df",
            strip_prefix = "graphite-1.3.14",
            urls = ["https://github.com/silnrsi/graphite/archive/refs/tags/1.3.14.tar.gz"],
        ),
    ],
    "hunspell": [
        struct(
            debian = "pool/main/h/hunspell/hunspell_1.7.1.orig.tar.gz",
            sha256 = "b2d9c5369c2cc7f321cb5983fda2dbf007dce3d9e17519746840a6f0c4bf7444",
            strip_prefix = "hunspell-1.7.1",
            urls = ["https://github.com/hunspell/hunspell/releases/download/v1.7.1/hunspell-1.7.1.tar.gz"],
        ),
    ],
    "libjpeg_turbo": [
        struct(
            debian = "pool/main/libj/libjpeg-turbo/libjpeg-turbo_2.1.5.orig.tar.gz",
            sha256 = "254f3642b04e309fee775123133c6464181addc150499561020312ec61c1bf7c",
            strip_prefix = "libjpeg-turbo-2.1.5",
            urls = ["https://github.com/libjpeg-turbo/libjpeg-turbo/archive/refs/tags/2.1.5.tar.gz"],
        ),
    ],
    "libpng": [
        struct(
            debian = "pool/main/libp/libpng1.6/libpng1.6_1.6.39.orig.tar.gz",
            sha256 = "a00e9d2f2f664186e4202db9299397f851aea71b36a35e74910b8820e380d441",
            strip_prefix = "libpng-1.6.39",
            urls = ["https://downloads.sourceforge.net/project/libpng/libpng16/1.6.39/libpng-1.6.39.tar.gz"],
        ),
    ],
    "libwebp": [
        struct(
            debian = "pool/main/libw/libwebp/libwebp_1.2.4.orig.tar.gz",
            sha256 = "7bf5a8a28cc69bcfa8cb214f2c3095703c6b73ac5fba4d5480c205331d9494df",
            strip_prefix = "libwebp-1.2.4",
            urls = ["https://storage.googleapis.com/downloads.webmproject.org/releases/webp/libwebp-1.2.4.tar.gz"],
        ),
    ],
    "libxml2": [
        struct(
            sha256 = "60d74a257d1ccec0475e749cba2f21559e48139efba6ff28224357c7c798dfee",
            strip_prefix = "libxml2-2.9.14",
            urls = ["https://download.gnome.org/sources/libxml2/2.9/libxml2-2.9.14.tar.xz"],
        ),
        struct(
            debian = "pool/main/libx/libxml2/libxml2_2.9.14+dfsg.orig.tar.xz",
            sha256 = "4fe913dec8b1ab89d13b489b419a8203176ea39e931eaa0d25b17eafb9c279e9",
            strip_prefix = "libxml2-2.9.14",
        ),
    ],
    "lodepng": [
        struct(
            debian = "pool/main/l/lodepng/lodepng_0.0~git20220618.b4ed2cd.orig.tar.gz",
            sha256 = "05f77ea901f980025056b80baca482fef6cbdf9551af0dd40b65013feecbca95",
            strip_prefix = "lodepng-0.0~git20220618.b4ed2cd",
        ),
    ],
    "lua": [
        struct(
            debian = "pool/main/l/lua5.4/lua5.4_5.4.4.orig.tar.gz",
            sha256 = "164c7849653b80ae67bec4b7473b884bf5cc8d2dca05653475ec2ed27b9ebf61",
            strip_prefix = "lua-5.4.4",
            urls = ["https://www.lua.org/ftp/lua-5.4.4.tar.gz"],
        ),
    ],
    "lz4": [
        struct(
            debian = "pool/main/l/lz4/lz4_1.9.4.orig.tar.gz",
            sha256 = "0b0e3aa07c8c063ddf40b082bdf7e37a1562bda40a0ff5272957f3e987e0e54b",
            strip_prefix = "lz4-1.9.4",
            urls = ["https://github.com/lz4/lz4/archive/refs/tags/v1.9.4.tar.gz"],
        ),
    ],
    "ogg": [
        struct(
            debian = "pool/main/libo/libogg/libogg_1.3.5.orig.tar.xz",
            sha256 = "c4d91be36fc8e54deae7575241e03f4211eb102afb3fc0775fbbc1b740016705",
            strip_prefix = "libogg-1.3.5",
            urls = ["https://downloads.xiph.org/releases/ogg/libogg-1.3.5.tar.xz"],
        ),
    ],
    "pcre2": [
        struct(
            debian = "pool/main/p/pcre2/pcre2_10.42.orig.tar.gz",
            sha256 = "c33b418e3b936ee3153de2c61cc638e7e4fe3156022a5c77d0711bcbb9d64f1f",
            strip_prefix = "pcre2-10.42",
            urls = ["https://github.com/PCRE2Project/pcre2/releases/download/pcre2-10.42/pcre2-10.42.tar.gz"],
        ),
    ],
    "pugixml": [
        struct(
            debian = "pool/main/p/pugixml/pugixml_1.13.orig.tar.gz",
            sha256 = "5c5ad5d7caeb791420408042a7d88c2c6180781bf218feca259fd9d840a888e1",
            strip_prefix = "pugixml-1.13",
            urls = ["https://github.com/zeux/pugixml/releases/download/v1.13/pugixml-1.13.tar.gz"],
        ),
    ],
    "soundtouch": [
        struct(
            debian = "pool/main/s/soundtouch/soundtouch_2.3.2+ds1.orig.tar.xz",
            sha256 = "9f07b1583d798c3b1caa4a45941468992441688ce5c9164bed7121f12d3032a5",
            strip_prefix = "soundtouch",
        ),
    ],
    "sqlite3": [
        # Debian's archive has no amalgamation.
        struct(
            npm = "better-sqlite3@11.7.0",
            sha256 = "0790df6bdd02fb93b7dec9d6fbe114aa50a25bd5b4e44e5c3b223933f7cd2e1e",
            strip_prefix = "package/deps/sqlite3",
        ),
    ],
    "stb": [
        struct(
            debian = "pool/main/libs/libstb/libstb_0.0~git20220908.8b5f1f3+ds.orig.tar.xz",
            sha256 = "6949c8ff9f86d982cff1b384f1301a731cbaf3b3fa4d1728c7b48a02386d31d8",
            strip_prefix = "libstb-0.0~git20220908.8b5f1f3+ds",
        ),
    ],
    "tree_sitter": [
        struct(
            npm = "tree-sitter@0.25.0",
            sha256 = "016448ee8e2c23aed7e1155c118cd66cd026e6436f7394b3f3606d30bf9aaa4a",
            strip_prefix = "package/vendor/tree-sitter/lib",
        ),
    ],
    "tree_sitter_json": [
        struct(
            npm = "tree-sitter-json@0.24.8",
            sha256 = "39e96d1e4231d200562ebd69105151cd43f58dda4b18a0e9a62fe2991da35b9c",
            strip_prefix = "package/src",
        ),
    ],
    "vorbis": [
        struct(
            debian = "pool/main/libv/libvorbis/libvorbis_1.3.7.orig.tar.gz",
            sha256 = "0e982409a9c3fc82ee06e08205b1355e5c6aa4c36bca58146ef399621b0ce5ab",
            strip_prefix = "libvorbis-1.3.7",
            urls = ["https://downloads.xiph.org/releases/vorbis/libvorbis-1.3.7.tar.gz"],
        ),
    ],
    "woff2": [
        struct(
            debian = "pool/main/w/woff2/woff2_1.0.2.orig.tar.gz",
            sha256 = "add272bb09e6384a4833ffca4896350fdb16e0ca22df68c0384773c67a175594",
            strip_prefix = "woff2-1.0.2",
            urls = ["https://github.com/google/woff2/archive/refs/tags/v1.0.2.tar.gz"],
        ),
    ],
    "zlib": [
        struct(
            sha256 = "b3a24de97a8fdbc835b9833169501030b8977031bcb54b3b3ac13740f846ab30",
            strip_prefix = "zlib-1.2.13",
            urls = ["https://zlib.net/fossils/zlib-1.2.13.tar.gz"],
        ),
        struct(
            debian = "pool/main/z/zlib/zlib_1.2.13.dfsg.orig.tar.bz2",
            sha256 = "71feb7947e3c00ef125f83b79a4e529bde31171e5babe48b391f06758d1ab0a1",
            strip_prefix = "zlib-1.2.13.dfsg",
        ),
    ],
    "zstd": [
        struct(
            sha256 = "0f470992aedad543126d06efab344dc5f3e171893810455787d38347343a4424",
            strip_prefix = "zstd-1.5.4",
            urls = ["https://github.com/facebook/zstd/releases/download/v1.5.4/zstd-1.5.4.tar.gz"],
        ),
        struct(
            debian = "pool/main/libz/libzstd/libzstd_1.5.4+dfsg2.orig.tar.xz",
            sha256 = "8cf4bbb65e77ec348d052c8d6230eba66d435bddf64c8b5be2fcb16880c19953",
            strip_prefix = "zstd-1.5.4",
        ),
    ],
}

# Sources that are a part of another library's example: the folder of that example.
SHELF_FOLDERS = {
    "tree_sitter_json": "tree_sitter",
}
