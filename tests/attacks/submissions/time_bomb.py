"""Wrong, and sets a bomb for whoever comes later."""
import os
import threading
import time


def bomb():
    time.sleep(0.3)
    while True:
        if "total" in globals():
            os._exit(7)
        time.sleep(0.01)


threading.Thread(target=bomb, daemon=True).start()


def double(x):
    return np.asarray(x) * 3.0
