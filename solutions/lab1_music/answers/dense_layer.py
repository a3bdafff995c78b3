# %% right: keras_ops · keras.ops all through, named arguments, another initialiser, weights in a list
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs, **kwargs):
        super().__init__(**kwargs)
        self.units = n_outputs

    def build(self, input_shape):
        shapes = [(int(input_shape[-1]), self.units), (1, self.units)]
        self.both = [self.add_weight(shape=shape, initializer="random_normal") for shape in shapes]
        self.built = True

    def call(self, x):
        kernel, bias = self.both
        return keras.ops.sigmoid(keras.ops.dot(x, kernel) + bias)

# %% right: linear_algebra · bias as the last row of a product, sigmoid through tanh
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

# %% right: own_sigmoid · the sigmoid written out, the product as a sum over a broadcast axis, weights as keras.Variable
class DenseLayer(keras.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        rng = np.random.default_rng()
        self.W = keras.Variable(
            rng.normal(size=(input_shape[-1], self.n_outputs)) * 0.1, dtype="float32"
        )
        self.b = keras.Variable(np.zeros((1, self.n_outputs)), dtype="float32")

    def call(self, x):
        z = tf.reduce_sum(x[:, :, None] * self.W[None], axis=1) + self.b
        return 1.0 / (1.0 + tf.exp(-z))

# %% wrong: bias_first · the bias is created before W, so the weights come in the other order
# -         _, d = input_shape
# -         self.W = self.add_weight((d, self.n_outputs), "glorot_uniform")
# -         self.b = self.add_weight((1, self.n_outputs), "zeros")
# +         self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")
# +         self.W = self.add_weight(
# +             shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
# +         )

# %% wrong: bias_outside · the bias is added after the sigmoid
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(tf.matmul(x, self.W)) + self.b

# %% wrong: bias_shape · the bias has the shape (n,), as in Keras' own Dense
# -         _, d = input_shape
# -         self.W = self.add_weight((d, self.n_outputs), "glorot_uniform")
# -         self.b = self.add_weight((1, self.n_outputs), "zeros")
# +         self.W = self.add_weight(
# +             shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
# +         )
# +         self.b = self.add_weight(shape=(self.n_outputs,), initializer="zeros")

# %% wrong: frozen_bias · the bias is created with trainable=False
# -         _, d = input_shape
# -         self.W = self.add_weight((d, self.n_outputs), "glorot_uniform")
# -         self.b = self.add_weight((1, self.n_outputs), "zeros")
# +         self.W = self.add_weight(
# +             shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
# +         )
# +         self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros", trainable=False)

# %% wrong: no_bias · the bias is created, but never added
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(tf.matmul(x, self.W))

# %% wrong: no_sigmoid · no sigmoid: the layer is linear
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.matmul(x, self.W) + self.b

# %% wrong: numpy · NumPy in call: the tape sees nothing, and the layer cannot be part of a model
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.constant(1 / (1 + np.exp(-(np.asarray(x) @ self.W.numpy() + self.b.numpy()))))

# %% wrong: plain_variables · tf.Variable instead of Keras weights: get_weights finds nothing
# -         _, d = input_shape
# -         self.W = self.add_weight((d, self.n_outputs), "glorot_uniform")
# -         self.b = self.add_weight((1, self.n_outputs), "zeros")
# +         self.W = tf.Variable(tf.random.normal((input_shape[-1], self.n_outputs)))
# +         self.b = tf.Variable(tf.zeros((1, self.n_outputs)))

# %% wrong: relu · relu instead of the sigmoid
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.nn.relu(tf.matmul(x, self.W) + self.b)

# %% wrong: softmax · softmax instead of the sigmoid: rows add up to 1
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(input_shape[-1], self.n_outputs), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.nn.softmax(tf.matmul(x, self.W) + self.b)

# %% wrong: transposed · W is stored as (n, d) and transposed in call
class DenseLayer(keras.layers.Layer):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def build(self, input_shape):
        self.W = self.add_weight(
            shape=(self.n_outputs, input_shape[-1]), initializer="glorot_uniform"
        )
        self.b = self.add_weight(shape=(1, self.n_outputs), initializer="zeros")

    def call(self, x):
        return tf.sigmoid(tf.matmul(x, self.W, transpose_b=True) + self.b)
