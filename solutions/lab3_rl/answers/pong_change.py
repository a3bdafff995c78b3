# %% right: subtract · np.subtract with a dtype
def frame_difference(previous, current):
    return np.subtract(current, previous, dtype=np.float64)

# %% right: tensorflow · casts by TensorFlow; returns a tensor
def frame_difference(previous, current):
    return tf.cast(current, tf.float32) - tf.cast(previous, tf.float32)

# %% right: hint_3 · hint 3, filled in
def frame_difference(previous, current):
    return np.asarray(current, "float32") - np.asarray(previous, "float32")

# %% wrong: absolute · the absolute difference: no direction is left
def frame_difference(previous, current):
    return np.abs(np.asarray(current, float) - np.asarray(previous, float))

# %% wrong: bytes · subtracts in the frames' own type: bytes overflow
def frame_difference(previous, current):
    return current - previous

# %% wrong: changed · tells only where something has changed
def frame_difference(previous, current):
    return (np.asarray(current) != np.asarray(previous)).astype(float)

# %% wrong: clipped · negative differences become 0
def frame_difference(previous, current):
    return np.maximum(np.asarray(current, float) - np.asarray(previous, float), 0)

# %% wrong: in_place · subtracts in the caller's frame
def frame_difference(previous, current):
    current = np.asarray(current)
    if current.dtype.kind != "f":
        return current.astype(float) - previous
    current -= previous
    return current

# %% wrong: order · previous − current instead of current − previous
def frame_difference(previous, current):
    return np.asarray(previous, float) - np.asarray(current, float)
