# Returns a float, which cannot index.
def sample_next(logits, temperature, rng):
    logits = np.asarray(logits, dtype=float)
    if temperature == 0:
        return float(np.argmax(logits))
    z = logits / temperature
    p = np.exp(z - z.max())
    return float(rng.choice(len(p), p=p / p.sum()))
