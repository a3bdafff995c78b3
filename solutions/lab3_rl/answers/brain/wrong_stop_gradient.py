# The value does not train the front end.
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), self.value(tf.stop_gradient(features))[:, 0]


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)
