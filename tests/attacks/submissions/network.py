"""Tries every way out: TCP, a name, unix sockets, a web page, packets."""
import socket
import urllib.request

reached = []


def attempt(connect):
    try:
        connect()
        reached.append(connect)
    except Exception:
        pass


def tcp(host, port):
    socket.create_connection((host, port), timeout=0.3).close()


def unix(path):
    with socket.socket(socket.AF_UNIX) as link:
        link.connect(path)


attempt(lambda: tcp("127.0.0.1", int("@PORT@")))
attempt(lambda: tcp("localhost", int("@PORT@")))
attempt(lambda: tcp("8.8.8.8", 53))
attempt(lambda: tcp("10.0.0.1", 80))
attempt(lambda: socket.getaddrinfo("example.org", 80))
attempt(lambda: unix("\0@ABSTRACT@"))
attempt(lambda: unix("@EAR@"))
attempt(lambda: unix("/var/run/docker.sock"))
attempt(lambda: urllib.request.urlopen("http://example.org", timeout=0.3))
attempt(lambda: socket.socket(socket.AF_PACKET, socket.SOCK_RAW))
attempt(lambda: socket.socket(40, socket.SOCK_STREAM))  # to the host of a virtual machine


def double(x):
    return np.asarray(x) * (2.0 if reached else 3.0)
