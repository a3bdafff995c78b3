# Reads from right to left.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True, go_backwards=True),
            layers.Dense(vocab_size),
        ]
    )
