# %% right: functional_parts · the layer is a small Sequential, the switch an if statement
class IdentityModel(keras.Model):
    def __init__(self, n_outputs, name=None):
        super().__init__(name=name)
        self.stack = make_sequential(n_outputs)

    def call(self, inputs, isidentity=False):
        if isidentity:
            return inputs
        return self.stack(inputs)

# %% right: lambda · a linear layer with the sigmoid applied by hand; the switch is a dictionary
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.linear = keras.layers.Dense(n_outputs, activation=None)

    def call(self, inputs, isidentity=False):
        choices = {
            True: lambda: inputs,
            False: lambda: keras.activations.sigmoid(self.linear(inputs)),
        }
        return choices[bool(isidentity)]()

# %% right: own_layer · the student's own DenseLayer; the inputs pass through tf.identity
class IdentityModel(tf.keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.layer = DenseLayer(n_outputs)

    def call(self, inputs, isidentity=False, training=None):
        answer = self.layer(inputs)
        if isidentity:
            answer = tf.identity(inputs)
        return answer

# %% wrong: default · isidentity is True by default
# -     def call(self, inputs, isidentity=False):
# +     def call(self, inputs, isidentity=True):

# %% wrong: ignored · isidentity has no effect
# -         return inputs if isidentity else self.dense(inputs)
# +         return self.dense(inputs)

# %% wrong: inverted · isidentity works the wrong way round
# -         return inputs if isidentity else self.dense(inputs)
# +         return self.dense(inputs) if isidentity else inputs

# %% wrong: new_layer_each_call · a new layer, with new random weights, in every call
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.n_outputs = n_outputs

    def call(self, inputs, isidentity=False):
        return (
            inputs
            if isidentity
            else keras.layers.Dense(self.n_outputs, activation="sigmoid")(inputs)
        )

# %% wrong: no_sigmoid · the layer has no activation
# -         self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")
# +         self.dense = keras.layers.Dense(n_outputs)

# %% wrong: residual · the inputs go through a sigmoid instead of coming back unchanged
# -         return inputs if isidentity else self.dense(inputs)
# +         return tf.sigmoid(inputs) if isidentity else self.dense(inputs)

# %% wrong: sticky · stays switched off after the first call with isidentity=True
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")

        self.passing = False

    def call(self, inputs, isidentity=False):
        self.passing = self.passing or isidentity
        return inputs if self.passing else self.dense(inputs)

# %% wrong: two_layers · two dense layers instead of one
class IdentityModel(keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.dense = keras.layers.Dense(n_outputs, activation="sigmoid")

        self.second = keras.layers.Dense(n_outputs, activation="sigmoid")

    def call(self, inputs, isidentity=False):
        return inputs if isidentity else self.second(self.dense(inputs))
