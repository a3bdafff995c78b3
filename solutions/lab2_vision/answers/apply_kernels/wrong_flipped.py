# Flips the kernels: the relief is lit from below.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    flipped = {name: np.float32(kernel)[::-1, ::-1].copy() for name, kernel in kernels.items()}
    return {name: cv2.filter2D(np.float32(image), -1, kernel) for name, kernel in flipped.items()}
