# In double precision, and with another border.
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
