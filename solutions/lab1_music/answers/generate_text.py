# %% right: cell_state · carries the state through the LSTM's cell; layers without weights (an input, dropout) are skipped
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = [layer for layer in model.layers if layer.weights]
    state = [tf.zeros((1, lstm.cell.units)), tf.zeros((1, lstm.cell.units))]
    text = start
    for i in range(len(start) + length - 1):
        output, state = lstm.cell(embedding(np.array([char2idx[text[i]]])), state)
        if i >= len(start) - 1:
            text += idx2char[sample_next(dense(output)[0], temperature, rng)]
    return text

# %% right: layer_with_states · calls a copy of the LSTM layer that takes and returns its states
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = [layer for layer in model.layers if layer.weights]
    reader = keras.layers.LSTM(lstm.cell.units, return_sequences=True, return_state=True)
    reader.build((None, None, embedding.output_dim))
    reader.set_weights(lstm.get_weights())
    ids = tf.constant([[char2idx[char] for char in start]])
    states, text = None, start
    while len(text) < len(start) + length:
        output, *states = reader(embedding(ids), initial_state=states)
        number = int(sample_next(dense(output)[0, -1].numpy(), temperature, rng))
        text = text + idx2char[number]
        ids = tf.constant([[number]])
    return text

# %% right: stateful_twin · a second model with a stateful LSTM and the same weights reads one character at a time
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    weights = model.get_weights()
    (vocab_size, embedding_dim), units = weights[0].shape, weights[2].shape[0]
    twin = keras.Sequential(
        [
            keras.Input(batch_shape=(1, 1)),
            keras.layers.Embedding(vocab_size, embedding_dim),
            keras.layers.LSTM(units, stateful=True),
            keras.layers.Dense(vocab_size),
        ]
    )
    twin.set_weights(weights)
    for char in start:
        logits = twin(np.array([[char2idx[char]]]))
    written = []
    for _ in range(length):
        number = sample_next(np.array(logits)[0], temperature, rng)
        written.append(idx2char[number])
        logits = twin(np.array([[number]]))
    return start + "".join(written)

# %% right: whole_context · reads the whole text again for each new character
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = list(vectorize_string(start, char2idx))
    for _ in range(length):
        logits = model(np.array([ids]), training=False)[0, -1]
        ids.append(int(sample_next(logits, temperature, rng)))
    return start + "".join(str(idx2char[i]) for i in ids[len(start) :])

# %% wrong: always_greedy · always takes the largest logit, at every temperature
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(int(np.argmax(logits)))
    return "".join(idx2char[i] for i in ids)

# %% wrong: dictionary · calls idx2char.get, so idx2char must be a dictionary
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char.get(i) for i in ids)

# %% wrong: first_logits · samples from the logits after the first character
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, 0]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: length_counts_start · length counts the start as well
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length - len(start)):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: list · returns a list of characters instead of a text
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return [idx2char[i] for i in ids]

# %% wrong: list_method · adds a list to idx2char, so idx2char must be a list
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join((idx2char + [])[i] for i in ids)

# %% wrong: no_memory · the model reads only the last character
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids[-1:]]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: one_too_many · adds length + 1 characters
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length + 1):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: own_generator · draws from a new generator instead of rng
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    rng = np.random.default_rng()
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: short_memory · the model reads only the last three characters
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids[-3:]]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: start_forgotten · of the start only its last character is read
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids[len(start) - 1 :]]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: sliding_window · the model reads only the last 32 characters
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids[-32:]]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: long_window · the model reads only the last 40 characters
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids[-40:]]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids)

# %% wrong: start_missing · returns the added characters without the start
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, temperature, rng))
    return "".join(idx2char[i] for i in ids[len(start) :])

# %% wrong: start_read_twice · the last character of the start is read twice
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = model.layers
    state = [tf.zeros((1, lstm.units)), tf.zeros((1, lstm.units))]
    for char in start:
        output, state = lstm.cell(embedding(np.array([char2idx[char]])), state)
    text = start
    for _ in range(length):
        output, state = lstm.cell(embedding(np.array([char2idx[text[-1]]])), state)
        text += idx2char[sample_next(dense(output)[0], temperature, rng)]
    return text

# %% wrong: state_reset · the LSTM's state is set to zero before every character
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    embedding, lstm, dense = model.layers
    text = start
    for i in range(len(start) + length - 1):
        state = [tf.zeros((1, lstm.units)), tf.zeros((1, lstm.units))]
        output, state = lstm.cell(embedding(np.array([char2idx[text[i]]])), state)
        if i >= len(start) - 1:
            text += idx2char[sample_next(dense(output)[0], temperature, rng)]
    return text

# %% wrong: temperature_one · the temperature is not passed on: 1 unless it is 0
def generate_text(model, start, length, temperature, rng, char2idx, idx2char):
    ids = [char2idx[char] for char in start]
    for _ in range(length):
        logits = model(np.array([ids]))[0, -1]
        ids.append(sample_next(logits, 1.0 if temperature else 0, rng))
    return "".join(idx2char[i] for i in ids)
