# %% right: cumulative · one uniform number, looked up in the cumulative distribution
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return int(tf.argmax(logits))
    p = tf.nn.softmax(tf.cast(logits, tf.float64) / temperature).numpy()
    place = int(np.searchsorted(np.cumsum(p), rng.random(), side="right"))
    return min(place, len(p) - 1)

# %% right: gumbel · the Gumbel trick: the largest of logits plus noise
def sample_next(logits, temperature, rng):
    z = np.asarray(logits, dtype=np.float64)
    if temperature:
        z = z / temperature + rng.gumbel(size=z.shape)
    return z.argmax()

# %% right: multinomial · a multinomial draw of one
def sample_next(logits, temperature, rng):
    z = np.array([float(value) for value in logits])
    if temperature == 0:
        return int(max(range(len(z)), key=lambda i: z[i]))
    p = np.exp(z / temperature - np.max(z / temperature))
    return int(np.flatnonzero(rng.multinomial(1, p / p.sum()))[0])

# %% right: tf_stateless · TensorFlow draws, with a seed that comes from rng
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return tf.argmax(logits)
    seed = rng.integers(0, 2**31 - 1, size=2)
    scaled = tf.cast(logits, tf.float32)[None] / float(temperature)
    return tf.random.stateless_categorical(scaled, 1, seed)[0, 0]

# %% wrong: always_argmax · always takes the largest logit
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature >= 0:
        return int(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: argmin · the smallest logit at temperature 0
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmin(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: float · returns a float, which cannot index
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return float(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return float(rng.choice(len(p), p=p / p.sum()))

# %% wrong: global_random · draws from np.random instead of rng
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(np.random.choice(len(p), p=p / p.sum()))

# %% wrong: ignored · the temperature has no effect, unless it is 0
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: in_place · divides the caller's array in place
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return int(np.argmax(logits))
    logits /= temperature
    z = np.asarray(logits)
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: multiplied · multiplies the logits by the temperature instead of dividing
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits * temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: no_zero · no case for temperature 0, which divides by 0
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: off_by_one · never draws the last character
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p) - 1, p=p[:-1] / p[:-1].sum()))

# %% wrong: overflow · exponentiates without subtracting the largest logit: large logits overflow
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z)
    return int(rng.choice(len(p), p=p / p.sum()))

# %% wrong: own_generator · draws from a new generator with a fixed seed in every call
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(np.random.default_rng(0).choice(len(p), p=p / p.sum()))

# %% wrong: probabilities_tempered · divides the probabilities by the temperature, which normalising undoes
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=(p / temperature) / (p / temperature).sum()))

# %% wrong: uniform · draws evenly, whatever the logits are
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p)))

# %% wrong: zero_is_random · temperature 0 is treated as 1
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        temperature = 1
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))
