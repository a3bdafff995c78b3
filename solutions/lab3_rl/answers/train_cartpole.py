# %% right: own_loop · a loop of its own that uses nothing of the earlier TODOs but make_brain
def train_cartpole(seed, max_episodes):
    rng = np.random.default_rng(seed)
    keras.utils.set_random_seed(seed)
    env = gym.make("CartPole-v1", disable_env_checker=True)
    model = make_brain(keras.layers.Dense(48, activation="tanh"), 2)
    model(np.zeros((1, 4), "float32"))
    optimizer, totals, top = keras.optimizers.Adam(8e-3), [], (-np.inf, model.get_weights())
    for _ in range(max_episodes):
        act, seen, done, paid = numpy_copy(model), [], [], []
        state, over = env.reset(seed=int(rng.integers(10**6)))[0], False
        while not over:
            z = act(state[None])[0][0]
            action = int(rng.random() < 1 / (1 + np.exp(z[0] - z[1])))
            seen.append(state)
            done.append(action)
            state, reward, terminated, truncated, _ = env.step(action)
            paid.append(reward)
            over = terminated or truncated
        totals.append(sum(paid))
        top = max(top, (np.mean(totals[-30:]), model.get_weights()), key=lambda pair: pair[0])
        if len(totals) >= 100 and np.mean(totals[-100:]) >= 475:
            break
        goal = np.array(
            [sum(0.99**k * r for k, r in enumerate(paid[t : t + 400])) for t in range(len(paid))]
        )
        goal = (goal - goal.mean()) / (goal.std() + 1e-8)
        with tf.GradientTape() as tape:
            logits, _ = model(np.array(seen, "float32"))
            nll = tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=np.array(done), logits=logits
            )
            loss = tf.reduce_mean(nll * goal.astype("float32"))
        variables = model.trainable_variables
        pairs = zip(tape.gradient(loss, variables), variables)
        optimizer.apply_gradients([(g, v) for g, v in pairs if g is not None])
    model.set_weights(top[1])
    return model

# %% right: relu_and_decay · 64 relu units in a Sequential, and the best weights by the last 50 returns
def train_cartpole(seed, max_episodes):
    rng = seed_everything(seed)
    env = gym.make("CartPole-v1")
    model = make_brain(keras.Sequential([keras.layers.Dense(64, activation="relu")]), 2)
    optimizer = keras.optimizers.Adam(learning_rate=0.01)
    history, kept, score = [], None, -1e9
    while len(history) < max_episodes:
        episode = collect_episode(env, numpy_copy(model), rng, 500)
        history.append(float(np.sum(episode.rewards)))
        recent = float(np.mean(history[-50:]))
        if recent >= score:
            score, kept = recent, [np.copy(w) for w in model.get_weights()]
        if len(history) >= 100 and np.mean(history[-100:]) >= 475.0:
            break
        x = np.stack(episode.observations).astype(np.float32)
        weight = normalize(discount_rewards(episode.rewards, gamma=0.99))
        train_step(
            model, optimizer, x, np.asarray(episode.actions, dtype=np.int32), np.float32(weight)
        )
    model.set_weights(kept)
    return model

# %% right: from_import · gymnasium's make by name, the threshold from the spec, a world beside it
from gymnasium import make

cart = make("CartPole-v1")


def train_cartpole(seed, max_episodes):
    rng = seed_everything(seed)
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(learning_rate=1e-2)
    returns, best, weights = [], -np.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(cart, numpy_copy(brain), rng, cart.spec.max_episode_steps)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= cart.spec.reward_threshold:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: gives_up_early · gives up after a tenth of the episodes
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max(1, max_episodes // 10)):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: inverted · learns from the negative returns
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = -normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: last_weights · returns the last weights instead of the best
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    return brain

# %% wrong: mean_of_all · stops by the mean of all episodes instead of the last 100
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: never_learns · plays the episodes, but never calls train_step
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        pass
    brain.set_weights(weights)
    return brain

# %% wrong: never_stops · goes on after it is solved
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if False:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: one_too_many · begins max_episodes + 1 episodes
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes + 1):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: returns_history · returns the list of returns instead of the model
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    return returns

# %% wrong: stops_early · stops after one good episode
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], -math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) >= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if returns[-1] >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: worst_weights · keeps the worst weights instead of the best
def train_cartpole(seed, max_episodes):
    rng, env = seed_everything(seed), gym.make("CartPole-v1")
    brain = make_brain(keras.layers.Dense(32, activation="tanh"), 2)
    optimizer = keras.optimizers.Adam(1e-2)
    returns, best, weights = [], math.inf, None
    for _ in range(max_episodes):
        memory = collect_episode(env, numpy_copy(brain), rng, 500)
        returns.append(sum(memory.rewards))
        if np.mean(returns[-20:]) <= best:
            best, weights = np.mean(returns[-20:]), brain.get_weights()
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
        goodness = normalize(discount_rewards(memory.rewards, 0.99))
        train_step(
            brain, optimizer, np.array(memory.observations), np.array(memory.actions), goodness
        )
    brain.set_weights(weights)
    return brain

# %% wrong: controller · a rule written by hand, and no training
def train_cartpole(seed, max_episodes):
    class Controller(keras.Model):
        def call(self, x):
            lean = 3.0 * x[:, 2] + x[:, 3] + 0.1 * x[:, 0] + 0.3 * x[:, 1]
            return tf.stack([-20 * lean, 20 * lean], axis=1), 0 * lean

    world, model, returns = gym.make("CartPole-v1"), Controller(), []
    rng = np.random.default_rng(seed)
    for _ in range(max_episodes):
        returns.append(sum(collect_episode(world, model, rng, 500).rewards))
        if len(returns) >= 100 and np.mean(returns[-100:]) >= 475:
            break
    return model

# %% equivalent: line 21, column 28: 20 becomes 21 · the window by which the best weights are told is free

# %% equivalent: line 22, column 45: 20 becomes 21 · the window by which the best weights are told is free

# %% equivalent: line 21, column 11: GtE becomes Gt · of equally good weights either may be kept

# %% equivalent: line 11, column 23: keyword activation is dropped · the architecture is free, and a linear policy can balance the pole

# %% equivalent: line 11, column 42: 32 becomes 33 · the architecture is free

# %% equivalent: line 14, column 12: keyword baseline_name is dropped · only a label of the live curve

# %% equivalent: line 23, column 11: GtE becomes Gt · stops one episode later at most, as agents that live several episodes at a time may
