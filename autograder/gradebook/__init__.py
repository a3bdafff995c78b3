"""nbgrader: its configuration, its gradebook, its formgrader."""
