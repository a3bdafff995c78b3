# %% right: choice_tensors · starts by rng.choice with replacement; tensors by tf.gather
def get_batch(vectorized, seq_length, batch_size, rng):
    last = len(vectorized) - seq_length - 1
    starts = rng.choice(last + 1, size=(batch_size, 1))
    places = starts + np.arange(seq_length)[None, :]
    return tf.gather(vectorized, places), tf.gather(vectorized, places + 1)

# %% right: slices_loop · one window after the other, each start drawn on its own; lists stacked at the end
def get_batch(vectorized, seq_length, batch_size, rng):
    inputs, targets = [], []
    for _ in range(batch_size):
        start = int(rng.integers(len(vectorized) - seq_length))
        inputs.append(vectorized[start : start + seq_length])
        targets.append(vectorized[start + 1 : start + 1 + seq_length])
    return np.stack(inputs), np.stack(targets)

# %% right: uniform_floats · starts from uniform random numbers, rounded down
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = (rng.random(batch_size) * (len(vectorized) - seq_length)).astype(int)
    pairs = [
        (vectorized[s : s + seq_length], vectorized[s + 1 : s + seq_length + 1]) for s in starts
    ]
    x, y = zip(*pairs)
    return np.array(x), np.array(y)

# %% right: without_replacement · no start twice in a batch; windows as a view of the text
def get_batch(vectorized, seq_length, batch_size, rng):
    windows = np.lib.stride_tricks.sliding_window_view(np.asarray(vectorized), seq_length + 1)
    chosen = windows[rng.permutation(len(windows))[:batch_size]]
    return chosen[:, :seq_length].copy(), chosen[:, 1:].copy()

# %% wrong: global_random · draws from np.random instead of rng
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = np.random.randint(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: grid · starts only at multiples of seq_length
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = seq_length * rng.integers(
        0, -(-(len(vectorized) - seq_length) // seq_length), size=batch_size
    )
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: last_start_missing · the last valid start is never drawn
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length - 1, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: last_target_only · one target for each window: the character after it
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + seq_length] for s in starts])
    return inputs, targets

# %% wrong: never_first · start 0 is never drawn
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(1, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: next_window · targets are the next window, not the next character
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack(
        [
            np.take(vectorized, np.arange(s + seq_length, s + 2 * seq_length), mode="wrap")
            for s in starts
        ]
    )
    return inputs, targets

# %% wrong: not_shifted · targets are the inputs themselves
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s : s + seq_length] for s in starts])
    return inputs, targets

# %% wrong: one_start · one random start for the whole batch; the others follow it one by one
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = (rng.integers(0, len(vectorized) - seq_length) + np.arange(batch_size)) % (
        len(vectorized) - seq_length
    )
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: own_generator · draws from a new generator with a fixed seed instead of rng
def get_batch(vectorized, seq_length, batch_size, rng):
    rng = np.random.default_rng(0)
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: shifted_back · inputs and targets are swapped: targets are one step behind
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return targets, inputs

# %% wrong: shifted_by_roll · targets are rolled inputs: the last one is the window's first character
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.roll(inputs, -1, axis=1)
    return inputs, targets

# %% wrong: shuffles_text · shuffles the caller's text in place
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    rng.shuffle(vectorized)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: start_too_late · one start too many: the last window's targets are one short
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length + 1, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs, targets

# %% wrong: transposed · time is the first axis, the batch the second
def get_batch(vectorized, seq_length, batch_size, rng):
    starts = rng.integers(0, len(vectorized) - seq_length, size=batch_size)
    inputs = np.stack([vectorized[s : s + seq_length] for s in starts])
    targets = np.stack([vectorized[s + 1 : s + seq_length + 1] for s in starts])
    return inputs.T, targets.T
