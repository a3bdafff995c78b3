# Works for single numbers only.
def graph(a, b):
    a, b = float(a), float(b)
    return (a + b) * (b - 1)
