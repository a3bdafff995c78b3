# Nothing negative is kept.
def frame_difference(previous, current):
    return np.maximum(np.asarray(current, float) - np.asarray(previous, float), 0)
