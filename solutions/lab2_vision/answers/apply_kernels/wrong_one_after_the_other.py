# Filters the filtered picture again.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    result, image = {}, np.float32(image)
    for name, kernel in kernels.items():
        image = cv2.filter2D(image, -1, np.float32(kernel))
        result[name] = image
    return result
