# %% right: by_hand · indices, and own dictionary of decays
class Network:
    def __init__(self, layers):
        self.layers = layers

    def forward(self, x):
        out = x
        for i in range(len(self.layers)):
            out = self.layers[i].forward(out)
        return out

    def loss_and_grads(self, x, labels, l2=0.0):
        loss, gradient = softmax_loss(self.forward(x), labels)
        collected = []
        for layer in self.layers[::-1]:
            gradient = layer.backward(gradient)
            mine = []
            for p, g in zip(layer.params, layer.grads):
                if np.ndim(p) > 1:
                    mine.append(g + l2 * p)
                    loss += l2 * (p * p).sum() / 2
                else:
                    mine.append(g)
            collected = mine + collected
        return loss, collected

# %% right: functional · reduce, and norms
from functools import reduce


class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        return reduce(lambda h, layer: layer.forward(h), self.layers, x)

    def loss_and_grads(self, x, labels, l2=0.0):
        loss, dout = softmax_loss(self.forward(x), labels)
        reduce(lambda d, layer: layer.backward(d), reversed(self.layers), dout)
        params = [p for layer in self.layers for p in layer.params]
        grads = [g for layer in self.layers for g in layer.grads]
        decay = [l2 if p.ndim >= 2 else 0.0 for p in params]
        penalty = sum(d * np.linalg.norm(p) ** 2 for d, p in zip(decay, params)) / 2
        return loss + penalty, [g + d * p for g, d, p in zip(grads, decay, params)]

# %% wrong: decays_biases · biases decay, too
# -                 if p.ndim >= 2:
# +                 if True:

# %% wrong: no_half · λ Σ W² without the half
# -                     loss = loss + 0.5 * l2 * np.sum(p**2)
# +                     loss = loss + l2 * np.sum(p**2)

# %% wrong: twice · 2λW in the gradient
# -                     g = g + l2 * p
# +                     g = g + 2 * l2 * p

# %% wrong: loss_without_decay · decay in the gradient alone
# -                     loss = loss + 0.5 * l2 * np.sum(p**2)

# %% wrong: gradient_without_decay · decay in the loss alone
# -                     g = g + l2 * p

# %% wrong: order · gradients of the last layer first
# -         for layer in self.layers:
# -             for p, g in zip(layer.params, layer.grads, strict=True):
# +         for layer in reversed(self.layers):
# +             for p, g in zip(layer.params, layer.grads):

# %% wrong: forward_order · backward from the first to the last layer
# -         for layer in reversed(self.layers):
# +         for layer in self.layers:

# %% wrong: not_chained · every layer gets the gradient of the logits
# -             dout = layer.backward(dout)
# +             layer.backward(dout)

# %% wrong: skips_first · the first layer is left out on the way back
# -         for layer in reversed(self.layers):
# +         for layer in reversed(self.layers[1:]):

# %% wrong: stale · forward only in the first call
# -         loss, dout = softmax_loss(self.forward(x), labels)
# +         if not hasattr(self, "logits"):
# +             self.logits = self.forward(x)
# +         loss, dout = softmax_loss(self.logits, labels)

# %% wrong: nested · one list for each layer
def _nested(network, flat):
    parts, rest = [], list(flat)
    for layer in network.layers:
        parts.append([rest.pop(0) for _ in layer.params])
    return parts


class Network:
    def __init__(self, layers):
        self.layers = list(layers)

    def forward(self, x):
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss_and_grads(self, x, labels, l2=0.0):
        loss, dout = softmax_loss(self.forward(x), labels)
        for layer in reversed(self.layers):
            dout = layer.backward(dout)
        grads = []
        for layer in self.layers:
            for p, g in zip(layer.params, layer.grads):
                decay = l2 if p.ndim >= 2 else 0.0
                loss = loss + 0.5 * decay * np.sum(p**2)
                grads.append(g + decay * p)
        return loss, _nested(self, grads)

# %% equivalent: line 28, column 24: keyword strict is dropped · both lists are equally long

# %% equivalent: line 28, column 62: True becomes False · both lists are equally long
