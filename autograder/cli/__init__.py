"""The command line."""

from autograder.cli.app import main

__all__ = ["main"]
