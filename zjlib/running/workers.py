"""Where parts are worked on: this machine's processes or a Dask cluster, both by the one interface of concurrent.futures."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import BrokenExecutor, CancelledError, Executor, Future, ProcessPoolExecutor
from contextlib import contextmanager
from copy import copy
from dataclasses import dataclass
from multiprocessing.process import BaseProcess
from typing import Any

from zjlib.running.inputs import InputError
from zjlib.running.kernels import can_fork, leave_with_parent
from zjlib.running.parts import Answer, Part

Task = Callable[[Part], Answer]
_Waiting = deque[tuple[Part, Answer | Future[Answer]]]


@dataclass
class Workers:
    """An executor, and what is to know of its kind."""

    executor: Executor
    cores: Callable[[], int]
    died: type[Exception]  # what a future raises whose worker died, on a cluster once too often
    renew: Callable[[Executor], Executor]  # the executor to go on with when a worker has died
    lost: str  # what to say when the executor itself has gone

    def answers(
        self, parts: Iterable[Part], task: Task, find: Callable[[Part], Answer | None], rescue: Task
    ) -> Iterator[tuple[Part, Answer]]:
        """The parts in their order, each with what `find` has of it, the task's answer, or `rescue`'s if its worker died.

        No more parts are taken than keep the workers busy.
        """
        waiting: _Waiting = deque()
        for part in parts:
            waiting.append((part, find(part) or self._submit(task, part)))
            while len(waiting) > 2 * self.cores() + 1:
                yield self._next(waiting, task, rescue)
        while waiting:
            yield self._next(waiting, task, rescue)

    def _submit(self, task: Task, part: Part) -> Future[Answer]:
        try:
            return self.executor.submit(task, part)
        except self.died:  # one of those before it has just ended its worker
            self.executor = self.renew(self.executor)
            return self.executor.submit(task, part)

    def survives(self, task: Task, part: Part) -> Answer | None:
        """The answer of a task with no other beside it; None if its worker dies."""
        try:
            return self.executor.submit(task, part).result()
        except self.died:
            self.executor = self.renew(self.executor)
            return None

    def _next(self, waiting: _Waiting, task: Task, rescue: Task) -> tuple[Part, Answer]:
        part, answer = waiting.popleft()
        if isinstance(answer, Answer):
            return part, answer
        try:
            return part, answer.result()
        except CancelledError:
            raise InputError(self.lost) from None
        except self.died:
            self.executor = self.renew(self.executor)
        answer = rescue(part)
        for place, (other, future) in enumerate(waiting):  # those that the same death took with it
            if isinstance(future, Future) and future.done() and isinstance(future.exception(), self.died):
                waiting[place] = (other, self.executor.submit(task, other))
        return part, answer


@contextmanager
def workers(scheduler: str | None) -> Iterator[Workers]:
    """This machine's cores, or the Dask cluster at an address. Raises InputError when none answers there."""
    with _cluster(scheduler) if scheduler else _processes() as found:
        yield found


@contextmanager
def _processes() -> Iterator[Workers]:
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    context: Any = copy(multiprocessing.get_context("forkserver" if can_fork() else None))
    if can_fork():
        context.set_forkserver_preload(["zjlib.running.many"])
    process, started = context.Process, list[BaseProcess]()

    def recorded(*args: Any, **kwargs: Any) -> BaseProcess:
        started.append(process(*args, **kwargs))
        return started[-1]

    context.Process = recorded

    def start(broken: Executor | None = None) -> Executor:
        if broken:
            for each in started:  # the executor does not end one that began as another died, and would wait for it
                each.kill()
            started.clear()
            broken.shutdown()  # until each of its futures has been told
        return ProcessPoolExecutor(cores, context, leave_with_parent)

    found = Workers(start(), lambda: cores, BrokenExecutor, start, "the scan was cancelled")
    try:
        yield found
    finally:
        found.executor.shutdown(cancel_futures=True)


@contextmanager
def _cluster(address: str) -> Iterator[Workers]:
    from zjlib.running.cluster import executor

    with executor(address) as pool:
        from distributed import default_client
        from distributed.comm.core import CommClosedError
        from distributed.scheduler import KilledWorker

        client = default_client()  # type: ignore[no-untyped-call]
        lost = f"--scheduler {address}: it has gone; run the same command again, finished parts of a folder are kept"
        try:
            yield Workers(pool, lambda: sum(client.nthreads().values()), KilledWorker, lambda same: same, lost)
        except CommClosedError:
            raise InputError(lost) from None
