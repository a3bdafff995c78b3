# The lists belong to the class.
class Memory:
    observations, actions, rewards = [], [], []

    def __init__(self):
        self.clear()

    def clear(self):
        self.observations.clear()
        self.actions.clear()
        self.rewards.clear()

    def add_to_memory(self, observation, action, reward):
        self.observations.append(observation)
        self.actions.append(action)
        self.rewards.append(reward)

    def __len__(self):
        return len(self.rewards)
