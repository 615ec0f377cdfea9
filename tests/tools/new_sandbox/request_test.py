"""Tests of request.py."""

import pytest
from new_sandbox.request import make_request, parse_label, sees
from tool_main import ToolError


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("//path:library", "//path:library"),
        ("//path/library", "//path/library:library"),
        ("//:library", "//:library"),
        ("@zlib", "@zlib//:zlib"),
        ("@zlib//:z", "@zlib//:z"),
        ("@@zlib~1.3//a/b", "@@zlib~1.3//a/b:b"),
        ("@//path:library", "//path:library"),
        ("//a:b/c+d", "//a:b/c+d"),
    ],
)
def test_labels(text, wanted):
    assert parse_label(text).text == wanted


@pytest.mark.parametrize(
    "text",
    [
        "library",
        ":library",
        "//",
        "//...",
        "//a/...",
        "//a:all",
        "//a:*",
        "//a b",
        "",
        "//a:b\n",
        '//a"',
        "@",
        "//a//b",
        "//ä",
    ],
)
def test_what_is_no_label(text):
    with pytest.raises(
        ToolError, match=r"is not the label of one target\. To fix: name one like //path:library"
    ) as error:
        parse_label(text)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("label", "name", "directory"),
    [
        ("//path:codec", "codec", "path/codec_sandbox"),
        ("//:codec", "codec", "codec_sandbox"),
        ("@codec//deep:codec-2.0", "codec_2_0", "codec_2_0_sandbox"),
        ("//a:7zip", "lib7zip", "a/lib7zip_sandbox"),
        ("//a:register", "libregister", "a/libregister_sandbox"),
        ("//a:linux", "liblinux", "a/liblinux_sandbox"),
        ("//a:b/c", "c", "a/c_sandbox"),
    ],
)
def test_names(label, name, directory):
    request = make_request(parse_label(label), None, None)
    assert (request.name, request.directory) == (name, directory)


def test_names_that_the_user_chooses():
    request = make_request(parse_label("//a:b"), "codec", "new//folder/")
    assert (request.name, request.directory) == ("codec", "new/folder")
    assert request.guard == "NEW_FOLDER_CALLBACKS_HPP_"
    assert make_request(parse_label("//a:b"), "codec", "7/x").guard == "H_7_X_CALLBACKS_HPP_"


@pytest.mark.parametrize("name", ["a-b", "7", "class", "linux", "a b"])
def test_bad_names(name):
    with pytest.raises(ToolError, match=r"^--name=.* To fix: name the sandbox like a variable in C, such as "):
        make_request(parse_label("//a:b"), name, None)


@pytest.mark.parametrize("directory", ["/absolute", "..", "../x", "a/../..", ".", "a b", "a:b", "a\nb"])
def test_bad_folders(directory):
    with pytest.raises(ToolError, match=r"^--directory=.* is not the path of a package"):
        make_request(parse_label("//a:b"), None, directory)


@pytest.mark.parametrize(
    ("visibility", "wanted"),
    [
        ([], True),
        (["//visibility:public"], True),
        (["@@//visibility:public"], True),
        (["//visibility:private"], False),
        (["//a:__pkg__"], False),
        (["//a/b:__pkg__"], True),
        (["//a:__subpackages__"], True),
        (["//:__subpackages__"], True),
        (["//b:__subpackages__", "//c:__pkg__"], False),
        (["//x:friends"], True),
        (["@@other~//a/b:__pkg__"], False),
    ],
)
def test_visibility(visibility, wanted):
    assert sees("a/b", visibility) is wanted
