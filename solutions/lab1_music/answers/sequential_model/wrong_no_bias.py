# The layer has no bias.
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs, activation="sigmoid", use_bias=False)])
