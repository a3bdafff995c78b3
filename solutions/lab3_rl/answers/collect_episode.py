# %% right: numpy_copy · a NumPy copy of the brain, seeds by .item(), an early return
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

# %% right: while · a while loop, tf.expand_dims, the seed from a smaller range
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

# %% right: hint_3 · hint 3, filled in
def collect_episode(env, model, rng, max_steps):
    memory = Memory()
    observation, _ = env.reset(seed=int(rng.integers(2**31)))
    for _ in range(max_steps):
        logits, _ = model(np.asarray(observation, "float32")[None])
        action = int(choose_action(logits, rng)[0])
        next_observation, reward, terminated, truncated, _ = env.step(action)
        memory.add_to_memory(observation, action, reward)
        if terminated or truncated:
            break
        observation = next_observation
    return memory

# %% wrong: actions_shifted · takes another action than the one remembered
# -         next_observation, reward, terminated, truncated, _ = env.step(action)
# +         next_observation, reward, terminated, truncated, _ = env.step((action + 1) % 4)

# %% wrong: argmax · takes the largest logit instead of drawing
# -         action = int(choose_action(logits, rng)[0])
# +         action = int(np.argmax(logits))

# %% wrong: next_observation · remembers the observation after the action
# -         memory.add_to_memory(observation, action, reward)
# +         memory.add_to_memory(next_observation, action, reward)

# %% wrong: no_seed · resets the environment without a seed
# -     observation, _ = env.reset(seed=int(rng.integers(2**31)))
# +     observation, _ = env.reset()

# %% wrong: numpy_action · actions are NumPy integers instead of Python ones
# -         action = int(choose_action(logits, rng)[0])
# +         action = choose_action(logits, rng)[0]

# %% wrong: one_too_many · max_steps + 1 steps
# -     for _ in range(max_steps):
# +     for _ in range(max_steps + 1):

# %% wrong: own_rng · draws actions from a new generator instead of rng
# -         action = int(choose_action(logits, rng)[0])
# +         action = int(choose_action(logits, np.random.default_rng())[0])

# %% wrong: same_seed · always resets with seed 0
# -     observation, _ = env.reset(seed=int(rng.integers(2**31)))
# +     observation, _ = env.reset(seed=0)

# %% wrong: stuck · never moves on from the first observation
# -         observation = next_observation
# +         pass

# %% wrong: terminated_ignored · does not stop when terminated
# -         if terminated or truncated:
# +         if truncated:

# %% wrong: truncated_ignored · does not stop when truncated
# -         if terminated or truncated:
# +         if terminated:

# %% wrong: as_it_comes · the brain gets whole numbers where the world shows whole numbers
# -         logits, _ = model(np.asarray(observation, "float32")[None])
# +         logits, _ = model(np.asarray(observation)[None])

# %% equivalent: line 12, column 53: Pow becomes Mult · any range of seeds will do, as long as the seed is drawn from rng

# %% equivalent: line 12, column 53: 2 becomes 3 · any range of seeds will do, as long as the seed is drawn from rng

# %% equivalent: line 12, column 56: 31 becomes 32 · any range of seeds will do, as long as the seed is drawn from rng
