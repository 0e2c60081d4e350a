"""The reports that the explorer offers, and what it remembers over a restart of the kernel."""

import json
import os
import tempfile
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from zjlib.explore.choice import Choice
from zjlib.paths import VISITORS, free
from zjlib.reports import project_reports
from zjlib.tables import Report, read_report


@cache
def _visitor() -> "tempfile.TemporaryDirectory[str]":
    return tempfile.TemporaryDirectory(prefix="zjlib-")


def state_dir() -> Path:
    """Where Jupyter keeps a user's data; JUPYTER_DATA_DIR moves it. Each visitor of the app has a folder that goes with the kernel."""
    from jupyter_core.paths import jupyter_data_dir

    if os.environ.get(VISITORS):
        return Path(_visitor().name)
    return Path(jupyter_data_dir()) / "zjlib"


@dataclass
class Shelf:
    """Reports by path, each read once as long as its file stays as it is; opened files and the last choice are kept in `folder`.

    A folder that cannot be written only means that nothing is remembered.
    """

    folder: Path = field(default_factory=state_dir)
    _read: dict[tuple[Path, int], Report] = field(default_factory=dict)

    def paths(self, *also: Path | None) -> list[Path]:
        """The reports of the project, those that were opened, and the given ones."""
        known = [
            *project_reports(),
            *sorted((self.folder / "opened").glob("*")),
            *filter(None, also),
        ]
        return list({path.resolve(): path for path in known}.values())

    def read(self, path: Path) -> Report:
        """The report in a file. ReportError for one that is none."""
        key = path, path.stat().st_mtime_ns if path.is_file() else 0
        if key not in self._read:
            report = read_report(path)
            len(report.figures)  # read to the end now, not at the first chart
            self._read[key] = report
        return self._read[key]

    def keep(self, name: str, content: bytes) -> Path:
        """Save an opened file under its own name, or that with a number where another file has it; its path. OSError: no room."""
        folder = self.folder / "opened"
        folder.mkdir(parents=True, exist_ok=True)
        file = folder / (Path(name.replace("\\", "/")).name or "report.txt")
        if not (file.exists() and file.read_bytes() == content):
            file = free(file)
            file.write_bytes(content)
        return file

    def save(self, began: str, choice: Choice, report: Report, other: Report | None) -> None:
        """Remember the choice and the two reports of an explorer, and what it `began` with."""
        paths = [str(each.path.resolve()) if each and each.path else "" for each in (report, other)]
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            saved = {"began": began, "choice": choice.to_json(), "reports": paths}
            temporary = self._file.with_suffix(f".{os.getpid()}")  # whole or not at all, whenever the kernel is ended
            temporary.write_text(json.dumps(saved), encoding="utf-8")
            temporary.replace(self._file)
        except OSError:
            pass

    def load(self, began: str) -> tuple[Choice, Path | None, Path | None] | None:
        """What was remembered of an explorer that began like this; None when nothing was, or when it cannot be read."""
        try:
            saved = json.loads(self._file.read_text(encoding="utf-8"))
            if saved["began"] != began:
                return None
            first, second = (Path(path) if path else None for path in saved["reports"])
            return Choice.from_json(saved["choice"]), first, second
        except (OSError, ValueError, KeyError, TypeError):
            return None

    @property
    def _file(self) -> Path:
        return self.folder / "explorer.json"
