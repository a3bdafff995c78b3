# np.subtract with a dtype.
def frame_difference(previous, current):
    return np.subtract(current, previous, dtype=np.float64)
