"""The commands, each a plain function."""
