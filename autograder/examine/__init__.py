"""One submission behind walls: its exam is run here, and judged where no student code runs."""
