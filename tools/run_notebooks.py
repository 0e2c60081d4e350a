"""Run the notebooks in place, so that they are committed with the outputs that a reader without a kernel sees."""

import os
import re
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient

FOLDER = Path(__file__).parent.parent / "notebooks"
NUMBERS = re.compile(r"\[\n\s+(?:-?[\d.]+(?:e[-+]?\d+)?|null)(?:,\n\s+(?:-?[\d.]+(?:e[-+]?\d+)?|null))*\n\s+\]")


def run(file: Path) -> str:
    notebook = nbformat.read(file, as_version=4)
    client = NotebookClient(notebook, timeout=120, record_timing=False, resources={"metadata": {"path": str(FOLDER)}})
    client.execute()
    notebook.metadata.pop("widgets", None)  # the state of widgets is megabytes, and stale
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            output.get("data", {}).pop("application/vnd.jupyter.widget-view+json", None)  # a view of what is gone
    notebook.metadata["language_info"] = {"name": "python"}
    text = nbformat.writes(notebook)
    # A list of numbers on one line: an outline of a map is then a line of a diff, and not a thousand.
    file.write_text(NUMBERS.sub(lambda found: re.sub(r"\s+", "", found[0]), text) + "\n", encoding="utf-8")
    return f"{file.name}  {file.stat().st_size / 1000:.0f} kB"


if __name__ == "__main__":
    names = sys.argv[1:] or [file.name for file in sorted(FOLDER.glob("*.ipynb"))]
    with ProcessPoolExecutor(os.cpu_count()) as pool:
        for line in pool.map(run, [FOLDER / name for name in names]):
            print(line)
