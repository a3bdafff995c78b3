# The newest step comes first.
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations, self.actions, self.rewards = [], [], []

    def add_to_memory(self, observation, action, reward):
        self.observations.insert(0, observation)
        self.actions.insert(0, action)
        self.rewards.insert(0, reward)

    def __len__(self):
        return len(self.rewards)
