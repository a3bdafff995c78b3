# Each head has a hidden layer; value first; keras.ops; the training flag is passed on.
class TwoHeads(keras.Model):
    def __init__(self, front, n_actions):
        super().__init__()
        self.value_head = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)])
        self.policy_head = keras.Sequential([keras.layers.Dense(16, activation="relu"), keras.layers.Dense(n_actions)])
        self.front = front

    def call(self, x, training=None):
        h = self.front(x)
        return self.policy_head(h), keras.ops.squeeze(self.value_head(h), axis=1)


def make_brain(front_end, n_actions):
    return TwoHeads(front_end, n_actions)
