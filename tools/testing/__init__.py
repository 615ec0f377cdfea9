"""The main files of tests that users declare."""
