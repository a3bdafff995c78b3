# One uniform number, looked up in the cumulative distribution.
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return int(tf.argmax(logits))
    p = tf.nn.softmax(tf.cast(logits, tf.float64) / temperature).numpy()
    place = int(np.searchsorted(np.cumsum(p), rng.random(), side="right"))
    return min(place, len(p) - 1)
