# Previous minus current.
def frame_difference(previous, current):
    return np.asarray(previous, float) - np.asarray(current, float)
