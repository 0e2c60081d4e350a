"""The parts of a scan over many reports: how they go to a worker, what comes back, and where it is written."""

# pyarrow has hardly any types
# mypy: disable-error-code="no-untyped-call,attr-defined,name-defined"

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

import pyarrow as pa
import pyarrow.parquet as pq

from zjlib.running.inputs import InputError
from zjlib.running.publish import BusyError

REPORTS = ("file", "report", "sha256", "date", "language", "title", "rows", "error")


class Source(NamedTuple):
    """A file as a worker gets it: its name in the results, its bytes and those of its sidecar, or why it can't be read."""

    name: str
    content: bytes = b""
    sidecar: bytes | None = None
    error: str = ""


@dataclass(frozen=True)
class Part:
    """Some consecutive files, and how to scan them; `code` tells the version of the scanner that is meant."""

    number: int
    sources: Sequence[Source]
    all: bool
    code: str

    @property
    def key(self) -> str:
        """A hash of all that decides about the answer."""
        parts = [hashlib.sha256(s.content).hexdigest() + repr((s.name, s.sidecar, s.error)) for s in self.sources]
        return hashlib.sha256(repr((parts, self.all, self.code)).encode()).hexdigest()


class Answer(NamedTuple):
    """What a worker makes of a part: its quantities as Parquet, and a row a file. None where an earlier scan's stand already."""

    quantities: bytes | None
    reports: pa.Table


@dataclass
class Total:
    """What a scan has done so far; `kept` counts the parts that an earlier scan had left and nothing has changed."""

    reports: int = 0
    broken: int = 0
    rows: int = 0
    parts: int = 0
    kept: int = 0


@contextmanager
def sink(out: Path) -> Iterator["Folder | File"]:
    """Where a scan writes: a folder of parts, or one file if the name ends so. Raises InputError, BusyError, OSError."""
    if out.suffix in File.ENDINGS and not out.is_dir():
        file = File(out)
        try:
            yield file
        finally:
            file.close()
        return
    from filelock import FileLock, Timeout

    if out.is_dir() and any(out.iterdir()) and not (out / "_reports").is_dir():
        raise InputError(f"{out}: holds other files; name a new folder, or one that an earlier scan made")
    (out / "_reports").mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(out / ".lock", timeout=0):
            yield Folder(out)
    except Timeout:
        raise BusyError(f"another scan writes in {out}; wait for it, or choose another folder") from None


class Folder:
    """Parts in a folder, each renamed in when it is whole."""

    def __init__(self, out: Path):
        """Tidy up what a killed scan left."""
        self.out = out
        for left in (out / "_scan.json", out / ".part"):
            left.unlink(missing_ok=True)

    def find(self, part: Part) -> Answer | None:
        """The answer that an earlier scan left, if it still holds; files that could not be read are tried again."""
        quantities, reports = self._files(part.number)
        with suppress(OSError, pa.ArrowInvalid):
            if quantities.is_file() and pq.read_schema(reports).metadata.get(b"key") == part.key.encode():
                table = pq.read_table(reports)
                return None if len(table["error"].drop_null()) else Answer(None, table)
        return None

    def write(self, part: Part, answer: Answer) -> None:
        """Write what is new of a part."""
        if answer.quantities is not None:
            quantities, reports = self._files(part.number)
            temporary = self.out / ".part"
            temporary.write_bytes(answer.quantities)
            reports.unlink(missing_ok=True)  # what it says is no longer true
            temporary.replace(quantities)
            pq.write_table(answer.reports, temporary)
            temporary.replace(reports)

    def finish(self, total: Total) -> None:
        """Say that all is there."""
        number = total.parts
        while any(file.exists() for file in self._files(number)):  # of an earlier scan of more files
            for file in self._files(number):
                file.unlink(missing_ok=True)
            number += 1
        counts = {name: count for name, count in asdict(total).items() if name != "kept"}
        (self.out / "_scan.json").write_text(json.dumps(counts, indent=1) + "\n", "utf-8")

    def _files(self, number: int) -> tuple[Path, Path]:
        name = f"part-{number:07}.parquet"
        return self.out / name, self.out / "_reports" / name


class File:
    """All quantities in one file, renamed in when it is whole."""

    ENDINGS = (".csv", ".jsonl", ".parquet")

    def __init__(self, out: Path):
        """Open it. Raises OSError."""
        self.out, self.temporary = out, out.with_name(f".{out.name}.new")
        self.file = self.temporary.open("wb")
        self.writer: pq.ParquetWriter | None = None

    def find(self, part: Part) -> Answer | None:
        """A file is always written anew."""
        return None

    def write(self, part: Part, answer: Answer) -> None:
        """Add a part."""
        table = pq.read_table(pa.BufferReader(answer.quantities))
        if self.out.suffix == ".parquet":
            self.writer = self.writer or pq.ParquetWriter(self.file, table.schema)
            self.writer.write_table(table)
        elif self.out.suffix == ".csv":
            text = table.to_pandas().to_csv(index=False, header=part.number == 0, lineterminator="\n")
            self.file.write(text.encode())
        elif len(table):
            self.file.write(table.to_pandas().to_json(orient="records", lines=True, force_ascii=False).encode())

    def finish(self, total: Total) -> None:
        """Move the file to its place."""
        if self.writer:
            self.writer.close()
        self.file.close()
        self.temporary.replace(self.out)

    def close(self) -> None:
        """Leave nothing half-done."""
        self.file.close()
        self.temporary.unlink(missing_ok=True)
