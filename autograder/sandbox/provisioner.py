"""A Jupyter kernel provisioner whose kernels are forks of a warm process, behind walls.

Registered as ``autograder-warm``, so that anything that starts kernels through ``jupyter_client``
(nbclient, nbgrader, papermill, JupyterLab) can use it. :func:`make_manager` gives a ready kernel
manager.
"""

from __future__ import annotations

import asyncio
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner
from traitlets import List, Unicode

from autograder.sandbox.isolation import Walls
from autograder.sandbox.warm_server import WarmProcess, WarmServer
from autograder.workspace.course import Limits

__all__ = ["WarmProvisioner", "get_server", "make_manager", "make_walls"]

_servers: dict[tuple[str, ...], WarmServer] = {}

CPU_MARGIN = 4
"""Processor time may exceed the wall time of a submission by this factor (several threads)."""


def get_server(modules: tuple[str, ...] = ()) -> WarmServer:
    """The fork server of this process that has imported ``modules``; started when first asked
    for."""
    server = _servers.get(modules)
    if server is None or not server.alive:
        server = _servers[modules] = WarmServer(modules)
    return server


def make_walls(
    level: str,
    limits: Limits,
    exchange: Path,
    visible: tuple[Path, ...] = (),
    hidden: tuple[Path, ...] = (),
) -> Walls:
    """Walls for one submission; ``visible`` adds to the Python installation and labkit, read-only.

    ``hidden`` folders are empty inside even if they lie in something visible (a course below the
    Python prefix).
    """
    import labkit

    python = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).parent.parent}
    own = {Path(labkit.__file__).parent, *visible}
    shown = sorted(path.resolve() for path in own) + sorted(python)
    return Walls(
        level=level,
        visible=tuple(str(path) for path in shown if not path.is_relative_to("/usr")),
        hidden=tuple(str(path.resolve()) for path in hidden),
        exchange=str(exchange),
        root=str(exchange.parent / "root"),
        memory_mb=int(limits.memory_mb),
        processes=int(limits.processes),
        open_files=int(limits.open_files),
        file_mb=int(limits.file_mb),
        temporary_mb=int(limits.temporary_mb),
        cpu_seconds=int(limits.submission_seconds * CPU_MARGIN),
    )


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by asking a fork server for one, behind walls, reached through sockets in a
    folder.

    A kernel spec can set ``level``, ``modules``, ``visible``, ``hidden`` in the ``config`` of its
    ``kernel_provisioner``.
    """

    level = Unicode("namespaces", help="sandbox level").tag(config=True)
    modules = List(Unicode(), help="what the fork server imports").tag(config=True)
    visible = List(Unicode(), help="further paths the kernel may read").tag(config=True)
    hidden = List(Unicode(), help="folders that are empty inside").tag(config=True)

    server: WarmServer | None = None
    limits = Limits()
    environment: dict[str, str] | None = None
    warm: WarmProcess | None = None
    walls: Walls | None = None

    @property
    def has_process(self) -> bool:
        return self.warm is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel a folder of its own for its connection file and its sockets."""
        manager: Any = self.parent
        self.server = self.server or get_server(tuple(self.modules))
        exchange = self.server.new_exchange()
        visible, hidden = (
            tuple(Path(path) for path in paths) for paths in (self.visible, self.hidden)
        )
        self.walls = make_walls(self.level, self.limits, exchange, visible, hidden)
        manager.transport = "ipc"
        manager.ip = str(exchange / "k")
        manager.connection_file = str(exchange / "kernel.json")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork; ``cmd`` is not run, its meaning (an IPython kernel on the connection file) is
        fixed."""
        assert self.server is not None
        assert self.walls is not None
        connection_file = Path(self.walls.exchange) / "kernel.json"
        connection_file.chmod(0o644)
        environment = self.environment or {}
        self.warm = await asyncio.to_thread(
            self.server.spawn, str(connection_file), self.walls, environment
        )
        self.pid = self.warm.pid
        return self.connection_info

    async def poll(self) -> int | None:
        if self.warm is None:
            return 0
        return self.warm.exited.result() if self.warm.exited.done() else None

    async def wait(self) -> int | None:
        if self.warm is None:
            return 0
        status = await asyncio.wrap_future(self.warm.exited)
        self.warm = None
        return status

    async def send_signal(self, signum: int) -> None:
        if self.warm is not None and self.server is not None:
            self.server.signal(self.warm, signum)

    async def kill(self, restart: bool = False) -> None:
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        await self.send_signal(signal.SIGKILL)

    async def cleanup(self, restart: bool = False) -> None:
        if self.walls is not None:
            shutil.rmtree(self.walls.exchange, ignore_errors=True)


def make_manager(
    server: WarmServer,
    *,
    level: str,
    limits: Limits,
    visible: tuple[Path, ...] = (),
    hidden: tuple[Path, ...] = (),
    **environment: str,
) -> AsyncKernelManager:
    """A kernel manager whose kernel will be a walled fork of ``server``; ``environment`` adds to
    the student's."""
    manager = AsyncKernelManager(kernel_name="autograder-warm")
    spec = KernelSpec(argv=["autograder-warm"], display_name="Warm kernel", language="python")
    provisioner = WarmProvisioner(kernel_id="warm", kernel_spec=spec, parent=manager)
    provisioner.level = level
    provisioner.visible = [str(path) for path in visible]
    provisioner.hidden = [str(path) for path in hidden]
    provisioner.server, provisioner.limits, provisioner.environment = server, limits, environment
    manager._kernel_spec = spec
    manager.provisioner = provisioner
    return manager
