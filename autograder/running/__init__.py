"""Exams run on submissions, and their results."""
