# Paints into the frame.
def preprocess_pong(frame):
    image = frame[34:194:2, ::2, :1]
    image[(image == 144) | (image == 109)] = 0
    image[image != 0] = 1
    return image.astype("float32")
