# %% right: views · sliding windows and einsum, dx by adding patches
class Conv2D:
    def __init__(self, W, b, stride=1, padding=0):
        self.params = [W, b]
        self.grads = []
        self.stride = stride
        self.padding = padding

    def forward(self, x):
        W, b = self.params
        p, s = self.padding, self.stride
        self.x = np.pad(np.asarray(x, float), [(0, 0), (p, p), (p, p), (0, 0)])
        views = np.lib.stride_tricks.sliding_window_view(self.x, W.shape[:2], axis=(1, 2))
        self.patches = views[:, ::s, ::s]  # (B, H', W', C, k, l)
        return np.einsum("bijckl,klcf->bijf", self.patches, W) + b

    def backward(self, dout):
        W, b = self.params
        p, s = self.padding, self.stride
        self.grads = [np.einsum("bijckl,bijf->klcf", self.patches, dout), dout.sum((0, 1, 2))]
        dx = np.zeros(self.x.shape)
        k, l = W.shape[:2]
        for i in range(dout.shape[1]):
            for j in range(dout.shape[2]):
                dx[:, i * s : i * s + k, j * s : j * s + l] += np.einsum("bf,klcf->bklc", dout[:, i, j], W)
        return dx[:, p : dx.shape[1] - p, p : dx.shape[2] - p]

# %% right: loops · four loops, one window at a time
class Conv2D:
    def __init__(self, W, b, stride=1, padding=0):
        self.params, self.grads, self.stride, self.padding = [W, b], [], stride, padding

    def spots(self):
        k, l = self.params[0].shape[:2]
        s = self.stride
        _, H, L, _ = self.x.shape
        for i in range((H - k) // s + 1):
            for j in range((L - l) // s + 1):
                yield i, j, (slice(None), slice(i * s, i * s + k), slice(j * s, j * s + l))

    def forward(self, x):
        W, b = self.params
        p = self.padding
        B, H, L, C = x.shape
        self.x = np.zeros((B, H + 2 * p, L + 2 * p, C))
        self.x[:, p : p + H, p : p + L] = x
        spots = list(self.spots())
        y = np.zeros((B, spots[-1][0] + 1, spots[-1][1] + 1, W.shape[3]))
        for i, j, window in spots:
            y[:, i, j] = np.tensordot(self.x[window], W, 3) + b
        return y

    def backward(self, dout):
        W, b = self.params
        dx, dW, db = np.zeros(self.x.shape), np.zeros(W.shape), np.zeros(b.shape)
        for i, j, window in self.spots():
            dx[window] += np.tensordot(dout[:, i, j], W, ((1,), (3,)))
            dW += np.tensordot(self.x[window], dout[:, i, j], ((0,), (0,)))
            db += dout[:, i, j].sum(axis=0)
        self.grads = [dW, db]
        p = self.padding
        return dx[:, p:-p, p:-p] if p else dx

# %% wrong: flipped · filters are flipped, as in mathematics
# -         return b + sum(self.x[part] @ W[place] for place, part in self.windows.items())
# +         W = W[::-1, ::-1]
# +         return b + sum(self.x[part] @ W[place] for place, part in self.windows.items())

# %% wrong: not_cut · dx keeps the padding
# -         return dx[:, p : H - p, p : L - p]
# +         return dx

# %% wrong: minus_zero · cuts by −p, which is nothing at all for padding 0
# -         return dx[:, p : H - p, p : L - p]
# +         return dx[:, p:-p, p:-p]

# %% wrong: stride_forgotten · the stride is forgotten on the way back
# -         for place, part in self.windows.items():
# +         rows, columns = dout.shape[1:3]
# +         for place in self.windows:
# +             part = np.s_[:, place[0] : place[0] + rows, place[1] : place[1] + columns]

# %% wrong: overwrites · = instead of +=
# -             dx[part] += dout @ W[place].T
# +             dx[part] = dout @ W[place].T

# %% wrong: no_bias · the bias is left out
# -         return b + sum(self.x[part] @ W[place] for place, part in self.windows.items())
# +         return sum(self.x[part] @ W[place] for place, part in self.windows.items())

# %% wrong: db_batch · sums the bias over the batch only
# -         self.grads = [dW, dout.sum(axis=(0, 1, 2))]
# +         self.grads = [dW, dout.sum(axis=(0, 1)).mean(axis=0)]

# %% wrong: averaged · averages over the batch
# -         self.grads = [dW, dout.sum(axis=(0, 1, 2))]
# +         self.grads = [dW / len(dout), dout.sum(axis=(0, 1, 2)) / len(dout)]

# %% wrong: size_of_rows · as many columns as the filter has rows
# -         rows, columns = (H - k) // s + 1, (L - m) // s + 1
# +         rows, columns = (H - k) // s + 1, (L - k) // s + 1

# %% wrong: last_window · the last window is lost
# -         rows, columns = (H - k) // s + 1, (L - m) // s + 1
# +         rows, columns = max((H - k) // s, 1), max((L - m) // s, 1)

# %% wrong: one_side · pads above and on the left only
# -         self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
# +         self.x = np.pad(x, ((0, 0), (2 * p, 0), (2 * p, 0), (0, 0)))

# %% wrong: repeats_border · pads with the border instead of zeros
# -         self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
# +         self.x = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)), mode="edge")

# %% wrong: accumulates · grads grow from call to call
# -         self.grads = [dW, dout.sum(axis=(0, 1, 2))]
# +         new = [dW, dout.sum(axis=(0, 1, 2))]
# +         self.grads = [g + n for g, n in zip(self.grads, new)] if self.grads else new

# %% wrong: ignores_padding · padding is not done
# -         p, s = self.padding, self.stride
# +         p, s = 0, self.stride

# -         p, (_, H, L, _) = self.padding, dx.shape
# +         p, (_, H, L, _) = 0, dx.shape


# %% right: hint · the third hint, filled in
class Conv2D:
    def __init__(self, W, b, stride=1, padding=0):
        self.params, self.grads = [W, b], []
        self.stride, self.padding = stride, padding

    def forward(self, x):
        (W, b), p, s = self.params, self.padding, self.stride
        self.x = padded = np.pad(x, ((0, 0), (p, p), (p, p), (0, 0)))
        k, l = W.shape[:2]
        h, w = (padded.shape[1] - k) // s + 1, (padded.shape[2] - l) // s + 1
        self.slices = {}
        y = np.zeros((len(x), h, w, len(b))) + b
        for i in range(k):
            for j in range(l):
                self.slices[i, j] = np.s_[:, i : i + s * h : s, j : j + s * w : s]
                y += padded[self.slices[i, j]] @ W[i, j]
        return y

    def backward(self, dout):
        (W, b), p = self.params, self.padding
        dx, dW = np.zeros(self.x.shape), np.zeros(W.shape)
        for (i, j), part in self.slices.items():
            dW[i, j] = np.tensordot(self.x[part], dout, ((0, 1, 2), (0, 1, 2)))
            dx[part] += dout @ W[i, j].T
        self.grads = [dW, dout.sum(axis=(0, 1, 2))]
        return dx[:, p : dx.shape[1] - p, p : dx.shape[2] - p]
