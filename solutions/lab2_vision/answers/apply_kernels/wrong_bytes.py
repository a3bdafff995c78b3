# Filters bytes: what is negative or above 255 is cut off.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    image = np.asarray(image)
    image = image if image.dtype == np.uint8 else np.float32(image)
    return {name: cv2.filter2D(image, -1, np.float32(kernel)) for name, kernel in kernels.items()}
