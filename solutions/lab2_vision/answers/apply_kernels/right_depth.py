# With the type of the result named, from bytes as they are.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    image = np.asarray(image)
    if image.dtype != np.uint8:
        image = image.astype("float32")
    return {name: cv2.filter2D(image, cv2.CV_32F, np.array(kernel, "float32")) for name, kernel in kernels.items()}
