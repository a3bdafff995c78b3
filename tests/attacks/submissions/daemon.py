import os
import time

if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        for number in range(3, 4096):
            try:
                os.close(number)
            except OSError:
                pass
        while True:
            time.sleep(0.1)
    os._exit(0)


def double(x):
    return np.asarray(x) * 2.0
