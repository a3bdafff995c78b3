# Two loops over the places, as in the hint.
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
