# Looks at the later frame only.
def make_pong_front_end():
    pixels = keras.Input((32, 40, 2), dtype="uint8")
    x = keras.ops.cast(pixels, "float32")[..., 1:] / 255
    x = keras.layers.Conv2D(16, 8, strides=4, activation="relu")(x)
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(x))
    return keras.Model(pixels, x)
