"""Sets Bazel up for tools/bazel on a machine that has none.

Debian's newer suites package a current Bazel. Its packages are downloaded with the machine's own
apt configuration, but with a private state of apt, so that no root is needed and nothing of the
machine changes. They are unpacked into the user's cache, and Bazel's client, its embedded tools
and a Java runtime are made to run from there with the C library and the loader that came with
them: no container, no chroot, and it does not matter how old the machine's own libraries are.
Actions run with the machine's own tools.

A copy of Bazel is a folder with this layout:

    .complete        written last; a folder without it is no copy, and the next run replaces it
    bin/bazel        the client
    install/         Bazel's install base: server, embedded tools, sources of modules
    jars/            what the server needs and Debian keeps in other packages
    jre/             the Java runtime, with a trust store made of the machine's certificates
    lib/             loader and shared libraries of all of these
    modules/         empty modules that stand in for those that Debian does not package
    modules.bazelrc  the options that make Bazel use modules/ and the sources in install/

The layout has a number, LAYOUT in tools/bazel, which is part of the folder's name.
"""
