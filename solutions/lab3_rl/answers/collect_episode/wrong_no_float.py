# Gives the observation as it is.
def collect_episode(env, model, rng, max_steps):
    memory = Memory()
    observation, _ = env.reset(seed=int(rng.integers(2**31)))
    for _ in range(max_steps):
        logits, _ = model(np.asarray(observation)[None])
        action = int(choose_action(logits, rng)[0])
        next_observation, reward, terminated, truncated, _ = env.step(action)
        memory.add_to_memory(observation, action, reward)
        if terminated or truncated:
            break
        observation = next_observation
    return memory
