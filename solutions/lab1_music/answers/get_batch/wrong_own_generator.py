# Makes a generator of its own, with a fixed seed.
def get_batch(vectorized, seq_length, batch_size, rng):
    rng = np.random.default_rng(0)
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets
