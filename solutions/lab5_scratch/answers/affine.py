# %% right: einsum · sums over named axes
class Affine:
    def __init__(self, W, b):
        self.params = [W, b]
        self.grads = [np.zeros_like(W), np.zeros_like(b)]

    def forward(self, x):
        self.x = np.array(x)
        return np.einsum("bd,dn->bn", x, self.params[0]) + self.params[1]

    def backward(self, dout):
        self.grads[0] = np.einsum("bd,bn->dn", self.x, dout)
        self.grads[1] = np.einsum("bn->n", dout)
        return np.einsum("bn,dn->bd", dout, self.params[0])

# %% right: names · W and b as attributes, np.dot
class Affine:
    def __init__(self, W, b):
        self.W, self.b = W, b
        self.params = [self.W, self.b]
        self.grads = []

    def forward(self, x):
        self.cache = x
        return np.dot(x, self.W) + self.b

    def backward(self, dout):
        dW = np.dot(self.cache.T, dout)
        db = np.ones(len(dout)) @ dout
        self.grads = [dW, db]
        return np.dot(dout, self.W.T)

# %% wrong: no_bias · the bias is left out
# -         return x @ W + b
# +         return x @ W

# %% wrong: not_turned · W is not turned around in backward
# -         return dout @ self.params[0].T
# +         return dout @ self.params[0]

# %% wrong: keepdims · db is (1, N)
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [self.x.T @ dout, dout.sum(axis=0, keepdims=True)]

# %% wrong: mean · averages over the batch
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [self.x.T @ dout / len(dout), dout.mean(axis=0)]

# %% wrong: bias_mean · averages the gradient of the bias only
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [self.x.T @ dout, dout.mean(axis=0)]

# %% wrong: wrong_axis · sums the bias over the outputs
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [self.x.T @ dout, dout.sum(axis=1)]

# %% wrong: accumulates · adds to the gradients of the call before
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         new = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [g + n for g, n in zip(self.grads, new)] if self.grads else new

# %% wrong: swapped · db before dW
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [dout.sum(axis=0), self.x.T @ dout]

# %% wrong: weights_turned · dW the other way round
# -         self.grads = [self.x.T @ dout, dout.sum(axis=0)]
# +         self.grads = [dout.T @ self.x, dout.sum(axis=0)]

# %% wrong: no_dx · returns nothing from backward
# -         return dout @ self.params[0].T

# %% wrong: first_input · keeps the input of the first call
# -         self.x = x
# +         self.x = getattr(self, "x", x)
