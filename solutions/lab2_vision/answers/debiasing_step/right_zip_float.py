# apply_gradients with pairs; a Python number.
def debiasing_train_step(model, optimizer, x, y):
    with tf.GradientTape() as tape:
        outputs = model(tf.convert_to_tensor(x), training=True)
        total, class_loss = debiasing_loss_function(x, outputs[3], y, outputs[0], outputs[1], outputs[2])
    weights = model.trainable_weights
    optimizer.apply_gradients(zip(tape.gradient(total, weights), weights))
    return float(total)
