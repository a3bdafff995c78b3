"""Warm, walled kernels: a fork server that holds the imports, a sandbox, and a Jupyter kernel
provisioner."""
