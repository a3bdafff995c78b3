# Actions and rewards are exchanged.
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations, self.actions, self.rewards = [], [], []

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(reward)
        self.rewards.append(action)

    def __len__(self):
        return len(self.rewards)
