# %% right: deltas_first · all deltas at once, then their discounted sum; float32
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    rewards, values = np.asarray(rewards, np.float32), np.asarray(values, np.float32)
    alive = 1.0 - np.asarray(dones).astype(np.float32)
    following = np.concatenate([values[1:], np.asarray(last_value, np.float32)[None]])
    result = rewards + gamma * alive * following - values
    for t in range(len(rewards) - 2, -1, -1):
        result[t] += gamma * lam * alive[t] * result[t + 1]
    return result

# %% right: game_by_game · a loop over the games with plain Python numbers
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    T, B = np.shape(rewards)
    out = [[0.0] * B for _ in range(T)]
    for b in range(B):
        carried, ahead = 0.0, float(last_value[b])
        for t in reversed(range(T)):
            if dones[t][b]:
                carried, ahead = 0.0, 0.0
            carried = (
                float(rewards[t][b]) + gamma * ahead - float(values[t][b]) + gamma * lam * carried
            )
            out[t][b], ahead = carried, float(values[t][b])
    return np.array(out)

# %% right: hint_3 · hint 3, filled in
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    rewards, values, dones = (np.asarray(x, float) for x in (rewards, values, dones))
    advantages, advantage, following = np.zeros(rewards.shape), 0.0, last_value
    for t in reversed(range(len(rewards))):
        alive = 1 - dones[t]
        delta = rewards[t] + gamma * alive * following - values[t]
        advantage = delta + gamma * lam * alive * advantage
        advantages[t], following = advantage, values[t]
    return advantages

# %% wrong: bool · ~dones instead of 1 - dones: wrong unless dones are truth values
# -     rewards, values, dones = (np.asarray(x, float) for x in (rewards, values, dones))
# -     advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.asarray(last_value, float)
# +     advantages, advantage, following = np.zeros(np.shape(rewards)), 0.0, last_value

# -         alive = 1 - dones[t]
# +         alive = ~np.asarray(dones[t])

# %% wrong: defaults · the defaults of gamma and lam are exchanged
# - def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
# + def gae(rewards, values, last_value, dones, gamma=0.95, lam=0.99):

# %% wrong: done_of_next · takes dones of the next step
# -         alive = 1 - dones[t]
# +         alive = 1 - dones[min(t + 1, len(rewards) - 1)]

# %% wrong: leaks_advantage · the advantage leaks over the end of an episode
# -         advantage = delta + gamma * lam * alive * advantage
# +         advantage = delta + gamma * lam * advantage

# %% wrong: leaks_value · the next value leaks over the end of an episode
# -         delta = rewards[t] + gamma * alive * following - values[t]
# +         delta = rewards[t] + gamma * following - values[t]

# %% wrong: no_gamma_in_delta · the next value is not discounted in delta
# -         delta = rewards[t] + gamma * alive * following - values[t]
# +         delta = rewards[t] + alive * following - values[t]

# %% wrong: no_gamma_in_sum · the advantage is discounted by lam alone, without gamma
# -         advantage = delta + gamma * lam * alive * advantage
# +         advantage = delta + lam * alive * advantage

# %% wrong: no_lambda · lam has no effect
# -         advantage = delta + gamma * lam * alive * advantage
# +         advantage = delta + gamma * alive * advantage

# %% wrong: no_last_value · last_value is ignored: 0 after the last step
# -     advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.asarray(last_value, float)
# +     advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.zeros(rewards.shape[1])

# %% wrong: returns · returns advantages + values instead of advantages
# -     return advantages
# +     return advantages + values

# %% wrong: any_game · the end of one game ends them all
def gae(rewards, values, last_value, dones, gamma=0.99, lam=0.95):
    rewards, values, dones = (np.asarray(x, float) for x in (rewards, values, dones))
    advantages, advantage, following = np.zeros(rewards.shape), 0.0, np.asarray(last_value, float)
    for t in reversed(range(len(rewards))):
        if dones[t].any():
            advantage, following = 0.0, 0.0
        delta = rewards[t] + gamma * following - values[t]
        advantage = delta + gamma * lam * advantage
        advantages[t], following = advantage, values[t]
    return advantages
