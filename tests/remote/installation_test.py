"""Which Debian packages are followed; nothing is downloaded."""

from __future__ import annotations

import fnmatch

from bootstrap import set_up
from packages import store
from servers import installation

_PRINTED = """\
nginx
  Depends: nginx-common
  Depends: libc6
 |Depends: libssl3t64
  Depends: libssl4
    libssl4-compat
  PreDepends: dpkg
libc6
  Depends: <libre2-11-abi>
    libre2-11
  Recommends: libidn2-0
    libidn3
<libre2-11-abi>
libre2-11
"""


def test_dependencies_are_read_with_alternatives_and_providers() -> None:
    graph = store.dependencies(_PRINTED)
    assert graph["nginx"] == ["nginx-common", "libc6", "libssl3t64", "libssl4", "libssl4-compat", "dpkg"]
    assert graph["libc6"] == ["<libre2-11-abi>", "libre2-11"]
    assert graph["libre2-11"] == []


def test_only_libraries_are_followed() -> None:
    followed = ["libc6", "libgrpc++1.51t64", "zlib1g", "python3.13-minimal", "libpython3.13-stdlib"]
    passed_over = ["nginx-common", "libnginx-mod-http-echo", "libperl5.40", "libssl-dev", "liburi-perl", "perl", "<x>"]
    assert installation.followed([*followed, *passed_over]) == followed


def test_the_launcher_does_not_remove_an_installation_in_the_making() -> None:
    assert not fnmatch.fnmatch(store.WORK_PREFIX, f"{set_up._WORK_PREFIX}*")
