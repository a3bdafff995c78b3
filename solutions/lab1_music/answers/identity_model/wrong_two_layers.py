# Two layers instead of one.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")

        self.second = keras.layers.Dense(n_outputs, activation="sigmoid")

    def call(self, inputs, isidentity=False):
        return inputs if isidentity else self.second(self.dense(inputs))
