"""Scan any number of reports in parts, each written as soon as it is done.

A part is some consecutive files. Their bytes go to a worker, a local process or one of a Dask cluster, which answers with the
part's quantities and a row about each file. Few parts are on their way at a time, so memory does not grow with the number of
files. An answer depends on nothing but the bytes that were sent: a part that is tried again comes out the same.

OUT/part-0000000.parquet            the quantities, columns of `scan` and `file`; pandas.read_parquet(OUT) reads all parts
OUT/_reports/part-0000000.parquet   a row a file, columns of `REPORTS`; `error` says why a file could not be read
OUT/_scan.json                      how many of each; written last, so a folder that has it is complete
"""

# pyarrow has hardly any types
# mypy: disable-error-code="attr-defined"

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

import zjlib
from zjlib.report import Document, ReportError, printable, read_document
from zjlib.running.inputs import InputError
from zjlib.running.parts import REPORTS, Answer, Part, Source, Total, sink
from zjlib.running.workers import Workers, workers
from zjlib.scan import scan

FILES, BYTES = 64, 4_000_000  # a part ends with the file that reaches one of them: some seconds of work
LARGEST = 200_000_000  # bytes; a file beyond it is taken for no report


def scan_many(
    files: Iterable[tuple[str, Path]],
    out: Path,
    *,
    all: bool = False,
    scheduler: str | None = None,
    told: Callable[[Total, list[str]], None] = lambda total, errors: None,
) -> Total:
    """Scan files, given as (name in the results, path), into a folder, or into one file that ends in csv, jsonl or parquet.

    Uses this machine's cores, or the Dask cluster at `scheduler`. After each part `told` gets the total so far and the errors
    of the part's unreadable files, which never stop the others. In a folder, parts that an earlier scan made of the same bytes
    with the same code are kept. Raises InputError, and BusyError when another scan writes the same folder.
    """
    total = Total()
    with sink(out) as written, workers(scheduler) as pool:
        answers = pool.answers(_parts(files, all), scan_part, written.find, lambda part: _rescued(part, pool))
        for part, answer in answers:
            total.parts += 1
            total.kept += answer.quantities is None
            total.reports += len(part.sources)
            total.rows += sum(answer.reports["rows"].to_pylist())
            errors = answer.reports["error"].drop_null().to_pylist()
            total.broken += len(errors)
            written.write(part, answer)
            told(total, errors)
        written.finish(total)
    return total


def scan_part(part: Part) -> Answer:
    """Scan the files of a part: what a worker does. Raises InputError on a worker with another zjlib."""
    if part.code != _code():
        raise InputError("a worker has another version of zjlib; install the same one on all of them")
    tables, rows = [_scanned(Document.from_text(""), "", part.all)], []
    with tempfile.TemporaryDirectory(prefix="zjlib-") as folder:
        for source in part.sources:
            row: dict[str, Any] = dict.fromkeys(REPORTS) | {"file": source.name, "report": Path(source.name).stem}
            try:
                document = _document(source, Path(folder))
                tables.append(_scanned(document, source.name, part.all))
                date = str(document.date) if document.date else None
                row |= {"date": date, "language": document.language, "title": printable(document.title)}
                row |= {"sha256": document.sha256, "rows": len(tables[-1])}
            except ReportError as problem:
                row |= {"rows": 0, "error": str(problem)}
            except Exception as problem:  # whatever a file does to a library, the others are still read
                row |= {"rows": 0, "error": f"{source.name}: {type(problem).__name__}: {problem}"}
            rows.append(row)
    full = [table for table in tables if len(table)] or tables[:1]
    quantities = BytesIO()  # made here and not where it is written: that one process serves all workers
    pd.concat(full, ignore_index=True).to_parquet(quantities, index=False, compression="zstd")
    schema = pa.schema([(name, pa.int64() if name == "rows" else pa.string()) for name in REPORTS])
    return Answer(quantities.getvalue(), pa.Table.from_pylist(rows, schema.with_metadata({"key": part.key})))


def _scanned(document: Document, name: str, all: bool) -> pd.DataFrame:
    table = scan(document, all=all)
    return table.assign(file=pd.array([name] * len(table), dtype="str"))


def _document(source: Source, folder: Path) -> Document:
    """Read a source by way of a file of its own name; errors name it as the results do."""
    if source.error:
        raise ReportError(source.error)
    file = folder / Path(source.name).name
    file.write_bytes(source.content)
    if source.sidecar is not None:
        file.with_suffix(".toml").write_bytes(source.sidecar)
    try:
        return read_document(file)
    except ReportError as problem:
        where = source.name.removesuffix(file.name)
        raise ReportError(str(problem).replace(f"{folder}{os.sep}", where)) from None
    finally:
        file.unlink()
        file.with_suffix(".toml").unlink(missing_ok=True)


def _parts(files: Iterable[tuple[str, Path]], all: bool) -> Iterator[Part]:
    sources: list[Source] = []
    number = size = 0
    for name, file in files:
        sources.append(_source(name, file))
        size += len(sources[-1].content)
        if len(sources) == FILES or size >= BYTES:
            yield Part(number, sources, all, _code())
            sources, number, size = [], number + 1, 0
    if sources:
        yield Part(number, sources, all, _code())


def _source(name: str, file: Path) -> Source:
    sidecar = file.with_suffix(".toml")
    try:
        if file.stat().st_size > LARGEST:
            return Source(name, error=f"{name}: larger than {LARGEST:,} bytes; a report was expected, split it")
        return Source(name, file.read_bytes(), sidecar.read_bytes() if sidecar.is_file() else None)
    except OSError as problem:
        return Source(name, error=f"{name}: can't be read ({problem.strerror}); check its path and permissions")


def code_files() -> set[Path]:
    """The files that decide about the rows: other rules give other rows."""
    package = Path(zjlib.__file__).parent
    folders = [file for folder in ("scanning", "languages", "pdf") for file in (package / folder).glob("*.*")]
    modules = ("__init__", "errors", "formats", "glyphs", "lines", "report", "scan", "units")
    return {Path(__file__), *(package / f"{name}.py" for name in modules), *folders}


@cache
def _code() -> str:
    return hashlib.sha256(b"".join(file.read_bytes() for file in sorted(code_files()))).hexdigest()


def _rescued(part: Part, pool: Workers) -> Answer:
    """A part whose worker died: tried with no other beside it, and if that dies too, without the file that it dies of."""
    if answer := pool.survives(scan_part, part):
        return answer
    sources = []
    for source in part.sources:
        if not pool.survives(scan_part, replace(part, sources=[source])):
            source = Source(
                source.name, error=f"{source.name}: workers die of it; give them more memory, or leave it out"
            )
        sources.append(source)
    answer = pool.survives(scan_part, replace(part, sources=sources))
    if not answer:
        raise InputError(f"part {part.number}: its workers die of its files together; give them more memory")
    return answer
