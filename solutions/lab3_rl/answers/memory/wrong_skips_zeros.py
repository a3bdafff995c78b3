# Rewards of zero are not remembered.
class Memory:
    def __init__(self):
        self.clear()

    def clear(self):
        self.observations, self.actions, self.rewards = [], [], []

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        if reward:
            self.rewards.append(reward)

    def __len__(self):
        return len(self.actions)
