# The bias is added after the sigmoid.
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform")
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(tf.matmul(x, self.W)) + self.b
