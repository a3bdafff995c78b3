# Picture by picture.
def predict_digits(model, images):
    labels, confidences = [], []
    for image in np.asarray(images):
        p = keras.ops.convert_to_numpy(keras.ops.softmax(model(image[None].astype("float32"), training=False)))[0]
        labels.append(int(np.argmax(p)))
        confidences.append(float(p[labels[-1]]))
    return np.array(labels), np.array(confidences)
