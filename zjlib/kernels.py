"""Kernels that start warm: forked from one server process that has imported what every notebook imports.

A cold kernel spends a second and more on interpreter start and imports, the same ones nine times over. Here the standard
library's fork server imports them once, and each kernel is a fresh fork of it: its own process, memory and session, as
with a cold start. Where fork is not to be had (Windows, a daemonic cluster worker), kernels start cold, as Jupyter starts them.
"""

# jupyter_client and jsonschema have no types, and a fork only looks like a Popen
# mypy: disable-error-code="import-untyped,attr-defined,assignment,union-attr,no-any-return"

import multiprocessing as mp
import os
import sys
import threading
from typing import Any


def can_fork() -> bool:
    """Whether warm kernels can be had in this process."""
    return "forkserver" in mp.get_all_start_methods() and not mp.current_process().daemon


def context() -> Any:
    """The multiprocessing context whose processes are forked from the warm server; starts that server if need be."""
    ctx = mp.get_context("forkserver")
    ctx.set_forkserver_preload(["zjlib._preload"])
    return ctx


def start_server() -> None:
    """Start the fork server now, so that it imports while this process does something else."""
    from multiprocessing import forkserver

    context()
    forkserver.ensure_running()


def skip_slow_grammar() -> None:
    """Import jsonschema without one optional check, which costs 1.5 s in each process.

    jsonschema tries `rfc3987_syntax` to check the format 'iri'; that package builds Lark parsers when imported. No notebook
    holds such a field. The name is only blocked while jsonschema is imported, so that other code can still import it.
    """
    if "jsonschema" in sys.modules or "rfc3987_syntax" in sys.modules:
        return
    sys.modules["rfc3987_syntax"] = None  # type: ignore[assignment]
    try:
        import jsonschema  # noqa: F401
    finally:
        del sys.modules["rfc3987_syntax"]


def manager_class(memory: int | None = None) -> type:
    """The kernel manager for nbclient: its kernels are forks of the warm server, with `memory` bytes at most if given."""
    from uuid import uuid4

    from jupyter_client.manager import AsyncKernelManager
    from jupyter_client.provisioning import LocalProvisioner

    class WarmProvisioner(LocalProvisioner):
        async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
            self.process = _Fork(cmd, kwargs.get("cwd"), kwargs["env"], memory)
            self.pid = self.pgid = self.process.pid
            return self.connection_info

    class WarmKernelManager(AsyncKernelManager):
        def __init__(self, **kwargs: Any):
            super().__init__(**kwargs)
            self.kernel_id = str(uuid4())
            self.provisioner = WarmProvisioner(kernel_id=self.kernel_id, kernel_spec=self.kernel_spec, parent=self)

    return WarmKernelManager


class _Fork:
    """A warm kernel's process, with the part of Popen's interface that a provisioner uses."""

    stdin = stdout = stderr = None

    def __init__(self, cmd: list[str], cwd: str | None, env: dict[str, str], memory: int | None):
        arguments = cmd[cmd.index("ipykernel_launcher") + 1 :]
        self._process = context().Process(target=_kernel, args=(arguments, cwd, env, memory), daemon=True)
        self._process.start()
        self.pid = self._process.pid

    def poll(self) -> int | None:
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
