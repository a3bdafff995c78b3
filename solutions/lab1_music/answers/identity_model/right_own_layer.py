# The student's own layer; the inputs pass through tf.identity.
class IdentityModel(tf.keras.Model):
    def __init__(self, n_outputs):
        super().__init__()
        self.layer = DenseLayer(n_outputs)

    def call(self, inputs, isidentity=False, training=None):
        answer = self.layer(inputs)
        if isidentity:
            answer = tf.identity(inputs)
        return answer
