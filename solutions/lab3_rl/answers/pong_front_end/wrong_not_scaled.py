# Bytes go in as they are.
def make_pong_front_end():
    return keras.Sequential([
        
        keras.layers.Conv2D(16, 8, strides=4, activation="relu"),
        keras.layers.Flatten(),
        keras.layers.Dense(64, activation="relu"),
    ])
