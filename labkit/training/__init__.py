"""Budgets, seeds and training curves."""
