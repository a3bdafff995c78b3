# keras.ops all through, named arguments, another initialiser, weights in a list.
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
