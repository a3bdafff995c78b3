# Ignores the temperature.
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return int(np.argmax(logits))
    z = logits
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))
