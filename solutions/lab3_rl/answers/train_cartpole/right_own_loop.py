# A loop of its own with plain probabilities; nothing of the earlier tasks but the brain.
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
        goal = np.array([sum(0.99**k * r for k, r in enumerate(paid[t : t + 400])) for t in range(len(paid))])
        goal = (goal - goal.mean()) / (goal.std() + 1e-8)
        with tf.GradientTape() as tape:
            logits, _ = model(np.array(seen, "float32"))
            nll = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=np.array(done), logits=logits)
            loss = tf.reduce_mean(nll * goal.astype("float32"))
        variables = model.trainable_variables
        pairs = zip(tape.gradient(loss, variables), variables)
        optimizer.apply_gradients([(g, v) for g, v in pairs if g is not None])
    model.set_weights(top[1])
    return model
