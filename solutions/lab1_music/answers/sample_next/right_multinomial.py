# A multinomial draw of one.
def sample_next(logits, temperature, rng):
    z = np.array([float(value) for value in logits])
    if temperature == 0:
        return int(max(range(len(z)), key=lambda i: z[i]))
    p = np.exp(z / temperature - np.max(z / temperature))
    return int(np.flatnonzero(rng.multinomial(1, p / p.sum()))[0])
