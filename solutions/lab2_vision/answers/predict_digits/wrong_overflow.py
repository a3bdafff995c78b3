# A softmax by hand that overflows.
def predict_digits(model, images):
    e = np.exp(model(np.asarray(images, "float32"), training=False).numpy())
    p = e / e.sum(axis=1, keepdims=True)
    return p.argmax(axis=1), p.max(axis=1)
