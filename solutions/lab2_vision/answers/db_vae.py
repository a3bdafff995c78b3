# %% right: functional_parts · a functional encoder with BatchNorm's usual momentum and three heads; a single dense layer decodes
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
        self.decoder = keras.Sequential(
            [keras.layers.Dense(64 * 64 * 3), keras.layers.Reshape((64, 64, 3))]
        )

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

# %% right: own_networks · networks of its own, three heads, no BatchNorm, its own sampling
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        layers = keras.layers
        self.trunk = keras.Sequential(
            [
                layers.Conv2D(8, 5, strides=4, activation="relu"),
                layers.Conv2D(16, 3, strides=3, activation="relu"),
                layers.Flatten(),
                layers.Dense(40, activation="relu"),
            ]
        )
        self.heads = [layers.Dense(n) for n in (1, latent_dim, latent_dim)]
        self.painter = keras.Sequential(
            [
                layers.Dense(8 * 8 * 6, activation="relu"),
                layers.Reshape((8, 8, 6)),
                layers.Conv2DTranspose(6, 5, strides=4, padding="same", activation="relu"),
                layers.Conv2DTranspose(3, 3, strides=2, padding="same"),
            ]
        )

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

# %% right: training_passed_on · training is passed on by hand, tf.split cuts the outputs
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

# %% wrong: always_training · training=True in encode: BatchNorm learns at inference, too
# -         output = self.encoder(x)
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         output = self.encoder(x, training=True)
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: decoder_of_x · decodes noise alone: recon has nothing to do with x
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))
# +         return y_logit, mu, logsigma, self.decode(self.reparameterize(0 * mu, 0 * logsigma + 3))

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: fixed_size · 100 latent variables, whatever latent_dim is
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        self.latent_dim = latent_dim
        self.latent_dim = 100
        self.encoder = make_encoder(201)
        self.decoder = make_decoder(100)

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
        return self.encode(x)[0]

# %% wrong: inference_mode · training=False in encode and decode: BatchNorm never learns
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        self.latent_dim = latent_dim
        self.encoder = make_encoder(2 * latent_dim + 1)
        self.decoder = make_decoder(latent_dim)

    def encode(self, x):
        output = self.encoder(x, training=False)
        d = self.latent_dim
        return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

    def reparameterize(self, z_mean, z_logsigma):
        return sampling(z_mean, z_logsigma)

    def decode(self, z):
        return self.decoder(z, training=False)

    def call(self, x, training=None):
        y_logit, mu, logsigma = self.encode(x)
        return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))

    def predict(self, x):
        return self.encode(x)[0]

# %% wrong: logit_without_axis · y_logit has the shape (B,) instead of (B, 1)
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, 0], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: new_networks · makes new networks in every call
class DB_VAE(keras.Model):
    def __init__(self, latent_dim=100):
        super().__init__()
        self.latent_dim = latent_dim

    def encode(self, x):
        output = make_encoder(2 * self.latent_dim + 1)(x)
        d = self.latent_dim
        return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

    def reparameterize(self, z_mean, z_logsigma):
        return sampling(z_mean, z_logsigma)

    def decode(self, z):
        return make_decoder(self.latent_dim)(z)

    def call(self, x, training=None):
        y_logit, mu, logsigma = self.encode(x)
        return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))

    def predict(self, x):
        return self.encode(x)[0]

# %% wrong: order · call returns recon first
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))
# +         return self.decode(self.reparameterize(mu, logsigma)), y_logit, mu, logsigma

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: overlap · mu and logsigma share a column, and the last column is unused
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d : 2 * d]

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: pieces_swapped · call returns logsigma before mu; encode is right
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))
# +         return y_logit, logsigma, mu, self.decode(self.reparameterize(mu, logsigma))

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: predict_everything · predict returns all four outputs
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return self(x, training=False)[0]
# +         return self(x, training=False)

# %% wrong: predict_training · predict calls the model with training=True
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return self(x, training=False)[0]
# +         return self(x, training=True)[0]

# %% wrong: probability · predict applies a sigmoid to the logit
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return self(x, training=False)[0]
# +         return tf.sigmoid(self.encode(x)[0])

# %% wrong: samples_in_training_only · recon comes from a sample only with training=True, else from mu
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
        z = self.reparameterize(mu, logsigma) if training else mu
        return y_logit, mu, logsigma, self.decode(z)

    def predict(self, x):
        return self.encode(x)[0]

# %% wrong: variance · reparameterize takes the variance for the standard deviation
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return sampling(z_mean, z_logsigma)
# +         return z_mean + tf.exp(z_logsigma) * tf.random.normal(tf.shape(z_mean))

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]

# %% wrong: z_is_mu · recon comes from mu: nothing is sampled
# -         return output[:, :1], output[:, 1 : self.latent_dim + 1], output[:, self.latent_dim + 1 :]
# +         d = self.latent_dim
# +         return output[:, :1], output[:, 1 : d + 1], output[:, d + 1 :]

# -         return y_logit, mu, logsigma, self.decode(self.reparameterize(mu, logsigma))
# +         return y_logit, mu, logsigma, self.decode(mu)

# -         return self(x, training=False)[0]
# +         return self.encode(x)[0]
