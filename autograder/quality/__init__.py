"""The grader tested and measured."""
