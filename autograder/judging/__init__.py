"""Reported values against the key. No student code is run here."""
