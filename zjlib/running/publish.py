"""The output folder: one writer at a time, nothing half-done ever visible, the last good run always there.

site -> runs/<id>/site       a symbolic link, moved in one step: the last good site
runs/<id>/                   what each good run left: never changed afterwards
failed/<id>/                 what a broken run left, for reading
last.json                    when a refresh last succeeded, and when it last failed
"""

import json
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from zjlib.errors import BUSY, ZjlibError

_WORK = ".zjlib-work-"
_RUN = re.compile(r"\d{8}T\d{6}Z-[0-9a-f]{8}(-\d+)?")


class BusyError(ZjlibError, RuntimeError):
    """Another refresh is at work in the same output folder."""

    status = BUSY


class ForeignError(ZjlibError, ValueError):
    """Something stands in the output folder's place that a refresh did not make."""


def now() -> str:
    """The time in UTC, ISO 8601, to the second."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


class Output:
    """An output folder. Use `locked()` around everything that writes."""

    def __init__(self, folder: Path):
        """Nothing is made or read yet."""
        self.folder = folder
        self.site = folder / "site"

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the folder alone, or raise BusyError at once. The lock is the system's: it goes with its holder, however that ends."""
        from filelock import FileLock, Timeout

        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except FileExistsError:
            raise ForeignError(f"{self.folder}: a file stands there; move it away, or choose another --out") from None
        ours = self.site.is_symlink() and self.site.readlink().parts[:1] == ("runs",)
        if self.site.exists() and not ours:
            raise ForeignError(
                f"{self.site}: something that refresh did not make stands there; move it away, or choose another --out"
            )
        try:
            with FileLock(self.folder / ".lock", timeout=0):
                self._clear()
                yield
        except Timeout:
            raise BusyError(
                f"another refresh is running in {self.folder}; wait for it, or choose another --out"
            ) from None

    def current(self) -> dict[str, Any] | None:
        """The run.json of the last good run, or None."""
        folder = self.current_folder()
        try:
            run: dict[str, Any] = json.loads((folder / "run.json").read_text("utf-8")) if folder else {}
        except (OSError, ValueError):
            return None
        return run or None

    def current_folder(self) -> Path | None:
        """The folder of the last good run, or None."""
        return self.site.resolve().parent if self.site.exists() else None

    def new_run(self, key: str) -> dict[str, Any]:
        """What tells a run from the others: its id, by the hash of its inputs; its number, after all that are here; its start."""
        started = now()
        number = max((_sequence(folder) for folder in _folders(self.folder / "runs")), default=0) + 1
        return {"id": f"{re.sub('[-:]', '', started)}-{key[:8]}", "sequence": number, "started": started}

    @contextmanager
    def work(self) -> Iterator[Path]:
        """A new folder beside the target, gone at the end unless it was published or kept."""
        folder = Path(tempfile.mkdtemp(prefix=_WORK, dir=self.folder))
        folder.chmod(0o755)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def publish(self, work: Path, id: str) -> Path:
        """Make a finished work folder the last good run: one rename, and one step of the link."""
        target = self._move(work, self.folder / "runs", id)
        link = self.folder / ".site-new"
        link.unlink(missing_ok=True)
        link.symlink_to(Path("runs", target.name, "site"))
        link.replace(self.site)
        return target

    def keep_failed(self, work: Path, id: str) -> Path | None:
        """Keep a broken run for reading; None when even that can't be written."""
        with suppress(OSError):
            return self._move(work, self.folder / "failed", id)
        return None

    def prune(self, keep: int) -> None:
        """Remove all but the newest `keep` runs (one at least) and as many failed ones; never the one that is shown."""
        for kind in ("runs", "failed"):
            folders = sorted(_folders(self.folder / kind), key=lambda f: (_sequence(f), f.name), reverse=True)
            for folder in folders[max(keep, 1) :]:
                if folder.resolve() != self.current_folder():
                    shutil.rmtree(folder, ignore_errors=True)

    def last(self) -> dict[str, Any]:
        """When a refresh last succeeded and last failed, with the reason."""
        try:
            last: dict[str, Any] = json.loads((self.folder / "last.json").read_text("utf-8"))
        except (OSError, ValueError):
            return {}
        return last

    def remember(self, **facts: Any) -> None:
        """Add facts to last.json; a disk that is full must not turn one failure into two."""
        temporary = self.folder / ".last.json"
        with suppress(OSError):
            temporary.write_text(json.dumps(self.last() | facts, indent=1, ensure_ascii=False) + "\n", "utf-8")
            temporary.replace(self.folder / "last.json")

    def _move(self, work: Path, parent: Path, id: str) -> Path:
        parent.mkdir(exist_ok=True)
        target, number = parent / id, 1
        while target.exists():  # a clock that was set back, or two runs in one second
            number += 1
            target = parent / f"{id}-{number}"
        work.rename(target)
        return target

    def _clear(self) -> None:
        """Remove what a killed refresh left: its work folder, and a run that was moved in but never shown."""
        shown = self.current_folder()
        for folder in self.folder.glob(f"{_WORK}*"):
            shutil.rmtree(folder, ignore_errors=True)
        number = _sequence(shown) if shown else 0  # none that can be read: what is later can't be told
        for folder in _folders(self.folder / "runs") if number else ():
            if _sequence(folder) > number:
                shutil.rmtree(folder, ignore_errors=True)


def _folders(parent: Path) -> list[Path]:
    """The folders of runs; what others have put beside them is theirs."""
    found = parent.iterdir() if parent.is_dir() else ()
    return [folder for folder in found if folder.is_dir() and _RUN.fullmatch(folder.name)]


def _sequence(folder: Path) -> int:
    """A run's number: it counts up even when the clock is set back."""
    try:
        return int(json.loads((folder / "run.json").read_text("utf-8"))["sequence"])
    except (OSError, ValueError, KeyError):
        return 0
