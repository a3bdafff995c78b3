# The last node adds.
def graph(a, b):
    c = a + b
    d = b - 1
    return c + d
