# %% right: loops · window by window, the winner by argmax
class MaxPool2D:
    def __init__(self, size, stride):
        self.params, self.grads = [], []
        self.size, self.stride = size, stride

    def forward(self, x):
        self.x = np.array(x)
        k, s = self.size, self.stride
        B, H, W, C = x.shape
        y = np.zeros((B, (H - k) // s + 1, (W - k) // s + 1, C))
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                y[:, i, j] = x[:, i * s : i * s + k, j * s : j * s + k].max(axis=(1, 2))
        return y

    def backward(self, dout):
        k, s = self.size, self.stride
        dx = np.zeros(self.x.shape)
        for n, i, j, c in np.ndindex(dout.shape):
            window = self.x[n, i * s : i * s + k, j * s : j * s + k, c]
            u, v = np.unravel_index(window.argmax(), window.shape)
            dx[n, i * s + u, j * s + v, c] += dout[n, i, j, c]
        return dx

# %% right: views · sliding windows, and np.add.at
class MaxPool2D:
    def __init__(self, size, stride):
        self.params = []
        self.grads = []
        self.size = size
        self.stride = stride

    def forward(self, x):
        s = self.stride
        views = np.lib.stride_tricks.sliding_window_view(x, (self.size, self.size), axis=(1, 2))
        views = views[:, ::s, ::s]
        self.shape, self.best = x.shape, views.reshape(*views.shape[:4], -1).argmax(axis=-1)
        return views.max(axis=(-2, -1))

    def backward(self, dout):
        dx = np.zeros(self.shape)
        n, i, j, c = np.indices(dout.shape)
        u, v = np.divmod(self.best, self.size)
        np.add.at(dx, (n, i * self.stride + u, j * self.stride + v, c), dout)
        return dx

# %% right: masks · compares with the output, as nobody ties
class MaxPool2D:
    def __init__(self, size, stride):
        self.params, self.grads = [], []
        self.size, self.stride = size, stride

    def forward(self, x):
        k, s = self.size, self.stride
        self.x = x
        rows, columns = (x.shape[1] - k) // s + 1, (x.shape[2] - k) // s + 1
        self.slices = []
        for u in range(k):
            for v in range(k):
                self.slices.append(np.s_[:, u : u + s * rows : s, v : v + s * columns : s])
        y = x[self.slices[0]]
        for part in self.slices[1:]:
            y = np.maximum(y, x[part])
        self.y = y
        return y

    def backward(self, dout):
        dx = np.zeros(self.x.shape)
        for part in self.slices:
            dx[part] += np.where(self.x[part] == self.y, dout, 0)
        return dx

# %% wrong: overwrites · = instead of +=, which windows side by side do not show
# -             dx[window] += dout * (self.winner == n)
# +             dx[window] = np.where(self.winner == n, dout, dx[window])

# %% wrong: overwrites_all · = without a condition
# -             dx[window] += dout * (self.winner == n)
# +             dx[window] = dout * (self.winner == n)

# %% wrong: shared · everybody in the window gets the gradient
# -             dx[window] += dout * (self.winner == n)
# +             dx[window] += dout

# %% wrong: mean · average pooling
# -         return parts.max(axis=0)
# +         return parts.mean(axis=0)

# %% wrong: stride_is_size · windows side by side whatever the stride
# -         (_, H, W, _), k, s = np.shape(x), self.size, self.stride
# +         (_, H, W, _), k, s = np.shape(x), self.size, self.size

# %% wrong: rounds_up · one window too many, cut short
class MaxPool2D:
    def __init__(self, size, stride):
        self.params, self.grads = [], []
        self.size, self.stride = size, stride

    def forward(self, x):
        k, s = self.size, self.stride
        self.x = np.array(x)
        B, H, W, C = x.shape
        y = np.zeros((B, -(-H // s), -(-W // s), C))
        for i in range(y.shape[1]):
            for j in range(y.shape[2]):
                y[:, i, j] = x[:, i * s : i * s + k, j * s : j * s + k].max(axis=(1, 2))
        return y

    def backward(self, dout):
        k, s = self.size, self.stride
        dx = np.zeros(self.x.shape)
        for n, i, j, c in np.ndindex(dout.shape):
            window = self.x[n, i * s : i * s + k, j * s : j * s + k, c]
            u, v = np.unravel_index(window.argmax(), window.shape)
            dx[n, i * s + u, j * s + v, c] += dout[n, i, j, c]
        return dx

# %% wrong: all_channels · the largest over all channels
# -         return parts.max(axis=0)
# +         return np.repeat(parts.max(axis=(0, 4), keepdims=True)[0], np.shape(x)[3], axis=3)

# %% wrong: smallest · the smallest number
# -         self.winner = parts.argmax(axis=0)
# -         return parts.max(axis=0)
# +         self.winner = parts.argmin(axis=0)
# +         return parts.min(axis=0)

# %% wrong: last_window · the last window is lost
# -         rows, columns = (H - k) // s + 1, (W - k) // s + 1
# +         rows, columns = max((H - k) // s, 1), max((W - k) // s, 1)

# %% wrong: squares · takes the width for the height
# -         rows, columns = (H - k) // s + 1, (W - k) // s + 1
# +         rows, columns = (H - k) // s + 1, (H - k) // s + 1

# %% wrong: counts · one for each window that was won
# -             dx[window] += dout * (self.winner == n)
# +             dx[window] += self.winner == n

# %% wrong: largest_only · the gradient goes to the largest of all windows
# -             dx[window] += dout * (self.winner == n)
# +             dx[window] = np.maximum(dx[window], dout * (self.winner == n))

# %% right: hint · the third hint, filled in
class MaxPool2D:
    def __init__(self, size, stride):
        self.params, self.grads = [], []
        self.size, self.stride = size, stride

    def forward(self, x):
        k, s, self.shape = self.size, self.stride, x.shape
        h, w = (x.shape[1] - k) // s + 1, (x.shape[2] - k) // s + 1
        self.slices = [np.s_[:, i : i + s * h : s, j : j + s * w : s] for i, j in np.ndindex(k, k)]
        stack = np.stack([x[part] for part in self.slices])
        self.winner = stack.argmax(axis=0)
        return stack.max(axis=0)

    def backward(self, dout):
        dx = np.zeros(self.shape)
        for n, part in enumerate(self.slices):
            dx[part] += dout * (self.winner == n)
        return dx
