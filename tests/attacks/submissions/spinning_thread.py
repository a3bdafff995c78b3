import threading


def spin():
    while True:
        pass


threading.Thread(target=spin, daemon=True).start()


def double(x):
    return np.asarray(x) * 2.0
