# Probabilities instead of logits.
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions, activation="softmax")
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), tf.squeeze(self.value(features), axis=-1)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)
