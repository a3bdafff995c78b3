# Brackets are missing: only b is multiplied.
def graph(a, b):
    return a + b * (b - 1)
