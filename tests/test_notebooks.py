"""The committed notebooks: readable without a kernel, small, and the same when they are run again."""

import ast
import json
import os
import re
import statistics
import subprocess
import sys
from pathlib import Path

import pytest

from zjlib.tables import read_report

FOLDER = Path(__file__).parent.parent / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
CHART = "application/vnd.plotly.v1+json"


def read(file):
    return json.loads(file.read_text(encoding="utf-8"))


def code(file):
    return [cell for cell in read(file)["cells"] if cell["cell_type"] == "code"]


def outputs(file):
    return [output for cell in code(file) for output in cell["outputs"]]


each = pytest.mark.parametrize("file", NOTEBOOKS, ids=lambda file: file.stem)


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 3


@each
def test_a_notebook_is_committed_with_all_its_outputs(file):
    assert [cell["execution_count"] for cell in code(file)] == list(range(1, len(code(file)) + 1))
    assert any("data" in output for output in outputs(file))
    assert not [output for output in outputs(file) if output["output_type"] == "error"]


@each
def test_a_notebook_is_small_and_keeps_no_widget_state(file):
    assert file.stat().st_size < 150_000
    assert "widgets" not in read(file)["metadata"]


@each
def test_a_notebook_begins_with_its_finding_as_the_only_title(file):
    texts = ["".join(cell["source"]) for cell in read(file)["cells"] if cell["cell_type"] == "markdown"]
    texts += ["".join(output["data"].get("text/markdown", "")) for output in outputs(file) if "data" in output]
    titles = [line for text in texts for line in text.splitlines() if line.startswith("# ")]
    assert len(titles) == 1


def test_the_number_that_is_worked_out_by_hand_is_shown_and_is_the_catalogue_s():
    [shown] = ["".join(output["text"]) for output in outputs(FOLDER / "00_summary.ipynb") if "text" in output]
    by_hand = float(re.search(r"= ([\d,]+) yuan$", shown)[1].replace(",", ""))
    assert by_hand == pytest.approx(read_report().figure("trade.total.previous")["value"], abs=1)


def test_the_number_that_is_worked_out_by_hand_ends_in_the_currency_of_its_prose():
    sources = ["".join(cell["source"]) for cell in code(FOLDER / "00_summary.ipynb")]
    [by_hand] = [source for source in sources if "by_hand" in source]
    report, rate, told = read_report(), 6.4, []
    exec(by_hand, {"report": report, "currency": "USD", "rate": rate, "print": told.append})
    dollars = report.figure("trade.total.previous")["value"] / rate
    assert told[0].endswith(f"yuan, / {rate:g} = {dollars:,.0f} US dollars")


@each
def test_parameters_are_literals(file):
    [cell] = [cell for cell in code(file) if "parameters" in cell["metadata"].get("tags", [])]
    for node in ast.parse("".join(cell["source"])).body:
        assert isinstance(node, ast.Assign)
        ast.literal_eval(node.value)


@each
def test_cells_are_short_and_define_no_function(file):
    lines = [len("".join(cell["source"]).splitlines()) for cell in code(file)]
    assert max(lines) <= 15
    assert statistics.median(lines) <= 4
    for cell in code(file):
        tree = ast.parse("".join(cell["source"]))
        assert not [
            node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda)
        ]


@each
def test_a_chart_has_its_words_its_table_and_its_data(file):
    for output in outputs(file):
        data = output.get("data", {})
        if CHART in data:
            assert {"text/html", "text/csv", "text/plain"} <= set(data)
            meta = data[CHART]["layout"]["meta"]
            assert all(meta[key] for key in ("name", "title", "subtitle", "source", "alt"))


@pytest.mark.slow
def test_the_notebooks_give_the_same_outputs_when_they_are_run_again_in_any_order():
    environment = {**os.environ, "PYTEST_ADDOPTS": ""}
    for files in (NOTEBOOKS, NOTEBOOKS[::-1]):
        command = [
            sys.executable,
            "-m",
            "pytest",
            "--nbval",
            "-q",
            "-p",
            "no:cacheprovider",
            "-n",
            "2",
            "--dist",
            "loadfile",
        ]
        run = subprocess.run([*command, *map(str, files)], cwd=FOLDER, env=environment, capture_output=True, text=True)
        assert run.returncode == 0, run.stdout[-6000:]
