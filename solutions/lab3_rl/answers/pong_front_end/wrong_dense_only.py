# No convolution.
def make_pong_front_end():
    return keras.Sequential([
        keras.layers.Rescaling(1 / 255),
        
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
    ])
