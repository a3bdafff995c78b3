# By TensorFlow, in float32, with moments.
def normalize(x):
    x = np.asarray(x, dtype=np.float64)
    if np.ptp(x) < 1e-12:
        return np.zeros_like(x, dtype=np.float32)
    mean, variance = tf.nn.moments(tf.constant(x), axes=list(range(x.ndim)))
    return tf.cast((x - mean) / tf.sqrt(variance), tf.float32)
