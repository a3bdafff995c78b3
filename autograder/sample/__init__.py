"""The sample class."""
