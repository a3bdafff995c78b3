# The second node adds 1 instead of subtracting it.
def graph(a, b):
    return (a + b) * (b + 1)
