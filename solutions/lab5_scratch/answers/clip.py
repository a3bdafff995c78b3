# %% right: flat · one long vector
def clip_by_global_norm(grads, limit):
    flat = np.concatenate([np.ravel(g) for g in grads])
    norm = np.linalg.norm(flat)
    if norm <= limit:
        return [np.array(g) for g in grads]
    return [np.asarray(g) * (limit / norm) for g in grads]

# %% right: minimum · a factor of at most 1
def clip_by_global_norm(grads, limit):
    norm = float(np.sqrt(np.sum([(np.asarray(g, float) ** 2).sum() for g in grads])))
    factor = min(1.0, limit / max(norm, 1e-12))
    return [factor * g for g in grads]

# %% wrong: each · each array by itself
def clip_by_global_norm(grads, limit):
    clipped = []
    for g in grads:
        norm = np.sqrt(np.sum(np.square(g)))
        clipped.append(g * (limit / norm if norm > limit else 1.0))
    return clipped

# %% wrong: always · scales whatever the norm is
# -     factor = limit / norm if norm > limit else 1.0
# +     factor = limit / max(norm, 1e-12)

# %% wrong: nan · divides by a norm of zero
# -     factor = limit / norm if norm > limit else 1.0
# +     factor = np.minimum(1.0, np.float64(limit) * norm / norm**2)

# %% wrong: values · clips each number
# -     return [g * factor for g in grads]
# +     return [np.clip(g, -limit, limit) for g in grads]

# %% wrong: no_root · the square of the norm
# -     norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
# +     norm = sum(np.sum(np.square(g)) for g in grads)

# %% wrong: sum_of_norms · adds the norms
# -     norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
# +     norm = sum(np.sqrt(np.sum(np.square(g))) for g in grads)

# %% wrong: largest_norm · the largest of the norms
# -     norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
# +     norm = max(np.sqrt(np.sum(np.square(g))) for g in grads)

# %% wrong: unit · to norm 1
# -     factor = limit / norm if norm > limit else 1.0
# +     factor = 1 / norm if norm > limit else 1.0

# %% wrong: in_place · changes the arrays that it was given
# -     return [g * factor for g in grads]
# +     for g in grads:
# +         np.multiply(g, factor, out=g, casting="unsafe")
# +     return grads

# %% wrong: absolute · the sum of absolute values
# -     norm = np.sqrt(sum(np.sum(np.square(g)) for g in grads))
# +     norm = sum(np.sum(np.abs(g)) for g in grads)

# %% wrong: backwards · scales the small ones
# -     factor = limit / norm if norm > limit else 1.0
# +     factor = limit / norm if 0 < norm < limit else 1.0

# %% equivalent: line 10, column 29: Gt becomes GtE · where the norm is the limit, the factor is 1
