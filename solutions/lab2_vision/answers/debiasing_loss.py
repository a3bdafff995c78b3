# %% right: columns · everything as columns (B, 1) until the end
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    y, y_logit = tf.cast(y, tf.float32), tf.cast(y_logit, tf.float32)
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=y_logit)
    vae = vae_loss_function(x, x_pred, mu, logsigma)[:, tf.newaxis]
    total = tf.reduce_mean(class_loss + y * vae)
    return total, tf.squeeze(class_loss, axis=1)

# %% right: softplus · the class loss by softplus, in double precision
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.cast(tf.squeeze(y, -1), tf.float64)
    logit = tf.cast(tf.squeeze(y_logit, -1), tf.float64)
    class_loss = tf.math.softplus(logit) - face * logit
    vae = tf.cast(vae_loss_function(x, x_pred, mu, logsigma), tf.float64)
    return tf.math.add_n([tf.reduce_mean(class_loss), tf.reduce_mean(face * vae)]), class_loss

# %% right: where · tf.where selects the faces, and Keras' binary cross-entropy
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    labels = tf.cast(y, tf.float32)
    class_loss = keras.losses.binary_crossentropy(
        labels, tf.cast(y_logit, tf.float32), from_logits=True
    )
    vae = vae_loss_function(x, x_pred, mu, logsigma)
    paid = tf.where(tf.equal(labels[:, 0], 1.0), vae, tf.zeros_like(vae))
    return tf.reduce_mean(class_loss) + tf.reduce_mean(paid), class_loss

# %% right: hint_three · the third hint, filled in as it stands
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.reshape(tf.cast(y, tf.float32), [-1])
    logit = tf.reshape(y_logit, [-1])
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
    vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
    return tf.reduce_mean(class_loss + face * vae_loss), class_loss

# %% wrong: batch_mean_of_vae · every face pays the batch's mean VAE loss
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss + face * tf.reduce_mean(vae_loss)), class_loss

# %% wrong: broadcast · (B, 1) times (B,) is (B, B): every face pays for every picture
def debiasing_loss_function(x, x_pred, y, y_logit, mu, logsigma):
    face = tf.cast(y, tf.float32)
    logit = tf.cast(y_logit, tf.float32)
    class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
    vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
    return tf.reduce_mean(class_loss + face * vae_loss), tf.reshape(class_loss, [-1])

# %% wrong: class_mean · one class loss for the whole batch
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss + face * vae_loss), tf.reduce_mean(class_loss)

# %% wrong: class_shape · the class loss keeps the shape (B, 1)
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss + face * vae_loss), class_loss[:, None]

# %% wrong: clipped · sigmoid and logarithm in two steps: large logits are clipped
# -     class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
# +     class_loss = keras.losses.binary_crossentropy(face[:, None], tf.sigmoid(logit)[:, None])

# %% wrong: kl_weight · kl_weight=1 instead of the default
# -     vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
# +     vae_loss = vae_loss_function(x, x_pred, mu, logsigma, kl_weight=1.0)

# %% wrong: labels_and_logits · labels and logits are swapped
# -     class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
# +     class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=logit, logits=face)

# %% wrong: mask_by_prediction · masked by the predicted class instead of the label
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss + tf.cast(logit > 0, tf.float32) * vae_loss), class_loss

# %% wrong: mask_inverted · the mask is inverted: non-faces pay, faces do not
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss + (1 - face) * vae_loss), class_loss

# %% wrong: mask_on_all · the mask covers the class loss, too
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(face * (class_loss + vae_loss)), class_loss

# %% wrong: mean_over_faces · the VAE loss is a mean over the faces, not over the batch
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss) + tf.reduce_sum(face * vae_loss) / tf.maximum(
# +         tf.reduce_sum(face), 1.0
# +     ), class_loss

# %% wrong: mu_and_logsigma · mu and logsigma are swapped
# -     vae_loss = vae_loss_function(x, x_pred, mu, logsigma)
# +     vae_loss = vae_loss_function(x, x_pred, logsigma, mu)

# %% wrong: no_mask · no mask: non-faces pay for their reconstruction, too
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_mean(class_loss + vae_loss), class_loss

# %% wrong: not_reduced · a total for each picture: the mean is missing
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return class_loss + face * vae_loss, class_loss

# %% wrong: probabilities · the logit is taken for a probability
# -     class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
# +     class_loss = keras.losses.binary_crossentropy(face[:, None], logit[:, None])

# %% wrong: sigmoid_twice · a sigmoid before a loss that applies one itself
# -     class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=logit)
# +     class_loss = tf.nn.sigmoid_cross_entropy_with_logits(labels=face, logits=tf.sigmoid(logit))

# %% wrong: sum · the sum over the batch instead of the mean
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return tf.reduce_sum(class_loss + face * vae_loss), class_loss

# %% wrong: swapped · returns the class loss first
# -     return tf.reduce_mean(class_loss + face * vae_loss), class_loss
# +     return class_loss, tf.reduce_mean(class_loss + face * vae_loss)
