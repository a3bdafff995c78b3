# Logits as confidences.
def predict_digits(model, images):
    logits = model(np.asarray(images, "float32"), training=False).numpy()
    return logits.argmax(axis=1), logits.max(axis=1)
