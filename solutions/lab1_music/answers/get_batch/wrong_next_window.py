# Targets are the next window, not the next character.
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([np.take(vectorized, np.arange(s + seq_length, s + 2 * seq_length), mode='wrap') for s in starts])
    return inputs, targets
