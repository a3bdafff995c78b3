# Scales to the interval from 0 to 1.
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.min()) / (np.ptp(x) + 1e-8)
