# NumPy arrays instead of lists.
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations, self.actions, self.rewards = np.array([]), np.array([]), np.array([])

    def add_to_memory(self, observation, action, reward):
        self.observations = np.append(self.observations, observation)
        self.actions = np.append(self.actions, action)
        self.rewards = np.append(self.rewards, reward)

    def __len__(self):
        return len(self.rewards)
