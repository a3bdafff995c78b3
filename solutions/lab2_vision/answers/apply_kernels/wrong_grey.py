# Makes colour pictures grey first.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    image = np.float32(image)
    if image.ndim == 3:
        image = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)
    return {name: cv2.filter2D(image, -1, np.float32(kernel)) for name, kernel in kernels.items()}
