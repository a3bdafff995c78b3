# The right edge, where the paddle is, is cut off.
def make_pong_front_end():
    return keras.Sequential([
        keras.layers.Rescaling(1 / 255),
        keras.layers.Cropping2D(((0, 0), (0, 14))),
        keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
    ])
