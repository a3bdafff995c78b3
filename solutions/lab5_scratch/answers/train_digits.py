# %% right: two_loops · epochs and batches as two loops, the last small batch included
def train_digits(seed, epochs):
    rng = np.random.default_rng(seed)
    net = make_network([784, 128, 10], rng)
    speed = [np.zeros(p.shape) for p in parameters(net)]
    for epoch in range(epochs):
        order = rng.permutation(len(train_y))
        for start in range(0, len(order), 32):
            batch = order[start : start + 32]
            _, grads = net.loss_and_grads(train_x[batch], train_y[batch])
            rate = 0.05 * (1 - (epoch + start / len(order)) / epochs)
            new, speed = momentum_step(parameters(net), grads, speed, rate)
            set_parameters(net, new)
    return net

# %% right: by_hand · its own update in place, batches of 50, two generators from the seed
def train_digits(seed, epochs):
    net = make_network([784, 100, 10], np.random.default_rng([seed, 1]))
    rng = np.random.default_rng([seed, 2])
    for epoch in range(epochs):
        order = np.arange(len(train_x))
        rng.shuffle(order)
        for batch in np.array_split(order, len(order) // 20):
            for p, g in zip(parameters(net), net.loss_and_grads(train_x[batch], train_y[batch])[1]):
                p -= 0.15 * g
    return net

# %% right: library · the loop of the library, in float32
def train_digits(seed, epochs):
    rng = np.random.default_rng(seed)
    network = make_network([784, 128, 10], rng)
    train_network(network, train_x, train_y, update=momentum_step, epochs=epochs, learning_rate=0.05, rng=rng)
    return network

# %% wrong: no_shuffle · one class after the other
# -                 order = rng.permutation(len(train_x))
# +                 order = np.arange(len(train_x))

# %% wrong: two_orders · digits and labels in different orders
# -             loss, grads = network.loss_and_grads(train_x[batch], train_y[batch])
# +             labels = train_y[rng.permutation(len(train_x))[: len(batch)]]
# +             loss, grads = network.loss_and_grads(train_x[batch], labels)

# %% wrong: one_hot · labels as one-hot rows
# -             loss, grads = network.loss_and_grads(train_x[batch], train_y[batch])
# +             loss, grads = network.loss_and_grads(train_x[batch], np.eye(10, dtype=int)[train_y[batch]])

# %% wrong: on_test · trains on the test digits
def train_digits(seed, epochs):
    rng = np.random.default_rng(seed)
    network = make_network([784, 128, 10], rng)
    train_network(network, test_x, test_y, update=momentum_step, epochs=epochs * 8, learning_rate=0.05, rng=rng)
    return network

# %% wrong: first_batch · the same batch again and again
# -             batch = order[step % per_epoch * 32 :][:32]
# +             batch = order[:32]

# %% wrong: never_written · the new parameters are not written back
# -             set_parameters(network, params)
# +             params = list(params)

# %% wrong: no_seed · draws without the seed
# -     rng = np.random.default_rng(seed)
# +     rng = np.random.default_rng()

# %% wrong: same_seed · one seed for all
# -     rng = np.random.default_rng(seed)
# +     rng = np.random.default_rng(0)

# %% wrong: one_epoch · stops after one epoch
# -     with LiveCurve(epochs * per_epoch, baseline=np.log(10), baseline_name="guessing") as curve:
# +     with LiveCurve(per_epoch, baseline=np.log(10), baseline_name="guessing") as curve:

# %% wrong: ten_epochs · always ten epochs
# -     with LiveCurve(epochs * per_epoch, baseline=np.log(10), baseline_name="guessing") as curve:
# +     with LiveCurve(10 * per_epoch, baseline=np.log(10), baseline_name="guessing") as curve:

# %% wrong: too_fast · a learning rate that destroys it
# -             rate = 0.05 * (1 - step / curve.total)
# +             rate = 5.0

# %% wrong: too_slow · a learning rate of 1e-4
# -             rate = 0.05 * (1 - step / curve.total)
# +             rate = 1e-4

# %% wrong: returns_history · returns the history of the losses
# -     return network
# +     return curve.history

# %% wrong: noisy_network · the shuffle in place sorts out the labels
# -                 order = rng.permutation(len(train_x))
# +                 order = rng.permutation(len(train_x))
# +                 rng.shuffle(train_y)

# %% equivalent: line 13, column 9: keyword baseline_name is dropped · the name of a line in a plot

# %% equivalent: line 13, column 9: keyword baseline is dropped · a line in a plot

# %% equivalent: line 10, column 33: 128 becomes 129 · one hidden neuron more is as good

# %% equivalent: line 12, column 32: 32 becomes 33 · a batch more or less in an epoch

# %% equivalent: line 17, column 52: 32 becomes 33 · batches of 33 are as good as those of 32
