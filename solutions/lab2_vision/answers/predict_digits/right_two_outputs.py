# By tf.nn.softmax on a direct call, tensors returned.
def predict_digits(model, images):
    probabilities = tf.nn.softmax(tf.cast(model(tf.cast(images, tf.float32), training=False), tf.float32), axis=-1)
    return tf.argmax(probabilities, axis=1), tf.reduce_max(probabilities, axis=1)
