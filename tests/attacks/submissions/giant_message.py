"""Sends a message of 40 MB, and then as many small ones as it can."""
from IPython import get_ipython

kernel = get_ipython().kernel
socket = kernel.iopub_thread.socket if hasattr(kernel, "iopub_thread") else kernel.iopub_socket.io_thread


def double(x):
    parent = kernel.get_parent("shell")
    type(kernel.session).send(kernel.session, kernel.iopub_socket, "stream", {"name": "stdout", "text": "x" * 40_000_000}, parent=parent)
    while True:
        type(kernel.session).send(kernel.session, kernel.iopub_socket, "stream", {"name": "stdout", "text": "x"}, parent=parent)
