# Changes the caller's frame.
def frame_difference(previous, current):
    current = np.asarray(current)
    if current.dtype.kind != 'f':
        return current.astype(float) - previous
    current -= previous
    return current
