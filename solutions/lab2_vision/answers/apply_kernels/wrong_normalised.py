# Stretches each result to the range from 0 to 1.
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    result = {name: cv2.filter2D(np.float32(image), -1, np.float32(kernel)) for name, kernel in kernels.items()}
    return {name: (part - part.min()) / (part.max() - part.min()) for name, part in result.items()}
