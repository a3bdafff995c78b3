# Starts by rng.choice with replacement; tensors by tf.gather.
def get_batch(vectorized, seq_length, batch_size, rng):
    last = len(vectorized) - seq_length - 1
    starts = rng.choice(last + 1, size=(batch_size, 1))
    places = starts + np.arange(seq_length)[None, :]
    return tf.gather(vectorized, places), tf.gather(vectorized, places + 1)
