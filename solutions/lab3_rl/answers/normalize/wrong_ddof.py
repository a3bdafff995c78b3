# The standard deviation of a sample.
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / (x.std(ddof=1) + 1e-8)
