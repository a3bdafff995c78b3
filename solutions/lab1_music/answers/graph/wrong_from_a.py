# The 1 is subtracted from a.
def graph(a, b):
    return (a + b) * (a - 1)
