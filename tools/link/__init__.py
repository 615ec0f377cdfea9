"""What a sandbox's module exports, and the check that every module passes."""
