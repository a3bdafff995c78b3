# Edges with the four direct neighbours only.
def apply_kernels(image):
    kernels = {
        "edges": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {name: cv2.filter2D(np.float32(image), -1, np.float32(kernel)) for name, kernel in kernels.items()}
