# %% right: lists · lists of states, and gradients as sums
class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = []

    def forward(self, x):
        Wx, Wh, b = self.params
        self.x, self.states = x, [np.zeros((len(x), Wh.shape[0]))]
        for step in np.swapaxes(x, 0, 1):
            self.states.append(np.tanh(step @ Wx + self.states[-1] @ Wh + b))
        return np.stack(self.states[1:], axis=1)

    def backward(self, dh):
        Wx, Wh, b = self.params
        dz, coming = [None] * dh.shape[1], np.zeros(dh[:, 0].shape)
        for t in range(dh.shape[1] - 1, -1, -1):
            dz[t] = (dh[:, t] + coming) * (1 - np.square(self.states[t + 1]))
            coming = dz[t] @ Wh.T
        dz = np.stack(dz, axis=1)
        past = np.stack(self.states[:-1], axis=1)
        self.grads = [
            np.einsum("btd,bth->dh", self.x, dz), np.einsum("btg,bth->gh", past, dz), dz.sum((0, 1))
        ]
        return dz @ Wx.T

# %% right: joined · one matrix for input and past
class RNN:
    def __init__(self, Wx, Wh, b):
        self.params = [Wx, Wh, b]
        self.grads = []

    def forward(self, x):
        Wx, Wh, b = self.params
        W = np.concatenate([Wx, Wh])
        h = np.zeros((x.shape[0], b.size))
        self.inputs, self.outputs = [], []
        for t in range(x.shape[1]):
            both = np.concatenate([x[:, t], h], axis=1)
            h = np.tanh(both @ W + b)
            self.inputs.append(both)
            self.outputs.append(h)
        return np.array(self.outputs).transpose(1, 0, 2)

    def backward(self, dh):
        Wx, Wh, b = self.params
        D = Wx.shape[0]
        W = np.concatenate([Wx, Wh])
        dW, db, dx, carry = np.zeros(W.shape), np.zeros(b.shape), [], 0
        for t in reversed(range(len(self.inputs))):
            dz = (carry + dh[:, t]) * (1 - self.outputs[t] ** 2)
            dW += self.inputs[t].T @ dz
            db += dz.sum(axis=0)
            back = dz @ W.T
            dx.insert(0, back[:, :D])
            carry = back[:, D:]
        self.grads = [dW[:D], dW[D:], db]
        return np.stack(dx, axis=1)

# %% wrong: no_future · the gradient from the future is dropped
# -             dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
# +             dz = dh[:, t] * (1 - self.h[:, t + 1] ** 2)

# %% wrong: dh_twice · dh is added twice
# -             future = dz @ Wh.T
# +             future = dz @ Wh.T + (dh[:, t - 1] if t else 0)

# %% wrong: time_first · takes the first axis for the time
# -         B, T, _ = x.shape
# -         self.x, self.h = x, np.zeros((B, T + 1, len(b)))
# -         for t in range(T):
# -             self.h[:, t + 1] = np.tanh(x[:, t] @ Wx + self.h[:, t] @ Wh + b)
# -         return self.h[:, 1:]
# +         x = np.swapaxes(x, 0, 1)
# +         B, T, _ = x.shape
# +         self.x, self.h = x, np.zeros((B, T + 1, len(b)))
# +         for t in range(T):
# +             self.h[:, t + 1] = np.tanh(x[:, t] @ Wx + self.h[:, t] @ Wh + b)
# +         return np.swapaxes(self.h[:, 1:], 0, 1)

# %% wrong: no_bias · the bias is left out
# -             self.h[:, t + 1] = np.tanh(x[:, t] @ Wx + self.h[:, t] @ Wh + b)
# +             self.h[:, t + 1] = np.tanh(x[:, t] @ Wx + self.h[:, t] @ Wh)

# %% wrong: state_after · dWh with the state after instead of before
# -             dWh += self.h[:, t].T @ dz
# +             dWh += self.h[:, t + 1].T @ dz

# %% wrong: not_turned · Wh is not turned around on the way back
# -             future = dz @ Wh.T
# +             future = dz @ Wh

# %% wrong: no_slope · the slope of tanh is forgotten
# -             dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
# +             dz = dh[:, t] + future

# %% wrong: slope_of_before · the slope at the state before
# -             dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
# +             dz = (dh[:, t] + future) * (1 - self.h[:, t] ** 2)

# %% wrong: future_outside · the future does not pass the tanh
# -             dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
# +             dz = dh[:, t] * (1 - self.h[:, t + 1] ** 2) + future

# %% wrong: last_only · the weights learn from the last time only
# -             dWx += self.x[:, t].T @ dz
# -             dWh += self.h[:, t].T @ dz
# -             db += dz.sum(axis=0)
# +             dWx = self.x[:, t].T @ dz
# +             dWh = self.h[:, t].T @ dz
# +             db = dz.sum(axis=0)

# %% wrong: no_tanh · a sigmoid instead of tanh
# -             self.h[:, t + 1] = np.tanh(x[:, t] @ Wx + self.h[:, t] @ Wh + b)
# +             self.h[:, t + 1] = 1 / (1 + np.exp(-(x[:, t] @ Wx + self.h[:, t] @ Wh + b)))

# %% wrong: with_start · returns the start as well
# -         return self.h[:, 1:]
# +         return self.h

# %% wrong: last_state · returns the last state only
# -         return self.h[:, 1:]
# +         return self.h[:, -1]

# %% wrong: goes_on · begins where the sequence before has ended
# -         self.x, self.h = x, np.zeros((B, T + 1, len(b)))
# +         before = self.h[0, -1] if hasattr(self, "h") else 0.0
# +         self.x, self.h = x, np.zeros((B, T + 1, len(b)))
# +         self.h[:, 0] = before

# %% wrong: forwards · walks forwards in time on the way back
# -         for t in reversed(range(dh.shape[1])):
# +         for t in range(dh.shape[1]):

# %% wrong: changes_dh · adds the future into dh in place
# -             future = dz @ Wh.T
# +             future = 0.0
# +             if t:
# +                 dh[:, t - 1] += dz @ Wh.T

# %% right: hint · the third hint, filled in
class RNN:
    def __init__(self, Wx, Wh, b):
        self.params, self.grads = [Wx, Wh, b], []

    def forward(self, x):
        Wx, Wh, b = self.params
        self.x = x
        self.h = h = np.zeros((x.shape[0], x.shape[1] + 1, len(b)))
        for t in range(x.shape[1]):
            h[:, t + 1] = np.tanh(x[:, t] @ Wx + h[:, t] @ Wh + b)
        return h[:, 1:]

    def backward(self, dh):
        Wx, Wh, b = self.params
        dx, dWx, dWh, db = (np.zeros(a.shape) for a in (self.x, Wx, Wh, b))
        future = 0.0
        for t in reversed(range(dh.shape[1])):
            dz = (dh[:, t] + future) * (1 - self.h[:, t + 1] ** 2)
            dx[:, t] = dz @ Wx.T
            dWx += self.x[:, t].T @ dz
            dWh += self.h[:, t].T @ dz
            db += dz.sum(axis=0)
            future = dz @ Wh.T
        self.grads = [dWx, dWh, db]
        return dx
