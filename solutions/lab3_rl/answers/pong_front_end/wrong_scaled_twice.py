# Divided by 255 twice.
def make_pong_front_end():
    return keras.Sequential([
        keras.layers.Rescaling(1 / 255),
        keras.layers.Rescaling(1 / 255),
        keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
    ])
