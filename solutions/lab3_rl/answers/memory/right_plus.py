# Lists grow by +, with type hints and a private count.
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
