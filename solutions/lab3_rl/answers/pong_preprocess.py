# %% right: isin · np.isin and np.where; returns a tensor
def preprocess_pong(frame):
    red = np.array(frame)[34:194:2, 0:160:2, 0]
    return tf.constant(np.where(np.isin(red, [144, 109]), 0.0, 1.0)[..., None], tf.float32)

# %% right: karpathy · changed step by step in a copy
def preprocess_pong(frame):
    image = frame[34:194]
    image = image[::2, ::2, 0].copy()
    image[image == 144] = 0
    image[image == 109] = 0
    image[image != 0] = 1
    return image.astype(np.float32)[:, :, np.newaxis]

# %% right: hint_3 · hint 3, filled in
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return ((small != 144) & (small != 109)).astype("float32")

# %% wrong: green · the green channel instead of the red one
# -     small = frame[34:194:2, ::2, :1]
# +     small = frame[34:194:2, ::2, 1:2]

# %% wrong: in_place · writes into the caller's frame
def preprocess_pong(frame):
    image = frame[34:194:2, ::2, :1]
    image[(image == 144) | (image == 109)] = 0
    image[image != 0] = 1
    return image.astype("float32")

# %% wrong: inverted · background 1, objects 0
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return ((small == 144) | (small == 109)).astype("float32")

# %% wrong: no_axis · the last axis is missing: (80, 80)
# -     small = frame[34:194:2, ::2, :1]
# +     small = frame[34:194:2, ::2, 0]

# %% wrong: not_binary · objects keep their red values instead of 1
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return (small * ((small != 144) & (small != 109))).astype("float32")

# %% wrong: odd_columns · the odd columns instead of the even ones
# -     small = frame[34:194:2, ::2, :1]
# +     small = frame[34:194:2, 1::2, 0:1]

# %% wrong: one_background · 109 is not taken for background
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return (small != 144).astype("float32")

# %% wrong: or · or instead of and: everything is 1
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return ((small != 144) | (small != 109)).astype("float32")

# %% wrong: row_off · begins one row too late
# -     small = frame[34:194:2, ::2, :1]
# +     small = frame[35:195:2, ::2, 0:1]

# %% wrong: threshold · everything above 144 is 1
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return (small > 144).astype("float32")

# %% wrong: uint8 · returns bytes instead of float32
def preprocess_pong(frame):
    small = frame[34:194:2, ::2, 0:1]
    return ((small != 144) & (small != 109)).astype("uint8")
