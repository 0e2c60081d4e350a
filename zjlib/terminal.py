"""What the commands show and write: tables, a progress bar, one clear line for what went wrong."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer

from zjlib.errors import ZjlibError

if TYPE_CHECKING:
    import pandas as pd

_FORMATS = ("table", "csv", "json", "jsonl", "parquet")
_BRIEF = (
    "file",
    "report",
    "indicator",
    "id",
    "kind",
    "surface",
    "value",
    "value_max",
    "unit",
    "noun",
    "qualifier",
    "direction",
    "period",
)


def write_table(table: "pd.DataFrame", format: str | None, output: Path | None) -> None:
    """Write a table to a file, or to the screen; the ending gives the format where none is named."""
    format = format or (output.suffix.lstrip(".") if output else "table")
    if output and not format:
        stop(f"{output}: name a file that ends in {', '.join(f'.{each}' for each in _FORMATS[1:])}, or give --format")
    if format not in _FORMATS:
        stop(f"format {format}: expected one of {', '.join(_FORMATS)}")
    if format == "parquet" and not output:
        stop("parquet is not for the screen: name a file with -o")
    from zjlib.tables import csv_of

    try:
        if format == "parquet":
            table.to_parquet(output)
        elif format == "table":
            _emit(_as_text(table), output)
        elif format == "csv":
            _emit(csv_of(table), output)
        else:
            _emit(
                table.to_json(
                    orient="records",
                    lines=format == "jsonl",
                    force_ascii=False,
                    indent=None if format == "jsonl" else 1,
                ),
                output,
            )
    except OSError as problem:
        stop(f"{output}: can't be written ({problem.strerror or problem})")


def _emit(text: str, output: Path | None) -> None:
    text = text if text.endswith("\n") or not text else text + "\n"
    if output:
        output.write_text(text, "utf-8", newline="")
    else:
        sys.stdout.reconfigure(encoding="utf-8")  # type: ignore[union-attr]
        sys.stdout.write(text)
        sys.stdout.flush()


def _as_text(table: "pd.DataFrame") -> str:
    import pandas as pd

    shown = (*_BRIEF, "sentence") if "indicator" in table else _BRIEF
    brief = table[[c for c in shown if c in table]] if "surface" in table else table
    if "value_max" in brief and brief["value_max"].isna().all():
        brief = brief.drop(columns="value_max")
    with pd.option_context("display.float_format", "{:.15g}".format, "display.max_colwidth", 48):
        return brief.to_string(index=False, na_rep="") if len(brief) else "nothing found"


@contextmanager
def progress_bar(shown: bool) -> Iterator[Any]:
    """A progress bar on a terminal, a line a step elsewhere, nothing for machines."""
    if shown and sys.stderr.isatty():
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        columns = (
            BarColumn(),
            TextColumn("{task.completed}/{task.total}"),
            TimeElapsedColumn(),
            TextColumn("{task.description}", markup=False),
        )
        with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task("reading", total=None)
            yield lambda what, done, steps: bar.update(task, description=what, completed=done, total=steps)
    elif shown:
        yield lambda what, done, steps: typer.echo(f"[{done}/{steps}] {what}", err=True)
    else:
        yield lambda what, done, steps: None


class RefusalError(ZjlibError, ValueError):
    """What the user can mend, in one line."""


def stop(message: str) -> NoReturn:
    """End with one line for what the user can mend, and exit status 2."""
    raise RefusalError(message)
