# 0/0 when all numbers are the same.
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / x.std()
