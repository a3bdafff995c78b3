# Reads the future as well.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.Bidirectional(layers.LSTM(rnn_units, return_sequences=True)),
            layers.Dense(vocab_size),
        ]
    )
