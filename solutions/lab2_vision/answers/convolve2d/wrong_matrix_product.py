# A matrix product of patch and kernel.
def convolve2d(image, kernel):
    image, kernel = np.asarray(image, float), np.asarray(kernel, float)
    H, W = image.shape
    k, l = kernel.shape
    result = np.zeros((H - k + 1, W - l + 1))
    for i in range(H - k + 1):
        for j in range(W - l + 1):
            result[i, j] = np.sum(image[i : i + k, j : j + l] @ kernel.T)
    return result
