# %% right: loop · one quotient after the other, in plain Python
def relative_error(a, b):
    quotients = []
    for u, v in zip(np.ravel(a).astype(float), np.ravel(b).astype(float)):
        quotients.append(abs(u - v) / np.maximum(abs(u) + abs(v), 1e-12))
    return float(np.array(quotients).max())

# %% right: amax · np.amax, and np.clip for the lower limit
def relative_error(a, b):
    a = np.array(a, dtype=np.float64)
    b = np.array(b, dtype=np.float64)
    size = np.clip(np.abs(a) + np.abs(b), 1e-12, None)
    return np.amax(np.absolute(b - a) / size)

# %% wrong: mean · the mean instead of the worst
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.mean(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))

# %% wrong: norms · the ratio of norms
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.linalg.norm(a - b) / max(np.linalg.norm(a) + np.linalg.norm(b), 1e-12)

# %% wrong: zero_by_zero · nothing below the line keeps it from 0
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b)))

# %% wrong: larger_of_both · the larger of the sizes instead of their sum
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.max(np.abs(a - b) / np.maximum(np.maximum(np.abs(a), np.abs(b)), 1e-12))

# %% wrong: signed · without absolute values above the line
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.max((a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))

# %% wrong: nanmax · overlooks NaN
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.nanmax(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))

# %% wrong: python_max · Python's max, which loses NaN
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return max(np.ravel(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12)), default=0.0)

# %% wrong: added · 1e-12 is added instead of being the least
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.max(np.abs(a - b) / (np.abs(a) + np.abs(b) + 1e-12))

# %% wrong: coarse · 1e-8 below the line hides small gradients
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-8))

# %% wrong: largest_by_largest · the largest difference by the largest size
# -     return np.max(np.abs(a - b) / np.maximum(np.abs(a) + np.abs(b), 1e-12))
# +     return np.max(np.abs(a - b)) / np.max(np.maximum(np.abs(a) + np.abs(b), 1e-12))
