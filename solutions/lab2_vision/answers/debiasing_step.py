# %% right: own_sum · the total is computed from its two parts
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        _, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
        face = tf.reshape(tf.cast(y, class_loss.dtype), [-1])
        total = tf.reduce_mean(class_loss) + tf.reduce_mean(
            face * vae_loss_function(x, recon, mu, logsigma)
        )
    optimizer.apply(tape.gradient(total, model.trainable_variables), model.trainable_variables)
    return total

# %% right: two_gradients · the gradients of the two parts of the loss, taken one by one and added
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        total, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
        first = tf.reduce_mean(class_loss)
        second = total - first
    variables = model.trainable_variables
    pairs = zip(tape.gradient(first, variables), tape.gradient(second, variables))
    optimizer.apply([b if a is None else a + b for a, b in pairs], variables)
    return total

# %% right: zip_float · apply_gradients with pairs; returns a Python float
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        outputs = model(tf.convert_to_tensor(x), training=True)
        total, class_loss = debiasing_loss_function(
            x, outputs[3], y, outputs[0], outputs[1], outputs[2]
        )
    weights = model.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(total, weights), weights))
    return float(total)

# %% wrong: both_losses · adds the class loss a second time
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss = loss + tf.reduce_mean(class_loss)

# %% wrong: class_only · the gradient of the class loss only
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss = tf.reduce_mean(class_loss)

# %% wrong: clipped_norm · clips all gradients together to a norm of 1
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: clipped_five · clips all gradients together to a norm of 5
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: returns_numpy · a NumPy number: the step cannot be compiled
# -     return loss
# +     return loss.numpy()

# %% wrong: compiled_once · tf.function around the whole: compiled once, the second new model fails
@tf.function
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

# %% wrong: faces_only · non-faces are dropped from the batch
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x[np.ravel(y) == 1], training=True)
        loss, class_loss = debiasing_loss_function(
            x[np.ravel(y) == 1], recon, y[np.ravel(y) == 1], y_logit, mu, logsigma
        )
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

# %% wrong: first_variables · the last two variables are never updated
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        y_logit, mu, logsigma, recon = model(x, training=True)
        loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
    variables = model.trainable_variables[:-2]
    gradients = tape.gradient(loss, variables)
    optimizer.apply(gradients, variables)
    return loss

# %% wrong: loss_after · returns the loss after the update
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# -     return loss
# +     y_logit, mu, logsigma, recon = model(x)
# +     return debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)[0]

# %% wrong: mu_and_logsigma · mu and logsigma are swapped
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, logsigma, mu)

# %% wrong: no_update · the gradients are neither computed nor applied
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# -     gradients = tape.gradient(loss, model.trainable_variables)
# -     optimizer.apply(gradients, model.trainable_variables)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# %% wrong: not_training · training=False: BatchNorm learns nothing
# -         y_logit, mu, logsigma, recon = model(x, training=True)
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         y_logit, mu, logsigma, recon = model(x, training=False)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# %% wrong: own_optimizer · updates with a new Adam instead of the given optimizer
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# -     optimizer.apply(gradients, model.trainable_variables)
# +     keras.optimizers.Adam(5e-4).apply(gradients, model.trainable_variables)

# %% wrong: returns_class_loss · returns the class loss (B,) instead of the total
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# -     return loss
# +     return class_loss

# %% wrong: two_updates · applies the gradients twice
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: uphill · applies the gradients with the wrong sign
# -         loss, _ = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)
# +         loss, class_loss = debiasing_loss_function(x, recon, y, y_logit, mu, logsigma)

# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply([-g for g in gradients], model.trainable_variables)
