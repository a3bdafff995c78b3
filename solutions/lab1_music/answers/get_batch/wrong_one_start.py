# One start for the whole batch: windows one after the other.
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = (rng.integers(0, len(vectorized) - seq_length) + np.arange(batch_size)) % (len(vectorized) - seq_length)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets
