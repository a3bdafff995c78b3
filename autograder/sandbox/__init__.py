"""Kernels that are forks of a warm process, each in a sandbox of its own."""
