# Functional encoder with BatchNorm of the usual momentum, pictures flattened by the decoder.
def _encoder(d):
    x = inputs = keras.Input((64, 64, 3))
    for filters in (8, 12, 16):
        x = keras.layers.Conv2D(filters, 5, strides=2, padding="same", use_bias=False)(x)
        x = keras.layers.LeakyReLU()(keras.layers.BatchNormalization()(x))
    x = keras.layers.GlobalAveragePooling2D()(x)
    return keras.Model(inputs, [keras.layers.Dense(n)(x) for n in (1, d, d)])


class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        self.encoder = _encoder(latent_dim)
        self.decoder = keras.Sequential([keras.layers.Dense(64 * 64 * 3), keras.layers.Reshape((64, 64, 3))])

    def encode(self, x):
        return tuple(self.encoder(x))

    def reparameterize(self, z_mean, z_logsigma):
        return sampling(z_mean, z_logsigma)

    def decode(self, z):
        return self.decoder(z)

    def call(self, x, training=None):
        parts = self.encode(x)
        return (*parts, self.decode(self.reparameterize(*parts[1:])))

    def predict(self, x):
        return np.asarray(self.encoder(x, training=False)[0])
