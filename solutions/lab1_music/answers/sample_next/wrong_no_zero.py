# Divides by a temperature of 0.
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    z = logits / temperature
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))
