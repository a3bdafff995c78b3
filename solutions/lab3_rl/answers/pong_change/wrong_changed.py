# Where something has changed.
def frame_difference(previous, current):
    return (np.asarray(current) != np.asarray(previous)).astype(float)
