"""Debian's packages for tests, unpacked without root: compilers, emulators and servers that the machine need not have.

They come the way that tools/bazel's own Bazel comes (tools/dev/bootstrap): with the machine's apt and a private state of
apt, from the suite that Bazel is taken from, into the user's cache. Nothing of the machine changes.
"""
