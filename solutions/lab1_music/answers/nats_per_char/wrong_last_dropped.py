# The shorter last window is left out.
def nats_per_char(model, vectorized, seq_length):
    inputs, targets = vectorized[:-1], vectorized[1:]
    total = 0.0
    for i in range(0, max(len(targets) - seq_length + 1, 1), seq_length):
        x, y = inputs[None, i : i + seq_length], targets[None, i : i + seq_length]
        total += float(compute_loss(y, model(x))) * y.size
    return total / max(len(targets) // seq_length * seq_length, 1)
