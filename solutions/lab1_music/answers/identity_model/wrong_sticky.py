# Once switched, the model remembers it.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")

        self.passing = False

    def call(self, inputs, isidentity=False):
        self.passing = self.passing or isidentity
        return inputs if self.passing else self.dense(inputs)
