# Starts from uniform random numbers, rounded down.
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = (rng.random(batch_size) * (len(vectorized) - seq_length)).astype(int)
    pairs = [(vectorized[s : s + seq_length], vectorized[s + 1 : s + seq_length + 1]) for s in starts]
    x, y = zip(*pairs)
    return np.array(x), np.array(y)
