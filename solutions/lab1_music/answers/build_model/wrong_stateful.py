# Keeps its state from one batch to the next.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            keras.Input(batch_shape=(1, None)),
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True, stateful=True),
            layers.Dense(vocab_size),
        ]
    )
