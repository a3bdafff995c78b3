# One layer too many.
def make_sequential(n_outputs):
    return keras.Sequential(
        [keras.layers.Dense(n_outputs, activation="sigmoid"), keras.layers.Dense(n_outputs, activation="sigmoid")]
    )
