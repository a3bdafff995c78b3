# Computes in the type of the picture: uint8 overflows.
def convolve2d(image, kernel):
    image = np.asarray(image)
    kernel = np.asarray(kernel).astype(image.dtype)
    windows = np.lib.stride_tricks.sliding_window_view(image, kernel.shape)
    return (windows * kernel).sum(axis=(2, 3), dtype=image.dtype)
