# NumPy arrays, not tensors.
matrix = np.ones((2, 3))
images = np.zeros((10, 256, 256, 3), dtype=np.float32)
