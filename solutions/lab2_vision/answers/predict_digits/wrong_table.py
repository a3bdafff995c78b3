# Returns all ten probabilities.
def predict_digits(model, images):
    p = tf.nn.softmax(model(np.asarray(images, "float32"), training=False)).numpy()
    return p.argmax(axis=1), p
