"""From a report to a published site: check the report, run the notebooks, write the pages, and only then show them.

Whatever goes wrong on the way, the last good site stands as it was, and the broken run is kept under failed/.
"""

import json
import os
import shlex
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor, as_completed, wait
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from zjlib import compare
from zjlib.running import kernels
from zjlib.running.execute import Result, Task, execute, load_libraries, scrub
from zjlib.running.inputs import InputError, Inputs, Options, UnreadableError
from zjlib.running.publish import Output, now

Progress = Callable[[str, int, int], None]  # what is done, number of steps done, of how many


@dataclass(frozen=True)
class Outcome:
    """How a refresh ended: `status` published, unchanged or failed, `reason` one line, `run` as in run.json."""

    status: str
    reason: str
    run: Mapping[str, Any]
    folder: Path | None = None

    @property
    def code(self) -> int:
        """The exit status for a scheduler."""
        return int(self.status == "failed")


class _RunError(Exception):
    """The run is not good: the reason, in one line, and how it is put in the record, which is published and names no path."""

    def __init__(self, reason: str, recorded: str | None = None):
        super().__init__(reason)
        self.recorded = recorded or reason


def refresh(options: Options, progress: Progress = lambda what, done, steps: None) -> Outcome:
    """Refresh the output folder. Raises InputError, publish.BusyError, publish.ForeignError; all else is told in the outcome."""
    return alone(options, lambda output: _refresh(options, output, progress))


def alone(options: Options, work: Callable[[Output], Outcome]) -> Outcome:
    """Do `work` while nobody else writes to the output folder.

    What the disk refuses and input that can't be used are failures that are remembered.
    """
    output = Output(options.out)
    try:
        with output.locked(), remembered(output):
            return work(output)
    except OSError as problem:
        what = f" ({Path(problem.filename).name})" if isinstance(problem.filename, str) else ""
        reason = f"{problem.strerror or problem}{what} while working in {options.out}"
        output.remember(failure=now(), reason=reason)
        return Outcome("failed", reason, {})


@contextmanager
def remembered(output: Output) -> Iterator[None]:
    """Input that can't be used is a failure that the output folder remembers."""
    try:
        yield
    except InputError as problem:
        output.remember(failure=now(), reason=str(problem))
        raise


def _refresh(options: Options, output: Output, progress: Progress) -> Outcome:
    started = time.monotonic()
    inputs = Inputs(options)
    last = output.current()
    if last and last["key"] == inputs.key and not options.force:
        output.remember(success=now(), run=last["id"])
        return Outcome("unchanged", "nothing has changed since the last good run", last, output.current_folder())
    run = output.new_run(inputs.key) | inputs.record()
    reason = ""
    with output.work() as work:
        try:
            run["changes"] = _make(work, inputs, run, output, progress)
            told = compare.counts(run["changes"]["figures"]) if last else "the first edition here"
            run |= {"status": "published", "reason": told}
        except _RunError as problem:
            reason = str(problem)
            run |= {"status": "failed", "reason": problem.recorded}
        run["seconds"] = round(time.monotonic() - started, 2)
        write_json(work / "run.json", run)
        if run["status"] == "failed":
            output.remember(failure=now(), reason=reason)
            kept = output.keep_failed(work, run["id"])
            output.prune(options.keep)
            return Outcome("failed", reason, run, kept)
        write_script(work / "site" / "run.js", run)
        folder = output.publish(work, run["id"])
    output.remember(success=now(), run=folder.name)
    output.prune(options.keep)
    return Outcome("published", run["reason"], run, folder)


def _make(work: Path, inputs: Inputs, run: dict[str, Any], output: Output, progress: Progress) -> dict[str, Any]:
    """Everything between the input and the finished folder; fills `run`, returns the differences from the last good run."""
    from zjlib import site

    steps = len(inputs.tasks) + 2
    watch = _Watch(run)
    facts = _read(work, inputs, run, watch)
    if not output.current():
        _hold_back_first(facts, inputs)
    progress("report read and checked", 1, steps)

    said = {key: run[key] for key in ("report", "checks", "allowed", "parameters")}
    shown = site.Site(said, [task.name for task in inputs.tasks])
    pages: dict[str, site.Page] = {}
    failures = []
    (work / "notebooks").mkdir()
    for number, (result, page) in enumerate(_results(inputs.tasks, shown, inputs.options), 2):
        (work / "notebooks" / f"{result.name}.ipynb").write_bytes(result.notebook)
        run["notebooks"][result.name] |= {"seconds": result.seconds, "error": result.error}
        if result.error:
            failures.append(result)
            (work / "notebooks" / f"{result.name}.traceback.txt").write_text(result.traceback, "utf-8")
        else:
            pages[result.name] = page
            run["notebooks"][result.name]["charts"] = page.charts
        progress(f"{result.name}: {result.error or 'done'}", number, steps)
    watch.took("notebooks and their pages")
    if failures:
        first = min(failures, key=lambda result: result.name)
        raise _RunError(f"notebook {first.name} failed: {first.error}" + _more(failures))

    changes = _changes(work, run, output)
    _hold_back(changes, inputs.options)
    site.write(work, shown, [pages[task.name] for task in inputs.tasks], changes)
    watch.took("site")
    progress("site written", steps, steps)
    return changes


class _Watch:
    """Writes into a run's record how many seconds each step took."""

    def __init__(self, run: dict[str, Any]):
        self._seconds: dict[str, float] = run.setdefault("steps", {})
        self._last = time.monotonic()

    def took(self, step: str) -> None:
        self._seconds[step] = round(time.monotonic() - self._last, 3)
        self._last = time.monotonic()


def _read(work: Path, inputs: Inputs, run: dict[str, Any], watch: _Watch) -> dict[str, Any]:
    """Read and check the report, leave its figures in `work`; what `examine` found."""
    from zjlib import site

    kernels.start_server()
    with ThreadPoolExecutor(1) as one:
        examined = one.submit(_examine, inputs)
        load_libraries()  # while the report is read in another process
        site.load_libraries()
        watch.took("start and imports")
        facts = examined.result()
    watch.took("waiting for the report")
    for name, content in facts["files"].items():
        (work / name).write_bytes(content)
    run |= {"report": run["report"] | facts["report"], "checks": facts["checks"]}
    if facts["doubt"]:
        print(f"zjlib: {_where_it_lies(facts['doubt'], inputs)}", file=sys.stderr)
    allowed = inputs.options.allow_failing
    if not facts["claimed"]:
        reason = "is claimed by the catalogue: no figure, so nothing to publish"
        raise _RunError(f"nothing in {inputs.report.name} {reason}")
    if unknown := set(allowed) - {check["check"] for check in facts["checks"]}:
        raise InputError(f"--allow-failing {unknown.pop()}: no such check; `zjlib check` lists them")
    if broken := [c for c in facts["checks"] if c["ok"] is False and c["check"] not in allowed]:
        what = f"check {broken[0]['check']} fails: {_line(broken[0]['detail'])}{_more(broken)}"
        allowing = " ".join(f"--allow-failing {check['check']}" for check in broken)
        shows, lets = ("shows it", "lets it pass") if len(broken) == 1 else ("shows them", "let them pass")

        def told(report: str | Path) -> str:
            return f"{what}; `zjlib check --report {shlex.quote(str(report))}` {shows}, {allowing} {lets}"

        raise _RunError(told(inputs.report), recorded=told(inputs.report.name))
    return facts


def _hold_back_first(facts: Mapping[str, Any], inputs: Inputs) -> None:
    """Stop a first edition that lacks most figures of the catalogue, as a later one is that lacks most of the last one's."""
    known, missing = facts["known"], facts["known"] - facts["claimed"]
    if missing * 2 > known and not inputs.options.allow_gone:
        reason = f"{missing} of the catalogue's {known} figures are not in {inputs.report.name}"
        raise _RunError(f"{reason}: is the report cut, or another one? Look, then publish with --allow-gone")


def _hold_back(found: Mapping[str, Any], options: Options) -> None:
    """Stop before publishing when most figures are gone, or one changed as much as the user said."""
    changes, size = found["figures"], options.fail_on
    gone = sum(c["old"] is not None and c["new"] is None for c in changes)
    if gone * 2 > found["stated"] and not options.allow_gone:
        reason = f"{gone} of {found['stated']} figures are gone: is the report cut, or another one?"
        raise _RunError(f"{reason} Look, then publish with --allow-gone")
    loud = [c for c in changes if size and compare.SIZES.index(c["size"]) <= compare.SIZES.index(size)]
    if loud:
        figures = "1 figure" if len(loud) == 1 else f"{len(loud)} figures"
        raise _RunError(
            f"--fail-on {size}: {figures} changed so much, {loud[0]['id']} first; look, then publish without it"
        )


def _results(tasks: list[Task], shown: Any, options: Options) -> Iterator[tuple[Result, Any]]:
    """Each notebook's result and page as it comes; that a worker is lost is a result too."""
    with _executor(options) as pool:
        futures = {pool.submit(_run, task, shown): task for task in tasks}
        try:
            for future in as_completed(futures):
                try:
                    yield future.result()
                except Exception as problem:
                    task, told = futures[future], scrub(f"{type(problem).__name__}: {problem}", "")
                    yield Result(task.name, task.notebook, f"could not be run: {told}", told), None
        except BaseException:  # interrupted: nobody waits for the rest, nor for a kernel that only starts now
            running = [future for future in futures if not future.cancel()]
            while wait(running, 0.1).not_done:
                kernels.kill_all()
            raise


def _run(task: Task, shown: Any) -> tuple[Result, Any]:
    """One notebook and its page: what a worker does."""
    from zjlib import site

    result = execute(task)
    if result.error:
        return result, None
    return result, site.page(task.name, result.notebook, shown)


def _executor(options: Options) -> AbstractContextManager[Executor]:
    if not options.scheduler:
        # A thread a notebook: each only waits for its kernel, which is a process.
        return ThreadPoolExecutor(options.workers)
    from zjlib.running.cluster import executor

    return executor(options.scheduler)


def _examine(inputs: Inputs) -> dict[str, Any]:
    """Read and check the report in a process of its own, forked from the warm server where that can be."""
    from concurrent.futures import ProcessPoolExecutor

    from zjlib.report import ReportError

    context = kernels.context() if kernels.can_fork() else None
    with ProcessPoolExecutor(1, mp_context=context, initializer=kernels.leave_with_parent) as pool:
        try:
            return pool.submit(examine, inputs.report.name, dict(inputs.files)).result()
        except ReportError as problem:
            raise UnreadableError(_where_it_lies(str(problem), inputs)) from None


def _where_it_lies(told: str, inputs: Inputs) -> str:
    """What was said of the copy of a report, said of the report."""
    return told.replace("report/", f"{inputs.report.parent}/")


def examine(name: str, files: Mapping[str, bytes]) -> dict[str, Any]:
    """A report's figures as files, its checks, and what it is."""
    import tempfile

    from zjlib.checks import check
    from zjlib.report import doubtful_day
    from zjlib.tables import csv_of, read_report

    here = Path.cwd()
    with tempfile.TemporaryDirectory(prefix="zjlib-") as folder:
        for path, content in files.items():
            Path(folder, path).parent.mkdir(exist_ok=True)
            Path(folder, path).write_bytes(content)
        os.chdir(folder)  # so that an error names no temporary folder
        try:
            report = read_report(f"report/{name}")
            figures = report.figures
            checks = check(report) if len(figures) else None
            figures.to_parquet("figures.parquet")
            parquet = Path("figures.parquet").read_bytes()
        finally:
            os.chdir(here)
    text = csv_of(figures).encode("utf-8")
    table = json.dumps(json.loads(figures.to_json(orient="records")), ensure_ascii=False, indent=1) + "\n"
    return {
        "files": {"figures.csv": text, "figures.json": table.encode("utf-8"), "figures.parquet": parquet},
        "doubt": doubtful_day(report),
        "claimed": int(figures["start"].notna().sum()) if len(figures) else 0,
        "known": len(report.catalogue.figures),
        "checks": [] if checks is None else json.loads(checks.to_json(orient="records")),
        "report": {"id": report.id, "title": report.title, "date": str(report.date or ""), "language": report.language},
    }


def _changes(work: Path, run: Mapping[str, Any], output: Output) -> dict[str, Any]:
    """What differs from the last good run of another input; a forced run of the same input keeps what was said before."""
    last, folder = output.current(), output.current_folder()
    if not last or not folder:
        return {"since": None, "figures": [], "charts": {}, "stated": 0}
    if last["key"] == run["key"]:
        return {"stated": 0, **last["changes"]}
    new = json.loads((work / "figures.json").read_bytes())
    charts = {}
    for name, notebook in run["notebooks"].items():
        was = last["notebooks"].get(name, {}).get("charts", {})
        if changed := sorted(
            c for c in notebook["charts"].keys() | was.keys() if notebook["charts"].get(c) != was.get(c)
        ):
            charts[name] = changed
    old = json.loads((folder / "figures.json").read_bytes())
    stated = sum(figure["value"] is not None for figure in old)
    return {"since": last["id"], "figures": compare.compare(old, new), "charts": charts, "stated": stated}


def write_json(file: Path, content: Any) -> None:
    """Write JSON for people to read too."""
    file.write_text(json.dumps(content, ensure_ascii=False, indent=1, sort_keys=True) + "\n", "utf-8")


def _line(text: str) -> str:
    first = text.partition("\n")[0]
    return first if len(first) <= 300 else first[:299] + "…"


def _more(items: list[Any]) -> str:
    return f" (and {len(items) - 1} more)" if len(items) > 1 else ""


def write_script(file: Path, run: Any) -> None:
    """Write what the pages are told of the run."""
    file.write_text(f"zjlibRun = {json.dumps(run, ensure_ascii=False, sort_keys=True)};\n", "utf-8")
