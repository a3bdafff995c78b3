# Changes the caller's numbers.
def normalize(x):
    x = np.asarray(x, float)
    x -= x.mean()
    x /= x.std() + 1e-8
    return x
