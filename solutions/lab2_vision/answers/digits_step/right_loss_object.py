# A loss object of Keras.
_digit_loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)


def digits_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        loss = _digit_loss(labels, model(images, training=True))
    optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
    return loss
