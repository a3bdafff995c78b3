# One-hot vectors and a log-softmax.
def digits_step(model, optimizer, images, labels):
    with tf.GradientTape(persistent=True) as tape:
        log_p = tf.nn.log_softmax(model(tf.convert_to_tensor(images), training=True))
        loss = -tf.reduce_mean(tf.reduce_sum(tf.one_hot(labels, log_p.shape[-1]) * log_p, axis=-1))
    weights = model.trainable_weights
    optimizer.apply(tape.gradient(loss, weights), weights)
    del tape
    return loss.numpy()
