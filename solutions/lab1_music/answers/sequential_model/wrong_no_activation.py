# Without an activation the layer is linear.
def make_sequential(n_outputs):
    return keras.Sequential([keras.layers.Dense(n_outputs)])
