# %% right: where · np.where both ways
class ReLU:
    def __init__(self):
        self.params = []
        self.grads = []

    def forward(self, x):
        self.x = x.copy()
        return np.where(x > 0, x, 0.0)

    def backward(self, dout):
        return np.where(self.x > 0, dout, 0.0)

# %% right: copies · works on copies in place
class ReLU:
    def __init__(self):
        self.params, self.grads = [], []

    def forward(self, x):
        y = np.array(x)
        self.off = y <= 0
        y[self.off] = 0
        return y

    def backward(self, dout):
        dx = np.array(dout)
        dx[self.off] = 0
        return dx

# %% wrong: in_place · changes x
# -         return np.maximum(x, 0)
# +         x[x < 0] = 0
# +         return x

# %% wrong: dout_in_place · changes dout
# -         return dout * self.positive
# +         dout[~self.positive] = 0
# +         return dout

# %% wrong: first_mask · keeps the mask of the first call
# -         self.positive = x > 0
# +         if not hasattr(self, "positive") or self.positive.shape != x.shape:
# +             self.positive = x > 0

# %% wrong: at_zero · lets the gradient pass at 0
# -         self.positive = x > 0
# +         self.positive = x >= 0

# %% wrong: through · the gradient passes everywhere
# -         return dout * self.positive
# +         return dout

# %% wrong: clips_gradient · ReLU of the gradient
# -         return dout * self.positive
# +         return np.maximum(dout, 0)

# %% wrong: by_gradient · where the gradient is positive
# -         return dout * self.positive
# +         return dout * (dout > 0)

# %% wrong: leaky · a little passes on the other side
# -         return np.maximum(x, 0)
# +         return np.maximum(x, 0.01 * x)

# %% wrong: largest · the largest of all
# -         return np.maximum(x, 0)
# +         return np.max(x, 0)

# %% wrong: multiplied · multiplies by the input
# -         self.positive = x > 0
# +         self.positive = np.maximum(x, 0)
