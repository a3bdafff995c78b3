# The safety number is too large to be harmless.
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / (x.std() + 0.1)
