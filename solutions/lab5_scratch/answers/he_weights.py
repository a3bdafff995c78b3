# %% right: standard · standard normal numbers, scaled, in a loop
def he_weights(sizes, rng):
    result = []
    for i in range(len(sizes) - 1):
        W = rng.standard_normal((sizes[i], sizes[i + 1])) * (2.0 / sizes[i]) ** 0.5
        result.append((W, np.zeros((sizes[i + 1],))))
    return result

# %% right: turned · drawn the other way round, in float32
def he_weights(sizes, rng):
    pairs = []
    for d, n in reversed(list(zip(sizes[:-1], sizes[1:]))):
        W = rng.normal(scale=np.sqrt(2 / d), size=(n, d)).T.astype("float32")
        pairs.insert(0, [np.ascontiguousarray(W), np.zeros(n, "float32")])
    return pairs

# %% wrong: fan_out · the outputs instead of the inputs
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, np.sqrt(2 / n), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: uniform · uniform numbers of the same deviation
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.uniform(-1, 1, (d, n)) * np.sqrt(6 / d), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: xavier · 1 instead of 2
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, np.sqrt(1 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: variance · the variance where the deviation belongs
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, 2 / d, (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: global · draws from np.random
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(np.random.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: fixed_seed · a generator of its own
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     rng = np.random.default_rng(0)
# +     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: shared · every layer begins with the same numbers
def he_weights(sizes, rng):
    seed = rng.integers(1 << 30)
    pairs = []
    for d, n in zip(sizes, sizes[1:]):
        draw = np.random.default_rng(seed)
        pairs.append((draw.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)))
    return pairs

# %% wrong: turned_shape · W is (N, D)
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, np.sqrt(2 / d), (n, d)), np.zeros(n)) for d, n in pairwise(sizes)]

# %% wrong: random_biases · biases are drawn, too
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), rng.normal(0, 0.01, n)) for d, n in pairwise(sizes)]

# %% wrong: int_biases · biases of whole numbers, which cannot be trained
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n, int)) for d, n in pairwise(sizes)]

# %% wrong: first_size · the inputs of the whole network
# -     return [(rng.normal(0, np.sqrt(2 / d), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
# +     return [(rng.normal(0, np.sqrt(2 / sizes[0]), (d, n)), np.zeros(n)) for d, n in pairwise(sizes)]
