# The switch works the wrong way round.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")

    def call(self, inputs, isidentity=False):
        return self.dense(inputs) if isidentity else inputs
