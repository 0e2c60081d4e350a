"""The same work on a Dask cluster: a refresh's notebooks, or the scan of many reports.

The cluster is only asked for its `concurrent.futures` executor; report and notebooks travel with each task, so that the
workers need zjlib and nothing else. A task whose worker dies is tried again on another one.
"""

# mypy: disable-error-code="no-untyped-call"

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from typing import Any

from zjlib.running.inputs import InputError, code_hash

RETRIES = 3


@contextmanager
def executor(address: str) -> Iterator[Executor]:
    """An executor whose tasks run on the cluster at `address`. Raises InputError."""
    with _client(address) as client, client.get_executor(pure=False, retries=RETRIES) as pool:
        yield pool


@contextmanager
def _client(address: str) -> Iterator[Any]:
    try:
        from distributed import Client
    except ModuleNotFoundError:
        raise InputError("--scheduler needs Dask; pip install 'zjlib[cluster]'") from None
    try:
        client = Client(address, timeout=10)
    except (OSError, ValueError, TimeoutError) as problem:
        raise InputError(f"--scheduler {address}: no Dask scheduler answers there ({problem})") from None
    with client:
        here = code_hash()
        if strangers := [worker for worker, theirs in client.run(code_hash).items() if theirs != here]:
            raise InputError(
                f"--scheduler {address}: worker {strangers[0]} has another zjlib than this machine; install the same one"
            )
        yield client
