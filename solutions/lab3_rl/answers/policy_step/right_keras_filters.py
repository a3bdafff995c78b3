# Keras leaves out the missing gradients by itself; its own loss.
def train_step(model, optimizer, observations, actions, returns):
    with tf.GradientTape(persistent=True) as tape:
        logits, value = model(observations, training=True)
        nll = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=actions, logits=logits)
        loss = tf.math.reduce_mean(nll * tf.cast(returns, tf.float32))
    grads = tape.gradient(loss, model.trainable_weights)
    optimizer.apply_gradients(zip(grads, model.trainable_weights))
    return loss
