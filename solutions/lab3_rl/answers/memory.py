# %% right: clear_lists · the lists are made once and emptied in place; the length is that of the actions
class Memory:
    def __init__(self):
        self.observations = []
        self.actions = []
        self.rewards = []

    def clear(self):
        self.observations.clear()
        self.actions.clear()
        del self.rewards[:]

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward)

    def __len__(self):
        return len(self.actions)

# %% right: plus · lists grow by +, with type hints and a step counter
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations: list = []
        self.actions: list = []
        self.rewards: list = []
        self._steps = 0

    def add_to_memory(self, observation, action, reward):
        self.observations = self.observations + [observation]
        self.actions += [action]
        self.rewards += [reward]
        self._steps += 1

    def __len__(self):
        return self._steps

# %% right: hint_3 · hint 3, filled in
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations = []
        self.actions = []
        self.rewards = []

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward)

    def __len__(self):
        return len(self.observations)

# %% wrong: arrays · NumPy arrays instead of lists
# -         self.observations, self.actions, self.rewards = [], [], []
# +         self.observations, self.actions, self.rewards = np.array([]), np.array([]), np.array([])

# -         self.observations.append(observation)
# -         self.actions.append(action)
# -         self.rewards.append(reward)
# +         self.observations = np.append(self.observations, observation)
# +         self.actions = np.append(self.actions, action)
# +         self.rewards = np.append(self.rewards, reward)

# %% wrong: clear_forgets_one · clear() forgets to empty the rewards
# -     def __init__(self):
# +     def __init__(self):
# +         self.rewards = []

# -         self.observations, self.actions, self.rewards = [], [], []
# +         self.observations, self.actions = [], []

# %% wrong: length · __len__ counts the entries of all three lists
# -         return len(self.rewards)
# +         return len(self.observations) + len(self.actions) + len(self.rewards)

# %% wrong: newest_first · each step is inserted at the front
# -         self.observations.append(observation)
# -         self.actions.append(action)
# -         self.rewards.append(reward)
# +         self.observations.insert(0, observation)
# +         self.actions.insert(0, action)
# +         self.rewards.insert(0, reward)

# %% wrong: shared · the lists belong to the class, so all memories share them
# -     step."""
# +     step."""
# +     observations, actions, rewards = [], [], []

# -         self.observations, self.actions, self.rewards = [], [], []
# +         self.observations.clear()
# +         self.actions.clear()
# +         self.rewards.clear()

# %% wrong: skips_zeros · rewards of zero are not remembered
# -         self.rewards.append(reward)
# +         if reward:
# +             self.rewards.append(reward)

# -         return len(self.rewards)
# +         return len(self.actions)

# %% wrong: swapped · actions and rewards are exchanged
# -         self.actions.append(action)
# -         self.rewards.append(reward)
# +         self.actions.append(reward)
# +         self.rewards.append(action)

# %% wrong: total_reward · adds each reward to the one before
# -         self.rewards.append(reward)
# +         self.rewards.append(reward + sum(self.rewards[-1:]))

# %% wrong: no_length · a class of one's own, without __len__
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations, self.actions, self.rewards = [], [], []

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward)
