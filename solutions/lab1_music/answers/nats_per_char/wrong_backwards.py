# Windows are counted from the end, so the first one is short.
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for j in range(len(targets), 0, -seq_length):
        i = max(j - seq_length, 0)
        x, y = inputs[None, i:j], targets[None, i:j]
        total += float(compute_loss(y, model(x))) * y.size
    return total / len(targets)
