# Subtracts only.
def normalize(x):
    x = np.asarray(x, float)
    return x - x.mean()
