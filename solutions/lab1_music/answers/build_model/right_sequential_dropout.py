# A Sequential filled step by step, with dropout (which has no weights and is idle outside training).
def build_model(vocab_size, embedding_dim, rnn_units):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Embedding(vocab_size, embedding_dim))
    model.add(tf.keras.layers.LSTM(rnn_units, return_sequences=True, dropout=0.1))
    model.add(tf.keras.layers.Dropout(0.1))
    model.add(tf.keras.layers.Dense(vocab_size))
    return model
