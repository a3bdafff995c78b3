# Only the last guess comes out.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units),
            layers.Dense(vocab_size),
        ]
    )
