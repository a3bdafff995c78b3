# Constants come back as they are.
def normalize(x):
    x = np.asarray(x, float)
    if np.ptp(x) == 0:
        return x
    return (x - x.mean()) / x.std()
