"""Notebooks: read safely, written canonically, a student's answers found in them."""
