# No value at all.
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)
