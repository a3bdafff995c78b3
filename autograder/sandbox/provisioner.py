"""A Jupyter kernel provisioner whose kernels are forks of a warm process, each in a sandbox.

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

from autograder.sandbox.isolation import SandboxSettings
from autograder.sandbox.warm_server import WarmProcess, WarmServer
from autograder.workspace.course import Limits

__all__ = ["WarmProvisioner", "get_server", "make_manager", "make_settings"]

_servers: dict[tuple[str, ...], WarmServer] = {}

CPU_MARGIN = 4
"""Processor time may exceed the wall time of a submission by this factor (several threads)."""


def get_server(modules: tuple[str, ...] = ()) -> WarmServer:
    """This process's fork server in which ``modules`` are warm; started when first asked for."""
    server = _servers.get(modules)
    if server is None or not server.alive:
        server = _servers[modules] = WarmServer(modules)
    return server


def make_settings(
    level: str,
    limits: Limits,
    socket_folder: Path,
    visible: tuple[Path, ...] = (),
    hidden: tuple[Path, ...] = (),
) -> SandboxSettings:
    """The sandbox of one submission.

    Args:
        level: name of the sandbox level.
        limits: what the course allows one submission.
        socket_folder: a folder of the fork server, made by ``new_socket_folder``.
        visible: paths that are shown read-only, besides the Python installation and labkit.
        hidden: folders that are empty inside even if they lie in something visible (a course below
            the Python prefix).
    """
    import labkit

    # The environment, the Python that it was made from, and where the interpreter itself lies.
    python = {Path(sys.prefix), Path(sys.base_prefix), Path(sys.executable).parent.parent}
    own = {Path(labkit.__file__).parent, *visible}
    shown = sorted(path.resolve() for path in own) + sorted(python)
    # /usr is shown whole anyway.
    beyond_usr = [str(path) for path in shown if not path.is_relative_to("/usr")]
    return SandboxSettings(
        level=level,
        visible=tuple(beyond_usr),
        hidden=tuple(str(path.resolve()) for path in hidden),
        socket_folder=str(socket_folder),
        root=str(socket_folder.parent / "root"),
        memory_mb=int(limits.memory_mb),
        processes=int(limits.processes),
        open_files=int(limits.open_files),
        file_mb=int(limits.file_mb),
        temporary_mb=int(limits.temporary_mb),
        cpu_seconds=int(limits.submission_seconds * CPU_MARGIN),
    )


class WarmProvisioner(LocalProvisioner):
    """Starts a kernel by asking a fork server for one, and reaches it through sockets in a folder.

    A kernel spec can set ``level``, ``modules``, ``visible``, ``hidden`` in the ``config`` of its
    ``kernel_provisioner``. What the base class does with a process of its own (poll, wait, signal)
    is done here with the future of the forked kernel.
    """

    level = Unicode("namespaces", help="sandbox level").tag(config=True)
    modules = List(Unicode(), help="what the fork server imports").tag(config=True)
    visible = List(Unicode(), help="further paths the kernel may read").tag(config=True)
    hidden = List(Unicode(), help="folders that are empty inside").tag(config=True)

    server: WarmServer | None = None
    limits = Limits()
    environment: dict[str, str] | None = None
    warm: WarmProcess | None = None
    settings: SandboxSettings | None = None

    @property
    def has_process(self) -> bool:
        """Whether a kernel was started and its end not yet waited for."""
        return self.warm is not None

    async def pre_launch(self, **kwargs: Any) -> dict[str, Any]:
        """Give the kernel a folder of its own for its connection file and its sockets."""
        manager: Any = self.parent
        self.server = self.server or get_server(tuple(self.modules))
        folder = self.server.new_socket_folder()
        visible = tuple(Path(path) for path in self.visible)
        hidden = tuple(Path(path) for path in self.hidden)
        self.settings = make_settings(self.level, self.limits, folder, visible, hidden)
        # The sandbox has no network: unix sockets, whose names begin with the manager's "ip".
        manager.transport = "ipc"
        manager.ip = str(folder / "k")
        manager.connection_file = str(folder / "kernel.json")
        return await super().pre_launch(**kwargs)

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        """Fork a kernel. ``cmd`` is not run: an IPython kernel on the connection file is meant."""
        assert self.server is not None
        assert self.settings is not None
        connection_file = Path(self.settings.socket_folder) / "kernel.json"
        # Jupyter writes it for its owner alone; the kernel reads it as another user.
        connection_file.chmod(0o644)
        environment = self.environment or {}
        # In a thread, because the fork server may still be importing.
        self.warm = await asyncio.to_thread(
            self.server.spawn, str(connection_file), self.settings, environment
        )
        self.pid = self.warm.pid
        return self.connection_info

    async def poll(self) -> int | None:
        """The kernel's exit status, None while it runs."""
        if self.warm is None:
            return 0
        return self.warm.exited.result() if self.warm.exited.done() else None

    async def wait(self) -> int | None:
        """Wait for the kernel's end; its exit status."""
        if self.warm is None:
            return 0
        status = await asyncio.wrap_future(self.warm.exited)
        self.warm = None
        return status

    async def send_signal(self, signum: int) -> None:
        """Send a signal to the kernel, by way of the fork server."""
        if self.warm is not None and self.server is not None:
            self.server.signal(self.warm, signum)

    async def kill(self, restart: bool = False) -> None:
        """End the kernel."""
        await self.send_signal(signal.SIGKILL)

    async def terminate(self, restart: bool = False) -> None:
        """End the kernel: student code may ignore every other signal."""
        await self.send_signal(signal.SIGKILL)

    async def cleanup(self, restart: bool = False) -> None:
        """Remove the folder of the kernel's sockets."""
        if self.settings is not None:
            shutil.rmtree(self.settings.socket_folder, ignore_errors=True)


def make_manager(
    server: WarmServer,
    *,
    level: str,
    limits: Limits,
    visible: tuple[Path, ...] = (),
    hidden: tuple[Path, ...] = (),
    **environment: str,
) -> AsyncKernelManager:
    """A kernel manager whose kernel will be a fork of ``server`` in a sandbox.

    Args:
        server: the fork server.
        level: name of the sandbox level.
        limits: what the course allows one submission.
        visible: further paths that the kernel may read.
        hidden: folders that are empty inside.
        environment: adds to the kernel's environment.
    """
    manager = AsyncKernelManager(kernel_name="autograder-warm")
    spec = KernelSpec(argv=["autograder-warm"], display_name="Warm kernel", language="python")
    provisioner = WarmProvisioner(kernel_id="warm", kernel_spec=spec, parent=manager)
    provisioner.level = level
    provisioner.visible = [str(path) for path in visible]
    provisioner.hidden = [str(path) for path in hidden]
    provisioner.server, provisioner.limits, provisioner.environment = server, limits, environment
    # The manager would look for an installed kernel spec of this name, and make a provisioner.
    manager._kernel_spec = spec
    manager.provisioner = provisioner
    return manager
