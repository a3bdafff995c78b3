"""Plots, pictures and films for notebooks."""
