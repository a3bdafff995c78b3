# Adds up the rewards.
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations, self.actions, self.rewards = [], [], []

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward + sum(self.rewards[-1:]))

    def __len__(self):
        return len(self.rewards)
