# %% right: epsilon · a small number keeps the division safe
def normalize(x):
    x = np.asarray(x, dtype=float)
    return (x - x.mean()) / (x.std() + 1e-8)

# %% right: plain_python · sums in plain Python; returns a list
def normalize(x):
    values = [float(v) for v in x]
    mean = sum(values) / len(values)
    spread = (sum((v - mean) ** 2 for v in values) / len(values)) ** 0.5
    return [(v - mean) / (spread if spread > 1e-9 else 1.0) for v in values]

# %% right: tensorflow · tf.nn.moments; returns a float32 tensor
def normalize(x):
    x = np.asarray(x, dtype=np.float64)
    if np.ptp(x) < 1e-12:
        return np.zeros_like(x, dtype=np.float32)
    mean, variance = tf.nn.moments(tf.constant(x), axes=list(range(x.ndim)))
    return tf.cast((x - mean) / tf.sqrt(variance), tf.float32)

# %% right: float32 · float32, and the recommended small number in the divisor
def normalize(x):
    x = np.asarray(x, "float32")
    return (x - x.mean()) / (x.std() + 1e-8)

# %% right: hint_3 · hint 3, filled in
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / (x.std() + 1e-8)

# %% wrong: constant_unchanged · constant input comes back as it is
# -     if x.max() == x.min():
# -         return np.zeros(x.shape)
# +     if np.ptp(x) == 0:
# +         return x

# %% wrong: ddof · the sample's standard deviation (ddof=1)
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / (x.std(ddof=1) + 1e-8)

# %% wrong: in_place · changes the caller's array
def normalize(x):
    x = np.asarray(x, float)
    x -= x.mean()
    x /= x.std() + 1e-8
    return x

# %% wrong: large_epsilon · 0.1 is added to the standard deviation: too much to be harmless
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / (x.std() + 0.1)

# %% wrong: min_max · scales to the interval from 0 to 1
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.min()) / (np.ptp(x) + 1e-8)

# %% wrong: nan · no case for constant input: 0/0
# -     if x.max() == x.min():
# -         return np.zeros(x.shape)

# %% wrong: no_mean · divides by the standard deviation only
def normalize(x):
    x = np.asarray(x, float)
    return x / (x.std() + 1e-8)

# %% wrong: no_std · subtracts the mean only
def normalize(x):
    x = np.asarray(x, float)
    return x - x.mean()

# %% wrong: variance · divides by the variance
def normalize(x):
    x = np.asarray(x, float)
    return (x - x.mean()) / (x.var() + 1e-8)
