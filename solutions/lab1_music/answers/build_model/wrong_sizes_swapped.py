# embedding_dim and rnn_units are swapped.
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, rnn_units),
            layers.LSTM(embedding_dim, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )
