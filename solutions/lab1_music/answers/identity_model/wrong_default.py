# The identity is the default.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")

    def call(self, inputs, isidentity=True):
        return inputs if isidentity else self.dense(inputs)
