# A linear layer, and the sigmoid applied by hand.
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.linear = keras.layers.Dense(n_outputs, activation=None)

    def call(self, inputs, isidentity=False):
        choices = {True: lambda: inputs, False: lambda: keras.activations.sigmoid(self.linear(inputs))}
        return choices[bool(isidentity)]()
