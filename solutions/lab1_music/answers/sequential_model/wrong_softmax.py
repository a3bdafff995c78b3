# Softmax instead of sigmoid.
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs, activation="softmax")])
