"""Memory while a class is graded: is it flat?"""

from __future__ import annotations

import contextlib
import threading

import psutil

__all__ = ["Memory"]


class Memory:
    """Watches, while a class is graded, what the grader holds and what each kernel has to
    itself."""

    def __init__(self) -> None:
        self.grader: list[int] = []
        self.kernel = 0
        self.over = threading.Event()
        self.thread = threading.Thread(target=self.watch, daemon=True)

    def __enter__(self) -> Memory:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self.thread.join()

    def watch(self) -> None:
        """Look at every kernel five times a second; the children of the fork server are kernels
        and their monitors."""
        while not self.over.wait(0.2):
            with contextlib.suppress(psutil.Error):
                for server in psutil.Process().children():
                    for process in server.children(recursive=True):
                        self.kernel = max(self.kernel, process.memory_full_info().uss)

    def note(self, student: str, done: int, total: int) -> None:
        """What the grader holds when a student is done: ``progress`` of ``grade``."""
        self.grader.append(psutil.Process().memory_info().rss)

    def summary(self) -> str:
        """Both in one line."""
        tenth = self.grader[len(self.grader) // 10] / 2**20
        last, most = self.grader[-1] / 2**20, self.kernel / 2**20
        grader = f"grader {tenth:.0f} MB after a tenth of them, {last:.0f} MB at the end"
        return f"memory: {grader}; at most {most:.0f} MB of its own per worker"
