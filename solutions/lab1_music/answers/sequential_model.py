# %% right: activation_layer · the activation is a layer of its own, which has no weights
def make_sequential(n_outputs):
    return tf.keras.models.Sequential(
        [tf.keras.layers.Dense(n_outputs), tf.keras.layers.Activation("sigmoid")]
    )

# %% right: add · the layer is added afterwards, the activation is a function
def make_sequential(n_outputs):
    model = keras.Sequential(name="one_layer")
    model.add(keras.layers.Dense(units=n_outputs, activation=tf.sigmoid))
    return model

# %% right: own_layer · the student's own DenseLayer in a Sequential
def make_sequential(n_outputs):
    return keras.Sequential([DenseLayer(n_outputs)])

# %% wrong: bare_layer · returns the layer, not a model
def make_sequential(n_outputs):
    return keras.layers.Dense(n_outputs, activation="sigmoid")

# %% wrong: fixed_size · n_outputs is ignored: always 3 outputs
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(3, activation="sigmoid")])

# %% wrong: no_activation · no activation: the layer is linear
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs)])

# %% wrong: no_bias · the layer has no bias
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs, activation="sigmoid", use_bias=False)])

# %% wrong: shared · cached: the same model for every call with the same size
import functools


@functools.cache
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs, activation="sigmoid")])

# %% wrong: softmax · softmax instead of the sigmoid
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs, activation="softmax")])

# %% wrong: two_layers · two sigmoid layers instead of one
def make_sequential(n_outputs):
    return keras.Sequential(
        [
            keras.layers.Dense(n_outputs, activation="sigmoid"),
            keras.layers.Dense(n_outputs, activation="sigmoid"),
        ]
    )
