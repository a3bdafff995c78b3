# TensorFlow draws, with a seed that comes from rng.
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return tf.argmax(logits)
    seed = rng.integers(0, 2**31 - 1, size=2)
    scaled = tf.cast(logits, tf.float32)[None] / float(temperature)
    return tf.random.stateless_categorical(scaled, 1, seed)[0, 0]
