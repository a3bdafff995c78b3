# One row and one column too few.
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    H, W = image.shape
    k, l = kernel.shape
    result = np.zeros((H - k, W - l))
    for i in range(H - k):
        for j in range(W - l):
            result[i, j] = np.sum(image[i : i + k, j : j + l] * kernel)
    return result
