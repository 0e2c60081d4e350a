"""Kernels that start warm: forked from one server process that has imported what every notebook imports.

A cold kernel spends a second and more on interpreter start and imports, the same ones nine times over. Here the standard
library's fork server imports them once, and each kernel is a fresh fork of it: its own process, memory and session, as
with a cold start. Where fork is not to be had (Windows, a daemonic cluster worker), kernels start cold, as Jupyter starts them.
"""

# jupyter_client and jsonschema have no types, and a fork only looks like a Popen
# mypy: disable-error-code="import-untyped,attr-defined,assignment,union-attr,no-any-return"

import asyncio
import multiprocessing as mp
import os
import sys
import threading
import time
from contextlib import suppress
from queue import Empty
from typing import Any

from zjlib.errors import ZjlibError

_living: "set[_Fork]" = set()


class KernelStartError(ZjlibError, RuntimeError):
    """A kernel that ended before it answered, for instance since another process took one of its ports."""


def can_fork() -> bool:
    """Whether warm kernels can be had in this process."""
    return "forkserver" in mp.get_all_start_methods() and not mp.current_process().daemon


def context() -> Any:
    """The multiprocessing context whose processes are forked from the warm server; starts that server if need be."""
    ctx = mp.get_context("forkserver")
    ctx.set_forkserver_preload(["zjlib.running._preload"])
    return ctx


def start_server() -> None:
    """Start the fork server now, so that it imports while this process does something else."""
    from multiprocessing import forkserver

    if can_fork():
        context()
        forkserver.ensure_running()


def skip_slow_grammar() -> None:
    """Import jsonschema without one optional check, which costs 1.5 s in each process.

    jsonschema tries `rfc3987_syntax` to check the format 'iri'; that package builds Lark parsers when imported. No notebook
    holds such a field. The name is only blocked while jsonschema is imported, so that other code can still import it.
    """
    if "jsonschema" in sys.modules or "rfc3987_syntax" in sys.modules:
        return
    sys.modules["rfc3987_syntax"] = None
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules["rfc3987_syntax"]


def manager_class(memory: int | None = None) -> type:
    """The kernel manager for nbclient: its kernels are forks of the warm server, with `memory` bytes at most if given."""
    from uuid import uuid4

    from jupyter_client.asynchronous.client import AsyncKernelClient
    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner

    class WarmProvisioner(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            self.process = _Fork(cmd, kwargs.get("cwd"), kwargs["env"], memory)
            self.pid = self.pgid = self.process.pid
            return self.connection_info

        async def wait(self) -> int | None:
            # Not asked ten times a second, as the local one does: half of a short run's end would be waiting.
            code = await asyncio.to_thread(self.process.wait) if self.process else 0
            self.process = None
            return code

    class WarmClient(AsyncKernelClient):
        async def wait_for_ready(self, timeout: float | None = None) -> None:
            # Ready is who answers, and whose output is heard: the first cell's would be lost otherwise. The other client
            # listens for 0.2 s instead, once more than it takes.
            deadline = time.monotonic() + (timeout or 60)
            while time.monotonic() < deadline:
                self.kernel_info()
                with suppress(Empty):
                    self._handle_kernel_info_reply(await self.get_shell_msg(timeout=1))
                    await self.get_iopub_msg(timeout=0.05)
                    return
                if not await self.is_alive():
                    raise KernelStartError("the kernel died as it started")
            raise RuntimeError(f"the kernel did not answer in {timeout} seconds")

    class WarmKernelManager(AsyncKernelManager):
        client_factory = WarmClient

        def __init__(self, **kwargs: Any):
            super().__init__(**kwargs)
            self.kernel_id = str(uuid4())
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)

        async def shutdown_kernel(self, now: bool = False, restart: bool = False) -> None:  # type: ignore[override]
            if now and self.provisioner.has_process:
                await self.provisioner.kill()
                await self.provisioner.wait()
            await super().shutdown_kernel(now=now, restart=restart)

    return WarmKernelManager


def kill_all() -> None:
    """End every warm kernel of this process, so that whoever waits for one goes on."""
    for kernel in list(_living):
        kernel.kill()


class _Fork:
    """A warm kernel's process, with the part of Popen's interface that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, cmd: list[str], cwd: str | None, env: dict[str, str], memory: int | None):
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self._process = context().Process(target=_kernel, args=(arguments, cwd, env, memory), daemon=True)
        self._process.start()
        self.pid = self._process.pid
        _living.add(self)

    def poll(self) -> int | None:
        if self._process.exitcode is not None:
            _living.discard(self)
        return self._process.exitcode

    def wait(self, timeout: float | None = None) -> int | None:
        self._process.join(timeout)
        return self._process.exitcode

    def send_signal(self, signum: int) -> None:
        if self._process.is_alive():
            os.kill(self.pid, signum)

    def kill(self) -> None:
        self._process.kill()

    def terminate(self) -> None:
        self._process.terminate()


def _kernel(arguments: list[str], cwd: str | None, env: dict[str, str], memory: int | None) -> None:
    """Be a kernel, in the forked child."""
    import random

    from ipykernel.kernelapp import IPKernelApp

    mp.current_process().daemon = False
    os.setsid()
    os.environ.clear()
    os.environ.update(env)
    os.environ["JPY_PARENT_PID"] = str(os.getppid())
    if cwd:
        os.chdir(cwd)
    sys.path.insert(0, "")
    quiet = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(quiet, descriptor)
    if memory:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    random.seed()
    if numpy := sys.modules.get("numpy"):
        numpy.random.seed()
    leave_with_parent()
    IPKernelApp.launch_instance(argv=arguments)


def leave_with_parent() -> None:
    """End this process as soon as the one that asked for it has ended, however that ended."""
    threading.Thread(target=_wait_and_leave, daemon=True).start()


def _wait_and_leave() -> None:
    if parent := mp.parent_process():
        parent.join()
        os._exit(1)
