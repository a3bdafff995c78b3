# Only how much, not in which direction.
def frame_difference(previous, current):
    return np.abs(np.asarray(current, float) - np.asarray(previous, float))
