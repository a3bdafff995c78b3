# Character 0 is treated as padding.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )
