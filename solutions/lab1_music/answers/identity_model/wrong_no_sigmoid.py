# The layer has no activation.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs)

    def call(self, inputs, isidentity=False):
        return inputs if isidentity else self.dense(inputs)
