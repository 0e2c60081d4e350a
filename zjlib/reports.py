"""Which files are reports, and which of the project's own is the newest."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date as Date
from pathlib import Path

from zjlib.formats import ENDINGS
from zjlib.paths import data_dir
from zjlib.report import date_of, printable

_NO_REPORTS = (".", "~$")  # how their names begin


def is_report(file: Path) -> bool:
    """Whether a file is a report by its name: hidden files and the locks of Word (`~$report.docx`) are none."""
    return file.suffix.lower() in ENDINGS and not file.name.startswith(_NO_REPORTS) and file.is_file()


def walk(folder: Path) -> Iterator[Path]:
    """The reports below a folder but in hidden ones, one folder's names in memory at a time."""
    return filter(is_report, _below(folder))


def _below(folder: Path) -> Iterator[Path]:
    for place, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (Path(place, name) for name in sorted(names))


def named(places: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Files, and the reports below folders, each with the name that tells it from the others: its path; of one folder, that below it.

    What a folder holds in other formats is told in one line on stderr.
    """
    for place in places:
        within = place if place.is_dir() else place.parent
        for file in _reports_of(place) if place.is_dir() else [place]:
            name = file.relative_to(within) if len(places) == 1 else file
            yield printable(name.as_posix()), file


def _reports_of(folder: Path) -> Iterator[Path]:
    """The reports below a folder; then what was left out is told."""
    count, first = Counter[str](), dict[str, str]()
    for file in _below(folder):
        ending = file.suffix.lower()
        if is_report(file):
            yield file
        elif ending not in (*ENDINGS, ".toml") and not file.name.startswith(_NO_REPORTS):
            count[ending] += 1
            first.setdefault(ending, file.relative_to(folder).as_posix())
    if count:
        told = ", ".join(
            f"{n} {ending or 'without an ending'} ({first[ending]}{', …' if n > 1 else ''})"
            for ending, n in count.most_common()
        )
        told = f"{folder}: left out for their endings: {told}; those of reports are {' '.join(ENDINGS)}"
        print(f"zjlib: {printable(told)}", file=sys.stderr)


def project_reports() -> list[Path]:
    """The reports of `data/reports`, the newest last: by day, then by name, so that `-corrected` follows what it corrects.

    The day is that of the sidecar or of the name; those without one come first.
    """
    return sorted(filter(is_report, (data_dir() / "reports").glob("*")), key=place_in_time)


def place_in_time(file: Path) -> tuple[Date, str, str]:
    """What orders reports, the newest last: the day of the sidecar or of the name, then the name; without a day, the first of all."""
    return date_of(file) or Date.min, file.stem, file.name


def newest_report() -> Path | None:
    """The last of the project's reports, None where there is none; what might have been meant instead is named on stderr."""
    if not (reports := project_reports()):
        return None
    *passed_over, newest = reports
    for file in passed_over:
        if date_of(file) is None:
            reason = f"no date in its name or in {file.stem}.toml beside it"
        elif file.stem == newest.stem:
            reason = f"{newest.name} has the same name"
        else:
            continue
        told = "not taken for the newest report; name it by its day, such as 2024-02-13.txt or 2024-02-13-corrected.txt"
        print(f"zjlib: {file}: {reason}, so it is {told}", file=sys.stderr)
    return newest
