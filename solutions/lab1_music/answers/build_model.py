# %% right: functional · the functional API, with layer names of its own
def build_model(vocab_size, embedding_dim, rnn_units):
    ids = keras.Input(shape=(None,), dtype="int32")
    vectors = keras.layers.Embedding(
        input_dim=vocab_size, output_dim=embedding_dim, name="letters"
    )(ids)
    states = keras.layers.LSTM(
        rnn_units, return_sequences=True, recurrent_initializer="glorot_uniform"
    )(vectors)
    return keras.Model(ids, keras.layers.Dense(vocab_size, name="scores")(states))

# %% right: sequential_dropout · a Sequential filled step by step, with dropout, which has no weights and is idle outside training
def build_model(vocab_size, embedding_dim, rnn_units):
    model = tf.keras.Sequential()
    model.add(tf.keras.layers.Embedding(vocab_size, embedding_dim))
    model.add(tf.keras.layers.LSTM(rnn_units, return_sequences=True, dropout=0.1))
    model.add(tf.keras.layers.Dropout(0.1))
    model.add(tf.keras.layers.Dense(vocab_size))
    return model

# %% right: subclass · a subclassed model; the LSTM is an RNN around a cell, whose states are returned and not used
class TuneWriter(keras.Model):
    def __init__(self, vocab_size, embedding_dim, rnn_units):
        super().__init__()
        self.embed = keras.layers.Embedding(vocab_size, embedding_dim)
        self.rnn = keras.layers.RNN(
            keras.layers.LSTMCell(rnn_units), return_sequences=True, return_state=True
        )
        self.out = keras.layers.Dense(vocab_size, activation="linear")

    def call(self, ids, training=None):
        states, *_ = self.rnn(self.embed(ids), training=training)
        return self.out(states)


def build_model(vocab_size, embedding_dim, rnn_units):
    return TuneWriter(vocab_size, embedding_dim, rnn_units)

# %% wrong: backwards · the LSTM reads each window from right to left
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True, go_backwards=True),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: bidirectional · the LSTM is bidirectional, so it reads the future as well
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.Bidirectional(layers.LSTM(rnn_units, return_sequences=True)),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: gru · a GRU instead of an LSTM
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.GRU(rnn_units, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: last_only · the LSTM returns its last output only: one prediction per window
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: mask · mask_zero=True: character 0 is treated as padding
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim, mask_zero=True),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: no_embedding · one-hot vectors instead of an embedding
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Lambda(lambda x: tf.one_hot(x, vocab_size)),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: output_size · as many logits as LSTM units, instead of vocab_size
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(rnn_units),
        ]
    )

# %% wrong: relu · relu on the outputs: negative logits are cut off
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size, activation="relu"),
        ]
    )

# %% wrong: relu_lstm · relu instead of tanh inside the LSTM
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True, activation="relu"),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: sizes_swapped · embedding_dim and rnn_units are swapped
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, rnn_units),
            layers.LSTM(embedding_dim, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )

# %% wrong: softmax · ends in a softmax: probabilities instead of logits
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size, activation="softmax"),
        ]
    )

# %% wrong: stateful · stateful: keeps its state from one batch to the next
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

# %% wrong: two_lstms · two LSTM layers instead of one
def build_model(vocab_size, embedding_dim, rnn_units):
    layers = keras.layers
    return keras.Sequential(
        [
            layers.Embedding(vocab_size, embedding_dim),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.LSTM(rnn_units, return_sequences=True),
            layers.Dense(vocab_size),
        ]
    )
