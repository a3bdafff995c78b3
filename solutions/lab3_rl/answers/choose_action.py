# %% right: choice_loop · a softmax by hand, and rng.choice for each row
def choose_action(logits, rng):
    actions = []
    for row in np.asarray(logits, dtype=float):
        p = np.exp(row - row.max())
        actions.append(rng.choice(len(p), p=p / p.sum()))
    return np.array(actions, dtype=np.int32)

# %% right: cumulative · one uniform number for each row, looked up in the cumulative probabilities
def choose_action(logits, rng):
    z = np.asarray(logits, dtype=np.float64)
    p = np.exp(z - z.max(axis=1, keepdims=True))
    edges = np.cumsum(p / p.sum(axis=1, keepdims=True), axis=1)
    u = rng.random((len(z), 1))
    return np.minimum((u > edges).sum(axis=1), z.shape[1] - 1)

# %% right: tensorflow_softmax · softmax by TensorFlow, draws by rng.multinomial, a list of Python ints
def choose_action(logits, rng):
    p = tf.nn.softmax(tf.cast(logits, tf.float64)).numpy()
    p = p / p.sum(axis=-1, keepdims=True)
    return [int(rng.multinomial(1, row).argmax()) for row in p]

# %% right: hint_3 · hint 3, filled in
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = np.exp(logits - logits.max(axis=-1, keepdims=True))
    p = p / p.sum(axis=-1, keepdims=True)
    return np.array([rng.choice(len(row), p=row) for row in p])

# %% wrong: argmax · always takes the largest logit
def choose_action(logits, rng):
    return np.argmax(np.asarray(logits), axis=-1)

# %% wrong: axis · the softmax runs over the batch
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = np.exp(logits - logits.max(axis=0))
    p = p / p.sum(axis=0)
    return np.array([rng.choice(len(row), p=row / row.sum()) for row in p])

# %% wrong: first_row · draws all actions from the first row's probabilities
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = np.exp(logits[0] - logits[0].max())
    return rng.choice(len(p), size=len(logits), p=p / p.sum())

# %% wrong: global_rng · draws from NumPy's global generator
# -     return np.argmax(logits + rng.gumbel(size=logits.shape), axis=-1)  # the Gumbel trick
# +     return np.argmax(logits + np.random.gumbel(size=logits.shape), axis=-1)

# %% wrong: in_place · adds the noise to the caller's array
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    logits += rng.gumbel(size=logits.shape)
    return np.argmax(logits, axis=-1)

# %% wrong: linear · probabilities proportional to the shifted logits, without exp
def choose_action(logits, rng):
    logits = np.asarray(logits, float)
    p = logits - logits.min(axis=-1, keepdims=True) + 1e-3
    p = p / p.sum(axis=-1, keepdims=True)
    return np.array([rng.choice(len(row), p=row) for row in p])

# %% wrong: normal_noise · normal instead of Gumbel noise
# -     return np.argmax(logits + rng.gumbel(size=logits.shape), axis=-1)  # the Gumbel trick
# +     return np.argmax(logits + rng.normal(size=logits.shape), axis=-1)

# %% wrong: one_for_all · the same noise for every row of the batch
# -     return np.argmax(logits + rng.gumbel(size=logits.shape), axis=-1)  # the Gumbel trick
# +     return np.argmax(logits + rng.gumbel(size=logits.shape[1]), axis=-1)

# %% wrong: overflow · exponentiates without subtracting the largest logit: large logits overflow
def choose_action(logits, rng):
    p = np.exp(np.asarray(logits, float))
    p = p / p.sum(axis=-1, keepdims=True)
    return np.array([rng.choice(len(row), p=row) for row in p])

# %% wrong: scalar · returns a single action, for the first row
# -     return np.argmax(logits + rng.gumbel(size=logits.shape), axis=-1)  # the Gumbel trick
# +     return int(np.argmax(logits[0] + rng.gumbel(size=logits.shape[1])))

# %% wrong: tensorflow_rng · draws from TensorFlow's generator instead of rng
def choose_action(logits, rng):
    return tf.random.categorical(tf.cast(logits, tf.float32), 1)[:, 0].numpy()

# %% wrong: uniform · draws evenly, whatever the logits are
def choose_action(logits, rng):
    return rng.integers(0, np.shape(logits)[1], size=len(logits))

# %% equivalent: line 9, column 66: USub is dropped · axis 1 is the last axis of a table (B, A)
