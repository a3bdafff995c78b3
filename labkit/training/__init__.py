"""Budgets, seeds and live curves for training loops."""
