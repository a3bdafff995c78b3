# clear() forgets to empty the rewards.
class Memory:
    def __init__(self):
        self.rewards = []
        self.clear()

    def clear(self):
        self.observations, self.actions = [], []

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward)

    def __len__(self):
        return len(self.rewards)
