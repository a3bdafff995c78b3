# The sigmoid written out, the product as a sum over a broadcast axis, weights as keras.Variable.
class DenseLayer(keras.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        rng = np.random.default_rng()
        self.W = keras.Variable(rng.normal(size=(input_shape[-1], self.n_outputs)) * 0.1, dtype="float32")
        self.b = keras.Variable(np.zeros((1, self.n_outputs)), dtype="float32")

    def call(self, x):
        z = tf.reduce_sum(x[:, :, None] * self.W[None], axis=1) + self.b
        return 1.0 / (1.0 + tf.exp(-z))
