# %% right: class_outside · the class stands outside the function, the value is cut by an index
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), self.value(features)[:, 0]


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% right: deeper_heads · each head has a hidden layer; keras.ops; call takes the training flag
class TwoHeads(keras.Model):
    def __init__(self, front, n_actions):
        super().__init__()
        self.value_head = keras.Sequential(
            [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(1)]
        )
        self.policy_head = keras.Sequential(
            [keras.layers.Dense(16, activation="relu"), keras.layers.Dense(n_actions)]
        )
        self.front = front

    def call(self, x, training=None):
        h = self.front(x)
        return self.policy_head(h), keras.ops.squeeze(self.value_head(h), axis=1)


def make_brain(front_end, n_actions):
    return TwoHeads(front_end, n_actions)

# %% right: reshape · the value is reshaped to (B,); the layers are made outside the class
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

# %% right: hint_3 · hint 3, filled in
def make_brain(front_end, n_actions):
    class Brain(keras.Model):
        def __init__(self):
            super().__init__()
            self.front_end = front_end
            self.policy = keras.layers.Dense(n_actions)
            self.value = keras.layers.Dense(1)

        def call(self, observations):
            features = self.front_end(observations)
            return self.policy(features), tf.squeeze(self.value(features), axis=-1)

    return Brain()

# %% right: narrow_heads · a narrow hidden relu layer in each head, which is silent for some weights
def make_brain(front_end, n_actions):
    class ActorCritic(keras.Model):
        def __init__(self):
            super().__init__()
            self.body = front_end
            self.actor = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(n_actions)]
            self.critic = [keras.layers.Dense(8, activation="relu"), keras.layers.Dense(1)]

        def call(self, inputs):
            x = self.body(inputs)
            actor, critic = x, x
            for layer in self.actor:
                actor = layer(actor)
            for layer in self.critic:
                critic = layer(critic)
            return actor, critic[..., 0]

    return ActorCritic()

# %% wrong: blind_value · the value head sees ones instead of the features
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), self.value(tf.ones_like(features))[:, 0]


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: logits_only · returns the logits without a value
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

# %% wrong: mean_over_batch · the batch's mean value for every row
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), tf.reduce_mean(self.value(features)) * tf.ones_like(
            features[:, 0]
        )


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: no_front_end · the policy head looks at the observation itself
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(
            keras.ops.reshape(observations, (keras.ops.shape(observations)[0], -1))
        ), self.value(features)[:, 0]


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: relu_value · relu on the value: it cannot be negative
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1, activation="relu")

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), tf.squeeze(self.value(features), axis=-1)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: softmax · a softmax on the policy: probabilities instead of logits
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

# %% wrong: squeeze_all · squeezes all axes: a batch of one loses its axis
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), tf.squeeze(self.value(features))


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: stop_gradient · no gradient of the value reaches the front end
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

# %% wrong: swapped · returns the value first
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return tf.squeeze(self.value(features), axis=-1), self.policy(features)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: tanh_value · tanh on the value: it stays between -1 and 1
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1, activation="tanh")

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), tf.squeeze(self.value(features), axis=-1)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: value_column · the value has the shape (B, 1) instead of (B,)
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), self.value(features)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% wrong: value_of_logits · the value is the largest logit, without a head of its own
class Brain(keras.Model):
    def __init__(self, front_end, n_actions):
        super().__init__()
        self.front_end = front_end
        self.policy = keras.layers.Dense(n_actions)
        self.value = keras.layers.Dense(1)

    def call(self, observations):
        features = self.front_end(observations)
        return self.policy(features), tf.reduce_max(self.policy(features), axis=-1)


def make_brain(front_end, n_actions):
    return Brain(front_end, n_actions)

# %% equivalent: line 15, column 26: keyword kernel_initializer is dropped · initialisers are free

# %% equivalent: line 16, column 25: keyword kernel_initializer is dropped · initialisers are free

# %% equivalent: line 14, column 50: 0.01 becomes 1.02 · initialisers are free

# %% equivalent: line 20, column 80: USub is dropped · axis 1 is the last axis of (B, 1)
