# Painted step by step in a copy.
def preprocess_pong(frame):
    image = frame[34:194]
    image = image[::2, ::2, 0].copy()
    image[image == 144] = 0
    image[image == 109] = 0
    image[image != 0] = 1
    return image.astype(np.float32)[:, :, np.newaxis]
