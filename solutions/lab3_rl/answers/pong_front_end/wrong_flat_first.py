# Flattened before, convolved along a line.
def make_pong_front_end():
    return keras.Sequential([
        keras.layers.Rescaling(1 / 255),
        keras.layers.Flatten(),
        keras.layers.Reshape((-1, 1)),
        keras.layers.Conv1D(8, 8, strides=4, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
    ])
