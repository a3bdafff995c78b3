# %% right: depth · bytes are filtered as they are, with float32 named as the type of the result
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    image = np.asarray(image)
    if image.dtype != np.uint8:
        image = image.astype("float32")
    return {
        name: cv2.filter2D(image, cv2.CV_32F, np.array(kernel, "float32"))
        for name, kernel in kernels.items()
    }

# %% right: double · in double precision, and with the border replicated
def apply_kernels(image):
    image = np.asarray(image).astype(np.float64)
    result = {}
    for name, rows in (
        ("emboss", [-2, -1, 0, -1, 1, 1, 0, 1, 2]),
        ("edges", [-1, -1, -1, -1, 8, -1, -1, -1, -1]),
        ("sharpen", [0, -1, 0, -1, 5, -1, 0, -1, 0]),
    ):
        kernel = np.array(rows, dtype=float).reshape(3, 3)
        result[name] = cv2.filter2D(image, cv2.CV_64F, kernel, borderType=cv2.BORDER_REPLICATE)
    return result

# %% right: own_convolution · by the student's own convolve2d, one colour at a time, with a reflected border
def apply_kernels(image):
    image = np.asarray(image, float)
    layers = image[..., None] if image.ndim == 2 else image
    edges = -np.ones((3, 3))
    edges[1, 1] = 8
    kernels = {
        "edges": edges,
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    result = {}
    for name, kernel in kernels.items():
        parts = [
            convolve2d(np.pad(layers[..., i], 1, mode="reflect"), kernel)
            for i in range(layers.shape[-1])
        ]
        result[name] = np.stack(parts, axis=-1).reshape(image.shape)
    return result

# %% wrong: absolute · takes absolute values, so that there is something to see
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {
        name: np.abs(cv2.filter2D(np.float32(image), -1, np.float32(kernel)))
        for name, kernel in kernels.items()
    }

# %% wrong: bytes · filters bytes as bytes: what is negative or above 255 is cut off
# -     image = np.float32(image)
# +     image = np.asarray(image)
# +     image = image if image.dtype == np.uint8 else np.float32(image)

# %% wrong: edges_four · edges with the four direct neighbours only
def apply_kernels(image):
    kernels = {
        "edges": [[0, -1, 0], [-1, 4, -1], [0, -1, 0]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {
        name: cv2.filter2D(np.float32(image), -1, np.float32(kernel))
        for name, kernel in kernels.items()
    }

# %% wrong: flipped · kernels are flipped: the relief is lit from below
# -     image = np.float32(image)
# -     return {name: cv2.filter2D(image, -1, np.float32(kernel)) for name, kernel in kernels.items()}
# +     flipped = {name: np.float32(kernel)[::-1, ::-1].copy() for name, kernel in kernels.items()}
# +     return {name: cv2.filter2D(np.float32(image), -1, kernel) for name, kernel in flipped.items()}

# %% wrong: grey · makes colour pictures grey first
# -     image = np.float32(image)
# +     image = np.float32(image)
# +     if image.ndim == 3:
# +         image = cv2.cvtColor(image, cv2.COLOR_RGB2GRAY)

# %% wrong: normalised · stretches each result to the range from 0 to 1
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    result = {
        name: cv2.filter2D(np.float32(image), -1, np.float32(kernel))
        for name, kernel in kernels.items()
    }
    return {name: (part - part.min()) / (part.max() - part.min()) for name, part in result.items()}

# %% wrong: one_after_the_other · each filter is applied to the result of the one before
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

# %% wrong: sharpen · sharpens against all eight neighbours, with 9 in the middle
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[-1, -1, -1], [-1, 9, -1], [-1, -1, -1]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    return {
        name: cv2.filter2D(np.float32(image), -1, np.float32(kernel))
        for name, kernel in kernels.items()
    }

# %% wrong: valid · the border is cut off: the result is smaller than the picture
def apply_kernels(image):
    kernels = {
        "edges": [[-1, -1, -1], [-1, 8, -1], [-1, -1, -1]],
        "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
        "emboss": [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]],
    }
    result = {
        name: cv2.filter2D(np.float32(image), -1, np.float32(kernel))
        for name, kernel in kernels.items()
    }
    return {name: part[1:-1, 1:-1] for name, part in result.items()}
