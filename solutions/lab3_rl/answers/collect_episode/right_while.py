# A while loop, an expanded tensor, the seed from a smaller range.
def collect_episode(env, model, rng, max_steps):
    memory, over = Memory(), False
    observation, info = env.reset(seed=int(rng.integers(0, 1_000_000)))
    while not over and len(memory) < max_steps:
        outputs = model(tf.expand_dims(tf.cast(observation, tf.float32), 0))
        action = choose_action(outputs[0], rng)[0].item()
        following, reward, terminated, truncated, info = env.step(action)
        memory.add_to_memory(np.array(observation), action, float(reward))
        observation, over = following, terminated or truncated
    return memory
