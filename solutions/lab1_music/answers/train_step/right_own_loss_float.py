# Its own loss by tf.nn, a persistent tape, and a Python number returned.
def train_step(model, optimizer, x, y):
    with tf.GradientTape(persistent=True) as tape:
        logits = model(tf.convert_to_tensor(x), training=True)
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=logits))
    grads = tape.gradient(loss, model.trainable_weights)
    del tape
    optimizer.apply(grads, model.trainable_weights)
    return float(loss)
