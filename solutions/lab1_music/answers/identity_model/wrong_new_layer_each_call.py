# A new layer, with new random weights, in every call.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def call(self, inputs, isidentity=False):
        return inputs if isidentity else keras.layers.Dense(self.n_outputs, activation="sigmoid")(inputs)
