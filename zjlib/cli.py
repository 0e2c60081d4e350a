"""The commands. Nothing heavy is imported before a command needs it, so that `zjlib --help` answers at once."""

import os
import sys
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from zjlib.errors import BUSY, ZjlibError
from zjlib.formats import ENDINGS
from zjlib.terminal import progress_bar, stop, write_table

app = typer.Typer(
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    help="Figures out of the prose of economic reports, as tidy tables and charts that lead back to the sentence.",
)

_NAMED = 5  # of what is left out

ReportFile = Annotated[
    Path | None, typer.Option("--report", help="The report's file; the newest in data/reports when left out.")
]
Files = Annotated[
    list[Path], typer.Argument(help="Files (txt, md, html, pdf, docx; - is standard input) or folders of them.")
]
OutputFile = Annotated[
    Path | None, typer.Option("-o", "--output", help="Write to this file; its ending gives the format.")
]
Format = Annotated[str | None, typer.Option("--format", help="table, csv, json, jsonl or parquet.")]
Out = Annotated[str, typer.Option("--out", help="The output folder; s3:// and other addresses that fsspec knows too.")]


def main() -> None:
    """Run the command line; what a user can mend ends in one line and exit status 2, not in a traceback."""
    try:
        app(_joined(sys.argv[1:]))
    except ZjlibError as problem:
        typer.echo(f"zjlib: {problem}", err=True)
        raise SystemExit(problem.status) from None
    except BrokenPipeError:  # `zjlib scan … | head`
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise SystemExit(0) from None


@app.command()
def figures(report: ReportFile = None, format: Format = None, output: OutputFile = None) -> None:
    """What the report states, and what follows from it: one row a figure."""
    read = _read_report(report)
    if not len(read.figures):
        told = f"the catalogue claims none of its {len(read.quantities)} quantities; `zjlib scan` lists them"
        typer.echo(f"zjlib: {read.path}: {told}, `zjlib check` says how to claim them", err=True)
    write_table(read.figures, format, output)


@app.command()
def scan(
    files: Files,
    all: Annotated[bool, typer.Option("--all", help="Dates, ordinals and names too, with their `kind`.")] = False,
    format: Format = None,
    output: OutputFile = None,
    scheduler: Annotated[
        str | None, typer.Option("--scheduler", help="tcp:// address of a Dask cluster that scans.")
    ] = None,
) -> None:
    """Every quantity of any number of reports: number, unit, bound, period, sentence."""
    if scheduler and not output:
        stop("--scheduler: name a folder for the Parquet parts with -o")
    if output and (scheduler or _is_for_many(files, format, output)):
        if Path("-") in files:
            stop("-: standard input is one report; write it into one file, such as -o quantities.csv")
        _scan_many(files, output, all, scheduler)
        return
    import pandas as pd

    from zjlib.scan import scan as scan_document

    broken: list[Path] = []
    tables = []
    for name, document in _read(files, broken):
        table = scan_document(document, all=all)
        alone = len(files) == 1 and not files[0].is_dir()
        tables.append(table if alone else table.assign(file=pd.Series(name, table.index, dtype="str")))
    if tables:
        full = [table for table in tables if len(table)] or tables[:1]
        write_table(pd.concat(full, ignore_index=True), format, output)
    if broken:
        raise typer.Exit(1 if tables else 2)


@app.command()
def check(report: ReportFile = None) -> None:
    """Do the figures agree with each other, and is every number accounted for? Exit status 1 when not."""
    from rich.console import Console

    from zjlib.checks import check as checks
    from zjlib.checks import failed

    table = checks(_read_report(report))
    sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
    console = Console(highlight=False, soft_wrap=True)
    marks: dict[Any, str] = {True: "[green]ok  [/]", False: "[red]FAIL[/]"}
    for row in table.itertuples():
        console.print(marks.get(row.ok, "[dim]n/a [/]"), end=" ")
        console.print(f"{row.check}: {row.detail}", markup=False)
    broken = len(failed(table))
    numbers = {
        "hold": int(table["ok"].eq(True).sum()),
        "failed": broken,
        "not applicable": int(table["ok"].isna().sum()),
    }
    console.print(", ".join(f"{number} {what}" for what, number in numbers.items() if number), markup=False)
    raise typer.Exit(1 if broken else 0)


@app.command()
def compare(old: Path, new: Path, format: Format = None, output: OutputFile = None) -> None:
    """What changed between two reports or two runs: gone, added, changed, the largest change first."""
    import json

    from zjlib.compare import besides, counts, side
    from zjlib.compare import compare as differences

    def load(place: Path) -> list[dict[str, Any]]:
        if place.is_dir():
            found = place / "figures.json"
            if not found.is_file():
                stop(f"{place}: no figures.json in it; name a report's file or a folder under runs/")
            loaded: list[dict[str, Any]] = json.loads(found.read_text("utf-8"))
        else:
            loaded = json.loads(_read_report(place).figures.to_json(orient="records"))
        return loaded

    before, after = load(old), load(new)
    if not (before or after):
        stop(f"{old}, {new}: neither has a figure of the catalogue; `zjlib scan` lists the quantities of any text")
    changes = differences(before, after)
    if format or output:
        import pandas as pd

        write_table(pd.DataFrame(changes), format, output)
        return
    from rich.console import Console
    from rich.table import Table

    from zjlib.drawing.words import Wording

    table = Table("figure", "change", "old", "new", "by", "size", "also", box=None, pad_edge=False)
    for c in changes:
        values = [Wording().say(side(c, which)) for which in ("old", "new")]
        table.add_row(c["id"], c["change"], *values, Wording().moved(c), c["size"], ", ".join(besides(c)))
    for column in table.columns[:2]:
        column.no_wrap, column.overflow = True, "ignore"
    console = Console(highlight=False, width=None if sys.stdout.isatty() else 160)
    if changes:
        console.print(table)
    console.print(counts(changes))


@app.command()
def refresh(
    report: ReportFile = None,
    out: Out = "build",
    parameter: Annotated[
        list[str] | None,
        typer.Option("-p", "--parameter", metavar="NAME VALUE", help="A parameter of the notebooks; may be repeated."),
    ] = None,
    notebook: Annotated[list[str] | None, typer.Option(help="Only this notebook; may be repeated.")] = None,
    notebooks: Annotated[Path | None, typer.Option(help="A folder of notebooks other than zjlib's own.")] = None,
    workers: Annotated[int, typer.Option(min=1, help="How many notebooks run at a time.")] = 2,
    scheduler: Annotated[
        str | None, typer.Option(help="tcp:// address of a Dask cluster that runs the notebooks.")
    ] = None,
    timeout: Annotated[float, typer.Option(min=0.1, help="Seconds that a cell may take.")] = 120.0,
    memory: Annotated[float, typer.Option(min=0, help="GB that a kernel may use; 0 for no limit.")] = 4.0,
    keep: Annotated[int, typer.Option(min=1, help="How many runs to keep, good and failed.")] = 10,
    force: Annotated[bool, typer.Option("--force", help="Run though nothing has changed.")] = False,
    allow_failing: Annotated[
        list[str] | None, typer.Option(help="Publish though this check fails; may be repeated.")
    ] = None,
    fail_on: Annotated[
        str | None, typer.Option(help="Don't publish when a figure changed as much: large, moderate or small.")
    ] = None,
    allow_gone: Annotated[
        bool,
        typer.Option(
            "--allow-gone",
            help="Publish though more than half of the figures of the last run, or at first of the catalogue, are gone.",
        ),
    ] = False,
    inbox: Annotated[
        Path | None, typer.Option(help="Take the newest report of this folder that was not yet published.")
    ] = None,
    reports: Annotated[Path | None, typer.Option(help="One site over all reports of this folder.")] = None,
    log_format: Annotated[str, typer.Option(help="text, or json for one line a machine can read.")] = "text",
) -> None:
    """Run the notebooks on the report and publish the site. Exit status: 0 published, or nothing had changed; 1 failed (the last good site
    stands); 2 bad arguments; 3 another refresh is running."""
    from zjlib.refresh import Outcome
    from zjlib.refresh import refresh as run
    from zjlib.running import batch
    from zjlib.running.inputs import Options

    _known_log(log_format)
    with _refusal_as_json(log_format == "json", out):
        if fail_on not in (None, "large", "moderate", "small"):
            stop(f"--fail-on {fail_on}: expected large, moderate or small")
        if sum(x is not None for x in (report, inbox, reports)) > 1:
            stop("--report, --inbox, --reports: give one of them")
        options = Options(
            report=report,
            out=Path(out),
            parameters=_pairs(parameter or []),
            notebooks=tuple(notebook or ()),
            folder=notebooks,
            workers=workers,
            scheduler=scheduler,
            timeout=timeout,
            memory=int(memory * 2**30) or None,
            keep=keep,
            force=force,
            allow_failing=tuple(allow_failing or ()),
            fail_on=fail_on,
            allow_gone=allow_gone,
        )
        with progress_bar(log_format == "text") as progress:

            def work(options: Options) -> Outcome:
                if inbox:
                    return batch.refresh_inbox(options, inbox, progress)
                if reports:
                    return batch.refresh_folder(options, reports, progress)
                return run(options, progress)

            if "://" in out:
                from zjlib.running.remote import refresh_remote

                outcome = refresh_remote(out, options, work)
            else:
                outcome = work(options)
        if inbox and not outcome.code:
            batch.put_away(inbox, outcome.run)
    _tell(outcome, out, log_format)
    raise typer.Exit(outcome.code)


@app.command()
def text(file: Path) -> None:
    """The text that offsets refer to."""
    from zjlib.report import read_document

    sys.stdout.reconfigure(encoding="utf-8", newline="")  # type: ignore[union-attr]
    sys.stdout.write(read_document(file).text)


@app.command()
def indicators(
    files: Files,
    cells: Annotated[
        bool, typer.Option("--cells", help="One row a cell instead: its words, bound, unit, period and sentence.")
    ] = False,
    format: Format = None,
    output: OutputFile = None,
) -> None:
    """One row a report, one column an indicator."""
    from zjlib.indicators import indicator_cells, left_out
    from zjlib.indicators import indicators as table

    broken: list[Path] = []
    read = [*_read(files, broken)]
    ids = Counter(document.id for _, document in read)
    documents = [replace(document, id=name) if ids[document.id] > 1 else document for name, document in read]
    wide = table(documents)
    for document, empty in zip(documents, wide.isna().all(axis="columns"), strict=True):
        if document.date is None or empty:
            typer.echo(f"zjlib: {document.id}: {_why_left_out(document, left_out(document))}", err=True)
    if documents or not broken:
        write_table(indicator_cells(documents) if cells else wide.reset_index(), format, output)
    if broken:
        raise typer.Exit(1 if documents else 2)


@app.command()
def status(
    out: Out = "build",
    max_age: Annotated[str, typer.Option(help="How old the last success may be: 36h, 7d, 90m.")] = "7d",
    log_format: Annotated[str, typer.Option(help="text or json.")] = "text",
) -> None:
    """How old the site is, the last success and the last failure. Exit status 1 when it is too old, or was never made."""
    import json

    from zjlib.running.status import age_in_words, seconds_of, state

    _known_log(log_format)
    limit = seconds_of(max_age)
    if limit is None:
        stop(f"--max-age {max_age}: expected a number and a unit, such as 36h, 7d, 90m")
    if "://" in out:
        from zjlib.running.remote import mirrored

        with mirrored(out) as (folder, _, _):
            facts = state(folder, limit)
    else:
        facts = state(Path(out), limit)
    if log_format == "json":
        typer.echo(json.dumps(facts))
    elif facts["success"] is None:
        typer.echo(f"{out}: no refresh has succeeded yet; run `zjlib refresh`")
    else:
        word = "stale" if facts["stale"] else "fresh"
        typer.echo(f"{word}: last success {facts['success']} ({age_in_words(facts['age'])} ago), run {facts['run']}")
    if log_format == "text" and facts["failure"]:
        typer.echo(f"last failure {facts['failure']}: {facts['reason']}")
    raise typer.Exit(1 if facts["stale"] else 0)


_PASS_ON = {"allow_extra_args": True, "ignore_unknown_options": True}


@app.command(context_settings=_PASS_ON)
def explore(context: typer.Context) -> None:
    """Open JupyterLab on the explorer notebook. Further options are JupyterLab's, such as --no-browser or --port=8890."""
    from zjlib.running import serve

    serve.explore(context.args)


@app.command("app", context_settings=_PASS_ON)
def application(context: typer.Context) -> None:
    """Serve the explorer alone, without code, by Voilà. Further options are Voilà's, such as --no-browser or --port=8890."""
    from zjlib.running import serve

    serve.app(context.args)


def _joined(words: list[str]) -> list[str]:
    """`-p NAME VALUE` as `-p NAME=VALUE`: typer has no option of two words that can be repeated."""
    joined: list[str] = []
    while words:
        word, *words = words
        joined.append(word)
        if word in ("-p", "--parameter") and len(words) > 1 and "=" not in words[0]:
            joined.append(f"{words[0]}={words[1]}")
            words = words[2:]
    return joined


def _pairs(words: list[str]) -> dict[str, str]:
    pairs = {}
    for word in words:
        name, sign, value = word.partition("=")
        if not sign:
            stop(f"-p {word}: a value was expected after the name, as in -p language zh")
        pairs[name] = value
    return pairs


def _reports(files: list[Path]) -> Iterator[tuple[str, Path]]:
    """Files and the reports of folders with their names in the results; a folder without one is refused before any is read."""
    from zjlib.reports import named, walk

    for folder in filter(Path.is_dir, files):
        if next(walk(folder), None) is None:
            stop(f"{folder}: no report in this folder (endings: {' '.join(ENDINGS)})")
    return named(files)


def _read(files: list[Path], broken: list[Path]) -> Iterator[tuple[str, Any]]:
    """The reports with their names; a file that is none is named and put into `broken`, and the others are still read."""
    from zjlib.report import ReportError, read_document

    for name, file in _reports(files):
        try:
            document = read_document(file)
        except ReportError as problem:
            broken.append(file)
            typer.echo(f"zjlib: {problem}", err=True)
            continue
        _tell_doubt(document)
        yield name, document


def _read_report(file: Path | None) -> Any:
    from zjlib.tables import read_report

    report = read_report(file)
    _tell_doubt(report)
    return report


def _tell_doubt(document: Any) -> None:
    from zjlib.report import doubtful_day

    if doubt := doubtful_day(document):
        typer.echo(f"zjlib: {doubt}", err=True)


def _why_left_out(document: Any, rest: Any) -> str:
    why = "no date in its name, its head or beside it; what it dates is left out"
    if document.date:
        why = f"nothing of {document.date.year - 1}, nor a target of {document.date.year}, the years that its date asks for"
    periods = [f" ({period})" if isinstance(period, str) else "" for period in rest["period"]]
    named = zip(rest["indicator"], rest["surface"], periods, strict=True)
    found = [f"{indicator} {surface}{period}" for indicator, surface, period in named][:_NAMED]
    more = f" and {len(rest) - _NAMED} more" if len(rest) > _NAMED else ""
    return f"{why}: {', '.join(found)}{more}" if found else why


def _is_for_many(files: list[Path], format: str | None, output: Path) -> bool:
    """Whether a scan is written in parts as they come: into a folder, or from a folder into a file that can grow."""
    if output.is_dir() or not output.suffix:
        return format in (None, "parquet")
    growing = output.suffix in (".csv", ".jsonl", ".parquet") and format in (None, output.suffix[1:])
    return growing and any(file.is_dir() for file in files)


def _scan_many(files: list[Path], output: Path, all: bool, scheduler: str | None) -> None:
    from rich.console import Console

    from zjlib.running.many import scan_many
    from zjlib.running.parts import Total

    def told(total: Total, errors: list[str]) -> None:
        for error in errors:
            typer.echo(f"zjlib: {error}", err=True)
        shown.update(f"{total.reports:,} reports, {total.rows:,} rows")

    try:
        with Console(stderr=True).status("reading") as shown:
            total = scan_many(_reports(files), output, all=all, scheduler=scheduler, told=told)
    except OSError as problem:
        stop(f"{output}: can't be written ({problem.strerror or problem})")
    kept = f", {total.kept} of them unchanged" if total.kept else ""
    broken = f"; {total.broken} could not be read" if total.broken else ""
    typer.echo(
        f"{total.reports:,} reports, {total.rows:,} rows, {total.parts:,} parts{kept} in {output}{broken}", err=True
    )
    raise typer.Exit(1 if total.broken else 0)


def _known_log(format: str) -> None:
    if format not in ("text", "json"):
        stop(f"--log-format {format}: expected text or json")


def _site(out: str) -> str:
    return f"{out.rstrip('/')}/index.html" if "://" in out else str(Path(out) / "site" / "index.html")


def _tell(outcome: Any, out: str, log_format: str) -> None:
    site = _site(out)
    if log_format == "json":
        _json_line(outcome.status, outcome.reason, outcome.code, outcome.run, site)
    if outcome.status == "failed":  # for the mail of a scheduler too, whose log has the line above
        stands = ", the last good site stands" if "://" in out or Path(site).exists() else ""
        kept = f"; kept in {outcome.folder}" if outcome.folder else ""
        typer.echo(f"failed: {outcome.reason}. Not published{stands}{kept}", err=True)
    elif log_format == "text":
        typer.echo(f"{outcome.status}: {outcome.reason}" + (f"; {site}" if outcome.run else ""))


def _json_line(status: str, reason: str, code: int, run: Mapping[str, Any], site: str) -> None:
    import json

    facts = {"status": status, "reason": reason, "code": code, "run": run.get("id"), "seconds": run.get("seconds")}
    typer.echo(json.dumps(facts | {"site": site}, ensure_ascii=False))


@contextmanager
def _refusal_as_json(wanted: bool, out: str) -> Iterator[None]:
    """Where a log of JSON is wanted, what ends with status 2 or 3 is a line of it too; 3 is no fault, and stderr stays quiet."""
    try:
        yield
    except ZjlibError as problem:
        if wanted:
            busy = problem.status == BUSY
            _json_line("busy" if busy else "invalid", str(problem), problem.status, {}, _site(out))
            if busy:
                raise typer.Exit(BUSY) from None
        raise
