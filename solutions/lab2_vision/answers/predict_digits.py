# %% right: loop · picture by picture, with keras.ops
def predict_digits(model, images):
    labels, confidences = [], []
    for image in np.asarray(images):
        p = keras.ops.convert_to_numpy(
            keras.ops.softmax(model(image[None].astype("float32"), training=False))
        )[0]
        labels.append(int(np.argmax(p)))
        confidences.append(float(p[labels[-1]]))
    return np.array(labels), np.array(confidences)

# %% right: own_softmax · a softmax by hand that subtracts the largest logit first
def predict_digits(model, images):
    logits = np.asarray(
        model(np.asarray(images, dtype="float32"), training=False), dtype=np.float64
    )
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True))
    labels = np.argmax(logits, axis=-1)
    return labels.astype(np.int32), 1.0 / shifted.sum(axis=1)

# %% right: two_outputs · tf.nn.softmax on a direct call of the model; returns tensors
def predict_digits(model, images):
    probabilities = tf.nn.softmax(
        tf.cast(model(tf.cast(images, tf.float32), training=False), tf.float32), axis=-1
    )
    return tf.argmax(probabilities, axis=1), tf.reduce_max(probabilities, axis=1)

# %% wrong: no_softmax · right labels, and the logits divided by their sum
def predict_digits(model, images):
    logits = model(np.asarray(images, "float32"), training=False).numpy()
    return logits.argmax(axis=1), logits.max(axis=1) / logits.sum(axis=1)

# %% wrong: axis · softmax and maximum along the batch instead of the classes
def predict_digits(model, images):
    p = tf.nn.softmax(model(np.asarray(images, "float32"), training=False), axis=0).numpy()
    return p.argmax(axis=0), p.max(axis=0)

# %% wrong: logits · the largest logits as confidences
def predict_digits(model, images):
    logits = model(np.asarray(images, "float32"), training=False).numpy()
    return logits.argmax(axis=1), logits.max(axis=1)

# %% wrong: overflow · a softmax by hand that overflows for large logits
def predict_digits(model, images):
    e = np.exp(model(np.asarray(images, "float32"), training=False).numpy())
    p = e / e.sum(axis=1, keepdims=True)
    return p.argmax(axis=1), p.max(axis=1)

# %% wrong: sigmoid · a sigmoid instead of the softmax
def predict_digits(model, images):
    p = tf.sigmoid(model(np.asarray(images, "float32"), training=False)).numpy()
    return p.argmax(axis=1), p.max(axis=1)

# %% wrong: softmax_over_batch · probabilities are normalised over the whole batch
def predict_digits(model, images):
    logits = model(np.asarray(images, "float32"), training=False).numpy()
    p = np.exp(logits - logits.max()) / np.exp(logits - logits.max()).sum()
    return p.argmax(axis=1), p.max(axis=1)

# %% wrong: softmax_twice · the softmax of the softmax
def predict_digits(model, images):
    p = tf.nn.softmax(tf.nn.softmax(model(np.asarray(images, "float32"), training=False))).numpy()
    return p.argmax(axis=1), p.max(axis=1)

# %% wrong: swapped · returns the confidences first
def predict_digits(model, images):
    p = tf.nn.softmax(model(np.asarray(images, "float32"), training=False)).numpy()
    return p.max(axis=1), p.argmax(axis=1)

# %% wrong: table · returns all ten probabilities of each picture
def predict_digits(model, images):
    p = tf.nn.softmax(model(np.asarray(images, "float32"), training=False)).numpy()
    return p.argmax(axis=1), p

# %% wrong: training · calls the model with training=True
def predict_digits(model, images):
    p = tf.nn.softmax(model(np.asarray(images, "float32"), training=True)).numpy()
    return p.argmax(axis=1), p.max(axis=1)

# %% equivalent: line 9, column 13: keyword batch_size is dropped · how many pictures go through the model at once changes nothing but time and memory

# %% equivalent: line 9, column 69: 512 becomes 513 · how many pictures go through the model at once changes nothing but time and memory

# %% equivalent: line 9, column 13: keyword verbose is dropped · a progress bar changes no answer

# %% equivalent: line 9, column 82: 0 becomes 1 · a progress bar changes no answer
