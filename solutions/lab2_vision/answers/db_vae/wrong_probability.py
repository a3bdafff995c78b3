# A sigmoid on the logit.
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        self.latent_dim = latent_dim
        self.encoder = make_encoder(2 * latent_dim + 1)
        self.decoder = make_decoder(latent_dim)

    def encode(self, x):
        output = self.encoder(x)
        d = self.latent_dim
        return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

    def reparameterize(self, z_mean, z_logsigma):
        return sampling(z_mean, z_logsigma)

    def decode(self, z):
        return self.decoder(z)

    def call(self, x, training=None):
        y_logit, mu, logsigma = self.encode(x)
        return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))

    def predict(self, x):
        return tf.sigmoid(self.encode(x)[0])
