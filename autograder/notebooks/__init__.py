"""Notebooks and cells as text: reading any notebook, regions, names, magics."""
