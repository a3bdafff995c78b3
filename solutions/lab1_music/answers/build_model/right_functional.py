# The functional API, with names of its own.
def build_model(vocab_size, embedding_dim, rnn_units):
    ids = keras.Input(shape=(None,), dtype="int32")
    vectors = keras.layers.Embedding(input_dim=vocab_size, output_dim=embedding_dim, name="letters")(ids)
    states = keras.layers.LSTM(rnn_units, return_sequences=True, recurrent_initializer="glorot_uniform")(vectors)
    return keras.Model(ids, keras.layers.Dense(vocab_size, name="scores")(states))
