# Sharpens with 9 in the middle of all eight neighbours.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: cv2.filter2D(np.float32(image), -1, np.float32(kernel)) for name, kernel in kernels.items()}
