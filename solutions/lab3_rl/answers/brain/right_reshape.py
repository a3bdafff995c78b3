# A reshaped value, and orthogonal heads.
def make_brain(front_end, n_actions):
    policy = keras.layers.Dense(n_actions, kernel_initializer=keras.initializers.Orthogonal(0.01))
    value = keras.layers.Dense(1, kernel_initializer="orthogonal")

    class Brain(keras.Model):
        def __init__(self):
            super().__init__()
            self.parts = [front_end, policy, value]

        def call(self, observations):
            features = front_end(observations)
            return policy(features), tf.reshape(value(features), [-1])

    return Brain()
