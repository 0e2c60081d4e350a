"""Many reports: the newest one of an inbox, or one site over all reports of a folder."""

import hashlib
import json
import os
import shlex
import shutil
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from zjlib.formats import ENDINGS
from zjlib.paths import free
from zjlib.refresh import Outcome, Progress, alone, refresh, remembered, write_json, write_script
from zjlib.report import Document, ReportError, date_of, read_document
from zjlib.reports import is_report, place_in_time
from zjlib.running.inputs import InputError, Options, UnreadableError
from zjlib.running.publish import Output, now

if TYPE_CHECKING:
    import pandas as pd

# What the site over many reports has beside their folders.
_OWN = {"index.html", "indicators.csv", "indicator_cells.csv", "run.js", "site.css", "site.js"}


@dataclass(frozen=True)
class _Dropped:
    """A report that lies in an inbox: its file, hash (None where it can't be opened), and day, by its sidecar or its name."""

    file: Path
    sha256: str | None
    day: Date | None

    @property
    def rank(self) -> tuple[Date, int, str, str]:
        """The newest has the highest: by `place_in_time`; what has no day, by when it was written."""
        day, stem, name = place_in_time(self.file)
        return day, 0 if self.day else self.file.stat().st_mtime_ns, stem, name

    def older_than(self, shown: Mapping[str, Any]) -> bool:
        """Whether it has a day, and comes before a report that a run's record tells of."""
        if not (self.day and shown.get("date")):
            return False
        return (self.day, self.file.stem) < (Date.fromisoformat(shown["date"]), Path(shown["file"]).stem)

    def reason(self, shown: Mapping[str, Any]) -> str:
        """Why it is not taken where a report is shown."""
        if not self.day:
            return f"no day in its name or in {self.file.stem}.toml beside it"
        return f"older than {shown['file']}" if self.older_than(shown) else "another went before it"


def refresh_inbox(options: Options, folder: Path, progress: Progress) -> Outcome:
    """Publish the newest report dropped in `folder`, once; `put_away` it when the site stands where it belongs.

    Newest is the one of the latest day, whatever the time on its file; what has no day is taken only where no other waits.
    What is passed over, and what is older than the report that is shown, is named, stays where it is and is not taken later;
    what can't be read is named too, and the next newest is tried. Raises UnreadableError where there is no other.
    """
    output = Output(options.out)
    run, known = output.current() or {}, set(output.last().get("passed_over", ()))
    shown = run.get("report", {})
    with remembered(output):
        lying = [_Dropped(file, _sha(file), date_of(file)) for file in _reports(folder)]
    lying = [each for each in lying if not each.sha256 or each.sha256 != shown.get("sha256")]
    waiting = [each for each in lying if each.sha256 not in known and not each.older_than(shown)]
    waiting.sort(key=lambda each: each.rank, reverse=True)

    def pass_over(shown: Mapping[str, Any], unread: list[_Dropped]) -> None:
        over = [each for each in lying if each not in unread and each.sha256 != shown["sha256"]]
        for each in over:
            if each.sha256 not in known:
                hint = f"publish it with --report {shlex.quote(str(each.file))}, or move it away"
                print(f"zjlib: {each.file}: passed over: {each.reason(shown)}; {hint}", file=sys.stderr)
        output.remember(passed_over=sorted({shown["sha256"], *(each.sha256 for each in over if each.sha256)}))

    for number, each in enumerate(waiting, 1):
        try:
            outcome = refresh(replace(options, report=each.file), progress)
        except UnreadableError as problem:
            if number == len(waiting):
                raise
            print(f"zjlib: {problem}; it stays where it is, and the next newest is tried", file=sys.stderr)
            continue
        if outcome.status != "failed":
            pass_over(outcome.run["report"], waiting[: number - 1])
        elif rest := ", ".join(later.file.name for later in waiting[number:]):
            print(f"zjlib: {each.file} comes first and could not be published; {rest} waiting", file=sys.stderr)
        return outcome
    told = f"no new report in {folder}"
    if not run:
        return Outcome("unchanged", f"{told}, and nothing has been published yet", {})
    if lying and shown:
        pass_over(shown, [])
        told += "; passed over: " + ", ".join(f"{each.file.name} ({each.reason(shown)})" for each in lying)
    return Outcome("unchanged", told, run, output.current_folder())


def put_away(folder: Path, run: Mapping[str, Any]) -> None:
    """Move the report of a run, if it lies in `folder` as the run read it, to `folder/done`, where nothing is overwritten.

    What can't be moved is named on stderr: the report is published all the same, and the output folder knows that it is.
    """
    read, done = run.get("report", {}).get("sha256"), folder / "done"
    for file in _reports(folder):
        if _sha(file) != read:
            continue
        try:
            done.mkdir(exist_ok=True)
            place = free(done / file.name)
            for each in (file, file.with_suffix(".toml")):
                if each.exists():
                    each.rename(place.with_suffix(each.suffix))
        except OSError as problem:
            told = f"published, but not moved to {done} ({problem.strerror})"
            print(f"zjlib: {file}: {told}; let this user write {folder}, or move it by hand", file=sys.stderr)


def refresh_folder(options: Options, folder: Path, progress: Progress) -> Outcome:
    """One site over all reports of `folder`: the pages of each, and an index that compares them.

    Each report has an output folder of its own under `out/each`, so that only changed ones run again. The site over all of
    them is moved in when all notebooks are good. A report in which nothing is claimed, or whose checks fail, has no pages,
    only its row in the index, with the reason. Where none has pages the index is all that is published, if it compares anything
    and takes no pages away that the last site had.
    """
    with remembered(Output(options.out)):
        files = _reports(folder)
        if not files:
            raise InputError(f"{folder}: no report there (endings: {' '.join(ENDINGS)})")
        names = [file.stem for file in files]
        if twice := [file.name for file in files if names.count(file.stem) > 1]:
            raise InputError(f"{folder}: {' and '.join(twice)} would have one page; give each report a name of its own")
        if taken := [file for file in files if file.stem in _OWN]:
            name, own = taken[0].name, taken[0].stem
            raise InputError(f"{folder}: {name}: the site has a file {own}; give the report another name")
    return alone(options, lambda output: _refresh_folder(options, folder, files, output, progress))


def _refresh_folder(options: Options, folder: Path, files: list[Path], output: Output, progress: Progress) -> Outcome:
    from zjlib.indicators import indicator_cells

    outcomes: dict[str, Outcome] = {}
    for number, file in enumerate(files, 1):
        try:
            outcomes[file.stem] = refresh(replace(options, report=file, out=options.out / "each" / file.stem))
        except UnreadableError as problem:  # one that can't be read does not stop the others
            outcomes[file.stem] = Outcome(
                "failed", str(problem).replace(str(file), file.name), {"checks": [], "notebooks": {}}
            )
        progress(f"{file.name}: {outcomes[file.stem].status}", number, len(files) + 1)
    good = {name: outcome for name, outcome in outcomes.items() if not outcome.code}
    broken = {name: o.reason for name, o in outcomes.items() if o.code and not _only_words(o)}
    last, told = output.current(), f"{len(good)} of {len(outcomes)} reports{_without_pages(outcomes)}"

    def failed(name: str, reason: str) -> Outcome:
        output.remember(failure=now(), reason=f"{name}: {reason}")
        return Outcome("failed", f"{name}: {reason}", {})

    if broken:
        return failed(*next(iter(broken.items())))
    if not good and last and last.get("pages", True):
        return failed(folder.name, f"none of its reports has pages any more: {told}")
    keys = {name: str(outcome.run.get("key", outcome.reason)) for name, outcome in outcomes.items()}
    if last and last.get("keys") == keys and not options.force:
        output.remember(success=now(), run=last["id"])
        return Outcome("unchanged", "nothing has changed since the last good run", last, output.current_folder())
    documents = _documents(files)
    cells = indicator_cells(documents.values())
    if not good and cells.empty:
        return failed(folder.name, f"none of its reports has pages, or states an indicator to compare: {told}")
    with output.work() as work:
        digest = hashlib.sha256(json.dumps(keys, sort_keys=True).encode()).hexdigest()
        run = output.new_run(digest) | {"status": "published", "reason": told, "keys": keys, "pages": sorted(good)}
        _assemble(work, files, outcomes, documents, cells, run)
        write_json(work / "run.json", run)
        target = output.publish(work, run["id"])
    output.remember(success=now(), run=target.name)
    output.prune(options.keep)
    return Outcome("published", told, run, target)


def _documents(files: list[Path]) -> dict[str, Document]:
    """The reports that can be read, by their names."""
    documents = {}
    for file in files:
        with suppress(ReportError):
            documents[file.stem] = read_document(file)
    return documents


def _assemble(
    work: Path,
    files: list[Path],
    outcomes: dict[str, Outcome],
    documents: dict[str, Document],
    cells: "pd.DataFrame",
    run: dict[str, Any],
) -> None:
    from zjlib import site
    from zjlib.indicators import indicators

    target = work / "site"
    target.mkdir()
    for name, outcome in outcomes.items():
        if outcome.code or outcome.folder is None:
            continue
        shutil.copytree(outcome.folder / "site", target / name, copy_function=_link)
    rows = [
        {
            "report": documents.get(file.stem, {"id": file.stem, "title": file.name, "date": None}),
            "missing": _recorded(outcomes[file.stem]) if outcomes[file.stem].code else "",
            "cells": {cell["indicator"]: cell for cell in cells[cells["report"] == file.stem].to_dict("records")},
        }
        for file in files
    ]
    table = indicators(documents.values())
    site.write_comparison(target, rows, [str(c) for c in table if table[c].notna().any()])
    table.to_csv(target / "indicators.csv")
    cells.to_csv(target / "indicator_cells.csv", index=False)
    write_script(target / "run.js", run)


def _without_pages(outcomes: Mapping[str, Outcome]) -> str:
    """Which reports have no pages, and why: each reason once, in short; the index has them in full."""
    names: dict[str, list[str]] = {}
    for name, outcome in outcomes.items():
        if outcome.code:
            reason = _recorded(outcome)
            if "report" in outcome.run:
                reason = reason.replace(outcome.run["report"]["file"], "it")
            names.setdefault(reason.partition(" fails: ")[0] + " fails" * (" fails: " in reason), []).append(name)
    told = [f"; {', '.join(n)} {'has' if len(n) == 1 else 'have'} no pages: {reason}" for reason, n in names.items()]
    hint = "; `zjlib check --report FILE` shows what a check finds" if any("check " in r for r in names) else ""
    return "".join(told) + hint


def _only_words(outcome: Outcome) -> bool:
    """Whether a run failed for what its report says, not for a notebook or the disk."""
    return "checks" in outcome.run and not any("error" in notebook for notebook in outcome.run["notebooks"].values())


def _recorded(outcome: Outcome) -> str:
    """Why a run failed, as its record says it, which names no path."""
    return str(outcome.run.get("reason", outcome.reason))


def _link(source: str, target: str) -> None:
    """A second name for a file instead of a second copy: every site holds the same plotly.min.js."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copyfile(source, target)


def _sha(file: Path) -> str | None:
    """A file's hash; None for one that can't be opened, which no run has read."""
    with suppress(OSError):
        return hashlib.sha256(file.read_bytes()).hexdigest()
    return None


def _reports(folder: Path) -> list[Path]:
    if not folder.is_dir():
        raise InputError(f"{folder}: no such folder")
    return sorted(filter(is_report, folder.iterdir()))
