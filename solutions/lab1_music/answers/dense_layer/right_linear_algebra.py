# Bias as the last row of a product, sigmoid through tanh.
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n), initializer="he_normal")
        self.b = self.add_weight(shape=(1, self.n), initializer="ones")
        super().build(input_shape)

    def call(self, x):
        table = tf.concat([self.W, self.b], axis=0)
        z = tf.concat([x, tf.ones_like(x[:, :1])], axis=1) @ table
        return 0.5 + 0.5 * tf.tanh(z / 2)
