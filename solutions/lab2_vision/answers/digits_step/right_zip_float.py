# apply_gradients with pairs, tf.nn loss, a Python number.
def digits_step(model, optimizer, images, labels):
    with tf.GradientTape() as tape:
        z = model(images, training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=tf.cast(labels, tf.int32), logits=z))
    grads = tape.gradient(loss, model.trainable_variables)
    optimizer.apply_gradients(zip(grads, model.trainable_variables))
    return float(loss)
