# The lists are made once and emptied in place; counted by the actions.
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
