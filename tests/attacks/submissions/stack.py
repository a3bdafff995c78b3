def double(x):
    for _ in range(10**6):
        x = (x,)
    return hash(x)
