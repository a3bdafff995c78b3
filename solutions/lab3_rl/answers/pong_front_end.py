# %% right: functional · a functional model with a fixed input, scaled to −1…1
def make_pong_front_end():
    pixels = keras.Input((32, 40, 2), dtype="uint8")
    x = keras.ops.cast(pixels, "float32") / 127.5 - 1
    x = keras.layers.Conv2D(12, 6, strides=3, activation="relu", kernel_initializer="he_normal")(x)
    x = keras.layers.Conv2D(12, 3, strides=2, activation="relu", kernel_initializer="he_normal")(x)
    x = keras.layers.Dense(100, activation="tanh")(keras.layers.Flatten()(x))
    return keras.Model(pixels, x)

# %% right: layer · a subclassed layer that casts, scales and reshapes by itself
class Eyes(keras.layers.Layer):
    def __init__(self):
        super().__init__()
        self.look = keras.layers.Conv2D(16, 8, strides=4, activation="relu")
        self.think = keras.layers.Dense(128, activation="relu")

    def call(self, pixels):
        x = (tf.cast(pixels, tf.float32) - 87.0) / 60.0
        x = self.look(x)
        return self.think(tf.reshape(x, [tf.shape(x)[0], 7 * 9 * 16]))


def make_pong_front_end():
    return Eyes()

# %% right: two_convolutions · two convolutions, scaled to 0…1, no dense layer
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(8, 5, strides=2, activation="relu", padding="same"),
            keras.layers.Conv2D(16, 3, strides=2, activation="elu"),
            keras.layers.Flatten(),
        ]
    )

# %% right: hint_3 · hint 3, filled in
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 60, offset=-87 / 60),
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
        ]
    )

# %% wrong: batch_of_one · the batch is flattened, too
def make_pong_front_end():
    class Eyes(keras.layers.Layer):
        def __init__(self):
            super().__init__()
            self.look = keras.layers.Conv2D(16, 8, strides=4, activation="relu")

        def call(self, pixels):
            return tf.reshape(self.look(tf.cast(pixels, tf.float32) / 255), [1, -1])

    return Eyes()

# %% wrong: cropped · the right edge, where the paddle is, is cut off
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Cropping2D(((0, 0), (0, 14))),
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: dense_only · no convolution: a dense layer on all pixels
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: flat_first · flattened first, then convolved along a line
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Flatten(),
            keras.layers.Reshape((-1, 1)),
            keras.layers.Conv1D(8, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: frozen · the convolution is not trainable
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 8, strides=4, activation="relu", trainable=False),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: multiplied · pixels are multiplied by 255 instead of divided
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(255),
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: not_flat · not flattened: features keep the shape of a picture
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
        ]
    )

# %% wrong: not_scaled · pixels are not scaled
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: one_frame · the earlier frame is dropped
def make_pong_front_end():
    pixels = keras.Input((32, 40, 2), dtype="uint8")
    x = keras.ops.cast(pixels, "float32")[..., 1:] / 255
    x = keras.layers.Conv2D(16, 8, strides=4, activation="relu")(x)
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(x))
    return keras.Model(pixels, x)

# %% wrong: scaled_twice · pixels are divided by 255 twice
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Rescaling(1 / 255),
            keras.layers.Rescaling(1 / 255),
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64, activation="relu"),
        ]
    )

# %% wrong: shared · all front ends share the same layers
_layers = [
    keras.layers.Rescaling(1 / 255),
    keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
    keras.layers.Flatten(),
    keras.layers.Dense(64, activation="relu"),
]


def make_pong_front_end():
    return keras.Sequential(_layers)

# %% wrong: sum_of_frames · the two frames are added: no direction is left
def make_pong_front_end():
    pixels = keras.Input((32, 40, 2), dtype="uint8")
    x = keras.ops.sum(keras.ops.cast(pixels, "float32"), axis=-1, keepdims=True) / 255
    x = keras.layers.Conv2D(16, 8, strides=4, activation="relu")(x)
    x = keras.layers.Dense(64, activation="relu")(keras.layers.Flatten()(x))
    return keras.Model(pixels, x)

# %% wrong: hidden_scale · bytes as they are, and a layer at the end that hides it
def make_pong_front_end():
    return keras.Sequential(
        [
            keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
            keras.layers.Flatten(),
            keras.layers.Dense(64),
            keras.layers.LayerNormalization(),
        ]
    )

# %% wrong: no_network · numbers computed from the pixels, and nothing that could learn
def make_pong_front_end():
    class Fixed(keras.layers.Layer):
        def call(self, pixels):
            x = (tf.cast(pixels, tf.float32) - 87) / 60
            return tf.reshape(x, (-1, 32 * 40 * 2))

    return Fixed()

# %% equivalent: line 13, column 83: 0.5 becomes 2.0 · initialisers are free

# %% equivalent: line 11, column 73: 0.5 becomes 2.0 · initialisers are free

# %% equivalent: line 10, column 11: keyword kernel_initializer is dropped · initialisers are free

# %% equivalent: line 13, column 12: keyword kernel_initializer is dropped · initialisers are free

# %% equivalent: line 11, column 8: 16 becomes 17 · the architecture of the front end is free

# %% equivalent: line 10, column 11: keyword activation is dropped · the architecture of the front end is free

# %% equivalent: line 13, column 31: 128 becomes 129 · the architecture of the front end is free

# %% equivalent: line 13, column 12: keyword activation is dropped · the architecture of the front end is free

# %% equivalent: line 8, column 12: keyword offset is dropped · still about unit size

# %% equivalent: line 8, column 50: USub is dropped · still about unit size
