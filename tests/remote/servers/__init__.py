"""Real servers for the tests of remote caching and remote execution.

They are programs that others wrote, used as they are: nginx as an HTTP cache, BuildGrid as a cache and scheduler of the
remote execution API, with PostgreSQL for its queue and a BuildBox worker. Debian's packages and Python wheels are
unpacked into the user's cache, once, without root; the servers run from there on free ports of the loopback interface,
for as long as a test needs them.
"""
