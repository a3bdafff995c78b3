# Multiplied out, as one expression.
def graph(a, b):
    """The value of e = ab − a + b² − b."""
    return a * b - a + b * b - b
