"""What the tests of refresh share: small notebooks, the command line, a folder's content by hash."""

import hashlib
import json
import os
import subprocess
import sys
import textwrap
from pathlib import Path

from zjlib.paths import data_dir

REPORT = sorted((data_dir() / "reports").glob("*.txt"))[-1]
OF_THE_MOMENT = {"run.js", "run.json"}  # they hold times

PARAMETERS = (
    'report_file = ""  # path of a report; empty: the newest\nlanguage = "en"  # "en" or "zh"\nscale = 1.0\ncount = 3'
)
CHART = """
from IPython.display import display
from zjlib import read_report
rows = read_report(report_file or None).figures.head(count)
labels, values = list(rows["label"]), [float(v) for v in rows["value"]]
meta = dict(name="first", title="The first figures", subtitle="As stated", source="Source: the report, paragraph 4", note="A note",
            alt="Bars of the first figures")
layout = {"meta": meta, "height": 300, "margin": {"l": 200}}
figure = {"data": [{"type": "bar", "orientation": "h", "y": labels, "x": values, "marker": {"color": "#0072b2"}}], "layout": layout}
table = rows[["label", "value", "unit"]]
display({"application/vnd.plotly.v1+json": figure, "text/csv": table.to_csv(index=False), "text/plain": "The first figures",
         "text/html": "<figure>" + table.to_html(index=False) + "</figure>"}, raw=True)
"""
TITLE = "from IPython.display import Markdown\nMarkdown('# {}\\n\\nWhat it measures, where and when.')"


def cell(source, kind="code", tags=()):
    made = {
        "cell_type": kind,
        "id": hashlib.sha256(source.encode()).hexdigest()[:8],
        "metadata": {},
        "source": textwrap.dedent(source),
    }
    if tags:
        made["metadata"]["tags"] = list(tags)
    return made | ({"execution_count": None, "outputs": []} if kind == "code" else {})


def notebook(folder, name, *sources, title="A finding"):
    """Write a notebook with a parameters cell, a computed title, and the given code cells."""
    folder.mkdir(exist_ok=True)
    cells = [cell(PARAMETERS, tags=["parameters"]), cell(TITLE.format(title)), *map(cell, sources)]
    kernel = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    content = {"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}
    (folder / f"{name}.ipynb").write_text(json.dumps(content), "utf-8")
    return folder


def command(*arguments):
    return [sys.executable, "-c", "from zjlib.cli import main; main()", *map(str, arguments)]


def zjlib(*arguments, **options):
    """Run a command of zjlib; returns the completed process with text output."""
    environment = {**os.environ, "COLUMNS": "120", "NO_COLOR": "1", **options.pop("env", {})}
    return subprocess.run(command(*arguments), capture_output=True, text=True, env=environment, timeout=120, **options)


def content(folder):
    """Every file of a folder but those that hold times, by its hash."""
    folder = Path(folder)
    files = [file for file in folder.resolve().rglob("*") if file.is_file() and file.name not in OF_THE_MOMENT]
    return {str(f.relative_to(folder.resolve())): hashlib.sha256(f.read_bytes()).hexdigest() for f in files}


def edited(target, *replacements):
    """A copy of the report with words replaced, without its sidecar, so that it counts as a report of its own."""
    text = REPORT.read_text("utf-8")
    for old, new in replacements:
        assert old in text, old
        text = text.replace(old, new)
    target.write_text(text, "utf-8")
    return target


def another(number):
    """A number as printed, with its first digit one higher: '833.7' gives '933.7'."""
    first = next(i for i, character in enumerate(number) if character.isdigit())
    return number[:first] + str(int(number[first]) % 9 + 1) + number[first + 1 :]
