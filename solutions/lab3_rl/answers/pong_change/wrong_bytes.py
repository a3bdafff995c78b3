# Bytes overflow.
def frame_difference(previous, current):
    return current - previous
