# %% right: rows · row by row
def softmax_loss(logits, labels):
    z = np.array(logits, dtype=float)
    total, gradient = 0.0, np.zeros(z.shape)
    for i, k in enumerate(labels):
        row = z[i] - z[i].max()
        p = np.exp(row) / np.exp(row).sum()
        total += np.log(np.exp(row).sum()) - row[k]
        gradient[i] = p
        gradient[i, k] -= 1
    return total / len(z), gradient / len(z)

# %% right: logaddexp · NumPy's logaddexp and a one-hot matrix
def softmax_loss(logits, labels):
    log_p = logits - np.logaddexp.reduce(logits, axis=1, keepdims=True)
    right = np.eye(log_p.shape[1])[labels]
    return -(right * log_p).sum() / len(log_p), (np.exp(log_p) - right) / len(log_p)

# %% wrong: no_shift · overflows
# -     shifted = logits - np.max(logits, axis=1, keepdims=True)
# +     shifted = logits

# %% wrong: one_shift · one shift for the whole batch
# -     shifted = logits - np.max(logits, axis=1, keepdims=True)
# +     shifted = logits - np.max(logits)

# %% wrong: sum · sums over the batch
# -     return -np.mean(log_p[rows, labels]), gradient / len(labels)
# +     return -np.sum(log_p[rows, labels]), gradient

# %% wrong: gradient_sum · the gradient is not divided by B
# -     return -np.mean(log_p[rows, labels]), gradient / len(labels)
# +     return -np.mean(log_p[rows, labels]), gradient

# %% wrong: all_elements · averages the gradient over all elements
# -     return -np.mean(log_p[rows, labels]), gradient / len(labels)
# +     return -np.mean(log_p[rows, labels]), gradient / gradient.size

# %% wrong: in_place · changes the logits
# -     shifted = logits - np.max(logits, axis=1, keepdims=True)
# +     shifted = logits
# +     shifted -= np.max(logits, axis=1, keepdims=True).astype(logits.dtype)

# %% wrong: log_of_zero · takes the logarithm of the softmax, which may be 0
# -     log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
# +     log_p = np.log(np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True))

# %% wrong: small_number · adds a small number in the logarithm
# -     log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
# +     log_p = np.log(np.exp(shifted) / np.sum(np.exp(shifted), axis=1, keepdims=True) + 1e-8)

# %% wrong: sign · without the minus
# -     return -np.mean(log_p[rows, labels]), gradient / len(labels)
# +     return np.mean(log_p[rows, labels]), gradient / len(labels)

# %% wrong: only_p · the gradient is p
# -     gradient[rows, labels] -= 1
# +     gradient[rows, labels] -= 0

# %% wrong: columns · subtracts from whole columns
# -     gradient[rows, labels] -= 1
# +     gradient[:, labels] -= 1

# %% wrong: bits · log to the base 2
# -     return -np.mean(log_p[rows, labels]), gradient / len(labels)
# +     return -np.mean(log_p[rows, labels]) / np.log(2), gradient / len(labels)

# %% wrong: over_batch · softmax over the wrong axis
# -     log_p = shifted - np.log(np.sum(np.exp(shifted), axis=1, keepdims=True))
# +     log_p = shifted - np.log(np.sum(np.exp(shifted), axis=0, keepdims=True))

# %% wrong: loss_only · returns no gradient
# -     return -np.mean(log_p[rows, labels]), gradient / len(labels)
# +     return -np.mean(log_p[rows, labels])
