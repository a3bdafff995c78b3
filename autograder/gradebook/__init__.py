"""nbgrader: its configuration, and the steps of it that are replaced."""
