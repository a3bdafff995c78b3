# %% right: flat · flattens, and makes a new array for each evaluation
def numerical_gradient(f, x, eps=1e-5):
    x = np.asarray(x, dtype=np.float64)
    slopes = []
    for k in range(x.size):
        step = np.zeros(x.size)
        step[k] = eps
        step = step.reshape(x.shape)
        slopes.append((float(f(x + step)) - float(f(x - step))) / (2 * eps))
    return np.array(slopes).reshape(x.shape)

# %% right: nditer · an iterator with several indices, two passes
def numerical_gradient(f, x, eps=1e-5):
    point = np.array(x, dtype="float64")
    grad = np.empty_like(point)
    it = np.nditer(point.copy(), flags=["multi_index"])
    for _ in it:
        place = it.multi_index
        old = point[place]
        point[place] = old - eps
        low = f(point)
        point[place] = old + eps
        grad[place] = (f(point) - low) / eps / 2
        point[place] = old
    return grad

# %% wrong: one_sided · forward differences
# -         x[i] = kept - eps
# -         gradient[i] = (above - f(x)) / (2 * eps)
# -         x[i] = kept
# +         x[i] = kept
# +         gradient[i] = (above - f(x)) / eps

# %% wrong: no_half · divides by eps instead of the whole way
# -         gradient[i] = (above - f(x)) / (2 * eps)
# +         gradient[i] = (above - f(x)) / eps

# %% wrong: half_of_eps · divides by eps / 2
# -         gradient[i] = (above - f(x)) / (2 * eps)
# +         gradient[i] = (above - f(x)) / 2 * eps

# %% wrong: float32 · works on a copy in float32
# -     x = np.array(x, dtype=float)
# +     x = np.array(x, dtype=np.float32)

# %% wrong: own_dtype · keeps the dtype of x, so whole numbers lose the step
# -     x = np.array(x, dtype=float)
# +     x = np.array(x)

# %% wrong: not_put_back · leaves each element a step below
# -         gradient[i] = (above - f(x)) / (2 * eps)
# -         x[i] = kept
# +         gradient[i] = (above - f(x)) / (2 * eps)

# %% wrong: in_place · works on x itself and leaves it changed
# -     x = np.array(x, dtype=float)
# +     x = np.asarray(x, dtype=float)

# -         gradient[i] = (above - f(x)) / (2 * eps)
# -         x[i] = kept
# +         gradient[i] = (above - f(x)) / (2 * eps)
# +         x[i] = kept + 1e-3

# %% wrong: flat_shape · returns a vector
# -     return gradient
# +     return gradient.ravel()

# %% wrong: flat_input · hands f a vector
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    flat = x.ravel()
    out = np.zeros(flat.shape)
    for i in range(flat.size):
        step = np.zeros(flat.size)
        step[i] = eps
        out[i] = (f(flat + step) - f(flat - step)) / (2 * eps)
    return out.reshape(x.shape)

# %% wrong: fixed_eps · ignores eps
# -         x[i] = kept + eps
# +         eps = 1e-5
# +         x[i] = kept + eps

# %% wrong: directions · all elements at once
def numerical_gradient(f, x, eps=1e-5):
    x = np.array(x, dtype=float)
    slope = (f(x + eps) - f(x - eps)) / (2 * eps)
    return np.full(x.shape, slope)
