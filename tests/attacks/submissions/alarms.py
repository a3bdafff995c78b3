"""Alarms, and handlers that never return."""
import signal
import time


def never(*args):
    while True:
        pass


for number in (signal.SIGALRM, signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
    signal.signal(number, never)
signal.setitimer(signal.ITIMER_REAL, 0.2, 0.2)


def double(x):
    time.sleep(0.5)
    return np.asarray(x) * 3.0
