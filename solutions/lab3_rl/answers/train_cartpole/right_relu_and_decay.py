# More units with relu, a learning rate of its own, the best by the last 50.
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
        train_step(model, optimizer, x, np.asarray(episode.actions, dtype=np.int32), np.float32(weight))
    model.set_weights(kept)
    return model
