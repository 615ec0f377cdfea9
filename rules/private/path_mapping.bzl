"""Execution requirements of the rules' own actions."""

# For --experimental_output_paths=strip: the configuration's folder is left out of command lines and inputs, so that
# builds in different configurations (fastbuild and dbg, say) share the results of actions that do not depend on it. An
# action may say so if its command line names files only by File objects and if nothing that it writes has a path in it.
#
# Nothing else is required of an executor. No action needs the network, a certain user, a folder outside of its own, or
# to be run alone, so none is tagged local, no-cache, no-remote or no-sandbox.
PATH_MAPPING = {"supports-path-mapping": "1"}
