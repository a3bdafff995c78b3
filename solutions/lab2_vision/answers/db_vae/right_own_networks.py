# Networks of its own, three heads, no BatchNorm, its own sampling.
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        layers = keras.layers
        self.trunk = keras.Sequential([
            layers.Conv2D(8, 5, strides=4, activation="relu"), layers.Conv2D(16, 3, strides=3, activation="relu"),
            layers.Flatten(), layers.Dense(40, activation="relu"),
        ])
        self.heads = [layers.Dense(n) for n in (1, latent_dim, latent_dim)]
        self.painter = keras.Sequential([
            layers.Dense(8 * 8 * 6, activation="relu"), layers.Reshape((8, 8, 6)),
            layers.Conv2DTranspose(6, 5, strides=4, padding="same", activation="relu"),
            layers.Conv2DTranspose(3, 3, strides=2, padding="same"),
        ])

    def encode(self, x):
        h = self.trunk(x)
        y_logit, mu, logsigma = (head(h) for head in self.heads)
        return y_logit, mu, logsigma

    def reparameterize(self, z_mean, z_logsigma):
        return z_mean + tf.exp(z_logsigma / 2) * tf.random.normal(tf.shape(z_mean))

    def decode(self, z):
        return self.painter(z)

    def call(self, x, training=None):
        y_logit, mu, logsigma = self.encode(x)
        recon = self.decode(self.reparameterize(mu, logsigma))
        return [y_logit, mu, logsigma, recon]

    def predict(self, x):
        return self(x, training=False)[0]
