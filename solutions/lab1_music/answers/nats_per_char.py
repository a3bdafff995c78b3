# %% right: average · np.average of the windows' losses, weighted by their lengths
def nats_per_char(model, vectorized, seq_length):
    cuts = np.arange(seq_length, len(vectorized) - 1, seq_length)
    xs, ys = np.split(vectorized[:-1], cuts), np.split(vectorized[1:], cuts)
    losses = [compute_loss(y[None], model(x[None])) for x, y in zip(xs, ys)]
    return np.average([float(loss) for loss in losses], weights=[len(y) for y in ys])

# %% right: loop · one window after the other, weighted by its characters
def nats_per_char(model, vectorized, seq_length):
    total, count = 0.0, 0
    for start in range(0, len(vectorized) - 1, seq_length):
        piece = vectorized[start : start + seq_length + 1]
        x, y = piece[None, :-1], piece[None, 1:]
        total += float(compute_loss(y, model(x, training=False))) * y.size
        count += y.size
    return total / count

# %% right: padded · all windows in one batch, the last one padded at its end and masked; its own log-softmax; returns a tensor
def nats_per_char(model, vectorized, seq_length):
    n = len(vectorized) - 1
    rows = -(-n // seq_length)
    x, y, weight = np.zeros((3, rows * seq_length), dtype=int)
    x[:n], y[:n], weight[:n] = vectorized[:-1], vectorized[1:], 1
    log_p = tf.nn.log_softmax(model(x.reshape(rows, seq_length)))
    picked = tf.gather(log_p, y.reshape(rows, seq_length), axis=-1, batch_dims=2)
    return -tf.reduce_sum(picked * weight.reshape(rows, seq_length)) / n

# %% wrong: all_characters · divides by N instead of N - 1
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(vectorized)

# %% wrong: backwards · windows are counted from the end, so the first one is short
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for j in range(len(targets), 0, -seq_length):
        i = max(j - seq_length, 0)
        x, y = inputs[None, i:j], targets[None, i:j]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(targets)

# %% wrong: bits · divided by ln 2: in bits instead of nats
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(targets) / math.log(2)

# %% wrong: borders_skipped · the step across a border of windows is never predicted
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length + 1):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(targets)

# %% wrong: context_kept · every window is read with all the text before it
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        seen = inputs[None, : i + seq_length]
        total += float(compute_loss(y, model(seen)[:, i:])) * y.size
    return total / len(targets)

# %% wrong: last_dropped · the shorter last window is left out
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, max(len(targets) - seq_length + 1, 1), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / max(len(targets) // seq_length * seq_length, 1)

# %% wrong: not_shifted · the inputs are the targets themselves
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[1:], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(targets)

# %% wrong: one_window · the whole text is one window
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    seq_length = len(targets)
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(targets)

# %% wrong: perplexity · exp of the mean: perplexity instead of nats
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return math.exp(total / len(targets))

# %% wrong: sum · the sum over all characters instead of the mean
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total

# %% wrong: training_mode · calls the model with training=True, which moves its statistics
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x, training=True))) * y.size
    return total / len(targets)

# %% wrong: unweighted · the plain mean over the windows, however short the last one is
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, len(targets), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x)))
    return total / -(-len(targets) // seq_length)

# %% equivalent: line 14, column 22: 1 becomes 2 · reshape takes any negative number for the axis that it works out
