"""The first draft of a program that uses a library in a sandbox."""
