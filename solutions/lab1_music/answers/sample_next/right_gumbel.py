# The Gumbel trick: the largest of logits plus noise.
def sample_next(logits, temperature, rng):
    z = np.asarray(logits, dtype=np.float64)
    if temperature:
        z = z / temperature + rng.gumbel(size=z.shape)
    return z.argmax()
