# %% right: pixel_loops · two loops over the places, as in the hint
def convolve2d(image, kernel):
    image = np.asarray(image, dtype=np.float64)
    kernel = np.asarray(kernel, dtype=np.float64)
    H, W = image.shape
    k, l = kernel.shape
    result = np.zeros((H - k + 1, W - l + 1))
    for i in range(H - k + 1):
        for j in range(W - l + 1):
            result[i, j] = np.sum(image[i : i + k, j : j + l] * kernel)
    return result

# %% right: tensorflow · tf.nn.conv2d, which does not flip either; single precision
def convolve2d(image, kernel):
    x = tf.cast(image, tf.float32)[None, :, :, None]
    k = tf.cast(kernel, tf.float32)[:, :, None, None]
    return tf.nn.conv2d(x, k, strides=1, padding="VALID")[0, :, :, 0].numpy()

# %% right: windows · all windows at once as a view, then one einsum
def convolve2d(image, kernel):
    image, kernel = np.array(image, float), np.array(kernel, float)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)

# %% wrong: bytes · computes in the type of the picture: uint8 overflows
def convolve2d(image, kernel):
    image = np.asarray(image)
    kernel = np.asarray(kernel).astype(image.dtype)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3), dtype=image.dtype)

# %% wrong: clipped · cuts off what is below 0 and above 255
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.clip(np.einsum("ijkl,kl->ij", windows, kernel), 0, 255)

# %% wrong: flipped · flips the kernel: a convolution in the mathematical sense
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)[::-1, ::-1]
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)

# %% wrong: last_row_missing · one row and one column too few
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    H, W = image.shape
    k, l = kernel.shape
    result = np.zeros((H - k, W - l))
    for i in range(H - k):
        for j in range(W - l):
            result[i, j] = np.sum(image[i : i + k, j : j + l] * kernel)
    return result

# %% wrong: matrix_product · a matrix product of patch and kernel instead of the product element by element
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    H, W = image.shape
    k, l = kernel.shape
    result = np.zeros((H - k + 1, W - l + 1))
    for i in range(H - k + 1):
        for j in range(W - l + 1):
            result[i, j] = np.sum(image[i : i + k, j : j + l] @ kernel.T)
    return result

# %% wrong: mean · the mean of the products instead of their sum
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).mean(axis=(2, 3))

# %% wrong: same_size · pads with zeros: the result is as large as the picture
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    k, l = kernel.shape
    padded = np.pad(image, (((k - 1) // 2, k // 2), ((l - 1) // 2, l // 2)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, kernel.shape)
    return np.einsum("ijkl,kl->ij", windows, kernel)

# %% wrong: square_only · takes the number of columns for the number of rows, too
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    H = W = image.shape[1]
    k = l = kernel.shape[1]
    result = np.zeros((H - k + 1, W - l + 1))
    for i in range(H - k + 1):
        for j in range(W - l + 1):
            result[i, j] = np.sum(image[i : i + k, j : j + l] * kernel)
    return result
