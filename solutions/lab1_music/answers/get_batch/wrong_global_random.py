# Draws from np.random instead of rng.
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = np.random.randint(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets
