def double(x):
    hoard = []
    while True:
        hoard.append(np.ones(10_000_000))
