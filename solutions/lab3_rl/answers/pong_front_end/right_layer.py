# A layer of its own.
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
