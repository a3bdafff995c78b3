# W is stored as (n, d) and transposed in call.
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(shape=(self.n_outputs, input_shape[-1]), initializer="glorot_uniform")
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(tf.matmul(x, self.W, transpose_b=True) + self.b)
