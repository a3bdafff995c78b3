"""Build, collect, grade and explain the labs; every command is also a Python function."""
