"""Two children that each use less than the limit."""
import os
import time


def double(x):
    for _ in range(4):
        if os.fork() == 0:
            hoard = np.ones(20_000_000)
            time.sleep(60)
            os._exit(int(hoard[0]))
    time.sleep(30)
