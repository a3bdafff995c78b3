# Changes the caller's array by +=.
def graph(a, b):
    a += b
    return a * (b - 1)
