# Divides the caller's array in place.
def sample_next(logits, temperature, rng):
    if temperature == 0:
        return int(np.argmax(logits))
    logits /= temperature
    z = np.asarray(logits)
    p = np.exp(z - z.max())
    return int(rng.choice(len(p), p=p / p.sum()))
