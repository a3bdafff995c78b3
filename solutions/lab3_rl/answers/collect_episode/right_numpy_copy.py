# A fast copy of the brain, logits by .numpy(), early return.
def collect_episode(env, model, rng, max_steps):
    think = numpy_copy(model)
    memory = Memory()
    observation = env.reset(seed=rng.integers(2**31).item())[0]
    for _ in range(max_steps):
        logits = think(np.reshape(observation, (1, -1)))[0].numpy()
        action = int(choose_action(logits, rng)[0])
        following, reward, *ends, _ = env.step(action)
        memory.add_to_memory(observation, action, reward)
        if any(ends):
            return memory
        observation = following
    return memory
