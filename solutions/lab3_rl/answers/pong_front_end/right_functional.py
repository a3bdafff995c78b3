# A functional model with a fixed input, scaled to -1…1.
def make_pong_front_end():
    pixels = keras.Input((32, 40, 2), dtype="uint8")
    x = keras.ops.cast(pixels, "float32") / 127.5 - 1
    x = keras.layers.Conv2D(12, 6, strides=3, activation="relu", kernel_initializer="he_normal")(x)
    x = keras.layers.Conv2D(12, 3, strides=2, activation="relu", kernel_initializer="he_normal")(x)
    x = keras.layers.Dense(100, activation="tanh")(keras.layers.Flatten()(x))
    return keras.Model(pixels, x)
