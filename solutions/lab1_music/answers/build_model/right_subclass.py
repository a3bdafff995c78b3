# A subclassed model; the LSTM is an RNN around a cell, and gives its states, which are not used.
class TuneWriter(keras.Model):
    def __init__(self, vocab_size, embedding_dim, rnn_units):
        super().__init__()
        self.embed = keras.layers.Embedding(vocab_size, embedding_dim)
        self.rnn = keras.layers.RNN(keras.layers.LSTMCell(rnn_units), return_sequences=True, return_state=True)
        self.out = keras.layers.Dense(vocab_size, activation="linear")

    def call(self, ids, training=None):
        states, *_ = self.rnn(self.embed(ids), training=training)
        return self.out(states)


def build_model(vocab_size, embedding_dim, rnn_units):
    return TuneWriter(vocab_size, embedding_dim, rnn_units)
