# %% right: functional · the functional API, with Reshape and ReLU layers
def build_fc_model():
    inputs = keras.Input((28, 28, 1))
    hidden = keras.layers.Dense(128)(keras.layers.Reshape((784,))(inputs))
    return keras.Model(inputs, keras.layers.Dense(10)(keras.layers.ReLU()(hidden)))

# %% right: subclass · a subclassed model that reshapes in call, with he_normal weights
class _Network(keras.Model):
    def __init__(self):
        super().__init__()
        self.hidden = keras.layers.Dense(128, activation="relu", kernel_initializer="he_normal")
        self.out = keras.layers.Dense(10)

    def call(self, x):
        return self.out(self.hidden(tf.reshape(x, (-1, 784))))


def build_fc_model():
    return _Network()

# %% wrong: no_bias · both dense layers without a bias
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu", use_bias=False),
            keras.layers.Dense(10, use_bias=False),
        ]
    )

# %% wrong: no_flatten · not flattened: logits for every pixel
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: no_relu · no activation in the hidden layer
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(128),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: relu_outputs · a relu after the last layer: no negative logits
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="relu"),
        ]
    )

# %% wrong: shared · every call returns one model, made once
_model = keras.Sequential(
    [keras.layers.Flatten(), keras.layers.Dense(128, activation="relu"), keras.layers.Dense(10)]
)


def build_fc_model():
    return _model

# %% wrong: sigmoid · sigmoid instead of relu in the hidden layer
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="sigmoid"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: size · 100 hidden neurons instead of 128
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(100, activation="relu"),
            keras.layers.Dense(10),
        ]
    )

# %% wrong: softmax · a softmax on the outputs: probabilities instead of logits
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10, activation="softmax"),
        ]
    )

# %% wrong: two_hidden · two hidden layers instead of one
def build_fc_model():
    return keras.Sequential(
        [
            keras.layers.Flatten(),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(128, activation="relu"),
            keras.layers.Dense(10),
        ]
    )
