"""The same work on a Dask cluster: a refresh's notebooks, or the scan of many reports.

The cluster is only asked for its `concurrent.futures` executor; report and notebooks travel with each task, so that the
workers need zjlib and nothing else. A task whose worker dies is tried again on another one.
"""

# mypy: disable-error-code="no-untyped-call"

from collections.abc import Iterable, Iterator
from concurrent.futures import Executor
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zjlib.inputs import InputError, code_hash

if TYPE_CHECKING:
    import pandas as pd

RETRIES = 3
BATCH = 64  # reports a task: large enough to hide the way there and back, small enough to show progress


@contextmanager
def executor(address: str) -> Iterator[Executor]:
    """An executor whose tasks run on the cluster at `address`. Raises InputError."""
    with _client(address) as client, client.get_executor(pure=False, retries=RETRIES) as pool:
        yield pool


def scan_files(files: Iterable[Path], folder: Path, address: str, all: bool = False) -> tuple[int, int]:
    """Scan any number of reports on a cluster; write a Parquet part to `folder` as each batch comes back.

    Returns the number of parts and of rows. A file that is no report is skipped and named in `folder/broken.txt`.
    """
    from distributed import as_completed

    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InputError(f"{folder}: not empty; name a new folder for the Parquet parts")
    left = iter(files)
    batches = iter(lambda: list(islice(left, BATCH)), [])
    rows = parts = 0
    with _client(address) as client, (folder / "broken.txt").open("w", encoding="utf-8") as broken:
        ahead = 2 * max(len(client.ncores()), 1)  # no more than this is read before it is asked for
        running = as_completed([_submit(client, batch, all) for batch in islice(batches, ahead)], with_results=True)
        for future, (table, problems) in running:
            future.release()
            broken.writelines(f"{problem}\n" for problem in problems)
            if len(table):
                parts, rows = parts + 1, rows + len(table)
                temporary = folder / f".part-{parts:06}"
                table.to_parquet(temporary)
                temporary.rename(folder / f"part-{parts:06}.parquet")
            for batch in islice(batches, 1):
                running.add(_submit(client, batch, all))
    return parts, rows


def scan_batch(reports: list[tuple[str, bytes]], all: bool) -> "tuple[pd.DataFrame, list[str]]":
    """On a worker: the quantities of some reports, given as file name and content, and what could not be read."""
    import tempfile

    import pandas as pd

    from zjlib.report import ReportError, read_document
    from zjlib.scan import scan

    tables, problems = [], []
    with tempfile.TemporaryDirectory(prefix="zjlib-") as folder:
        for name, content in reports:
            file = Path(folder, name)
            file.write_bytes(content)
            try:
                tables.append(scan(read_document(file), all=all))
            except ReportError as problem:
                problems.append(str(problem).replace(f"{folder}/", ""))
    filled = [table for table in tables if len(table)]
    return (pd.concat(filled, ignore_index=True) if filled else pd.DataFrame()), problems


def _submit(client: Any, batch: list[Path], all: bool) -> Any:
    reports = [(file.name, file.read_bytes()) for file in batch]
    return client.submit(scan_batch, reports, all, pure=False, retries=RETRIES)


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
