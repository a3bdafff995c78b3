# %% right: loss_object · a Keras loss object, made once outside the function
_digit_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def digits_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        loss = _digit_loss(labels, model(images, training=True))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss

# %% right: one_hot · one-hot vectors and a log-softmax, with a persistent tape
def digits_step(model, optimizer, images, labels):
    with tf.GradientTape(persistent=True) as tape:
        log_p = tf.nn.log_softmax(model(tf.convert_to_tensor(images), training=True))
        loss = -tf.reduce_mean(tf.reduce_sum(tf.one_hot(labels, log_p.shape[-1]) * log_p, axis=-1))
    weights = model.trainable_weights
    optimizer.apply(tape.gradient(loss, weights), weights)
    del tape
    return loss

# %% right: zip_float · apply_gradients with pairs, the loss of tf.nn, a Python float returned
def digits_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        z = model(images, training=True)
        loss = tf.reduce_mean(
            tf.nn.sparse_softmax_cross_entropy_with_logits(
                labels=tf.cast(labels, tf.int32), logits=z
            )
        )
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return float(loss)

# %% wrong: clipped_norm · clips all gradients together to a norm of 1
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients, _ = tf.clip_by_global_norm(gradients, 1.0)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: clipped_five · clips all gradients together to a norm of 5
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients, _ = tf.clip_by_global_norm(gradients, 5.0)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: clipped_values · clips every number of the gradients to 1
# -     optimizer.apply(gradients, model.trainable_variables)
# +     gradients = [tf.clip_by_value(g, -1.0, 1.0) for g in gradients]
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: returns_numpy · a NumPy number: the step cannot be compiled
# -     return loss
# +     return loss.numpy()

# %% wrong: compiled_once · tf.function around the whole: compiled once, the second new model fails
@tf.function
def digits_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=True)
        loss = tf.reduce_mean(
            keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
        )
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss

# %% wrong: frozen_too · makes every layer trainable, so frozen weights change too
# -     gradients = tape.gradient(loss, model.trainable_variables)
# -     optimizer.apply(gradients, model.trainable_variables)
# +     for layer in model.layers:
# +         layer.trainable = True
# +     gradients = tape.gradient(loss, model.trainable_variables)
# +     optimizer.apply_gradients(zip(gradients, model.trainable_variables))

# %% wrong: loss_after · returns the loss after the update
# -     return loss
# +     return tf.reduce_mean(
# +         keras.losses.sparse_categorical_crossentropy(labels, model(images), from_logits=True)
# +     )

# %% wrong: no_update · computes the gradients, but never applies them
# -     gradients = tape.gradient(loss, model.trainable_variables)
# -     optimizer.apply(gradients, model.trainable_variables)
# +     tape.gradient(loss, model.trainable_variables)

# %% wrong: not_reduced · one loss for each picture: the mean is missing
# -         loss = tf.reduce_mean(
# -             keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
# -         )
# +         loss = keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)

# %% wrong: not_training · training=False: BatchNorm learns nothing
# -         logits = model(images, training=True)
# +         logits = model(images, training=False)

# %% wrong: own_optimizer · updates with a new Adam instead of the given optimizer
# -     optimizer.apply(gradients, model.trainable_variables)
# +     keras.optimizers.Adam().apply(gradients, model.trainable_variables)

# %% wrong: probabilities · from_logits=True is forgotten: logits are taken for probabilities
# -         loss = tf.reduce_mean(
# -             keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
# -         )
# +         loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, logits))

# %% wrong: softmax_first · a softmax before from_logits=True: normalised twice
# -             keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True)
# +             keras.losses.sparse_categorical_crossentropy(
# +                 labels, tf.nn.softmax(logits), from_logits=True
# +             )

# %% wrong: sum · the sum over the batch instead of the mean
# -         loss = tf.reduce_mean(
# +         loss = tf.reduce_sum(

# %% wrong: two_updates · applies the gradients twice
# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply(gradients, model.trainable_variables)

# %% wrong: uphill · applies the gradients with the wrong sign
# -     optimizer.apply(gradients, model.trainable_variables)
# +     optimizer.apply([-g for g in gradients], model.trainable_variables)
