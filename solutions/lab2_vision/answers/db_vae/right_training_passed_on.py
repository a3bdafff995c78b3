# training is passed on by hand, tf.split cuts the outputs.
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        self.latent_dim = latent_dim
        self.encoder = make_encoder(2 * latent_dim + 1)
        self.decoder = make_decoder(latent_dim)

    def encode(self, x, training=None):
        output = self.encoder(x, training=training)
        return tf.split(output, [1, self.latent_dim, self.latent_dim], axis=-1)

    def reparameterize(self, z_mean, z_logsigma):
        return sampling(z_mean, z_logsigma)

    def decode(self, z):
        return self.decoder(z)

    def call(self, x, training=None):
        y_logit, mu, logsigma = self.encode(x, training=training)
        z = self.reparameterize(mu, logsigma)
        return y_logit, mu, logsigma, self.decoder(z, training=training)

    def predict(self, x):
        y_logit, _, _ = self.encode(x, training=False)
        return y_logit.numpy()
