# training=False: BatchNorm learns nothing.
def digits_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        logits = model(images, training=False)
        loss = tf.reduce_mean(keras.losses.sparse_categorical_crossentropy(labels, logits, from_logits=True))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss
