"""The attack-surface report of a module."""
