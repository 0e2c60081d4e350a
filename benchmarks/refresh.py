"""A refresh against the obvious loop (papermill, then nbconvert, one notebook after another) and against the floor.

    python benchmarks/refresh.py [--runs 3] [--loop-runs 1]

The floor is what cold kernels cost by themselves: as many as there are notebooks, two at a time, each with the notebooks'
imports and nothing else. Prints medians of wall time and of the processors' time (which a busy machine disturbs less), and
where the time of a refresh goes.
"""

import argparse
import contextlib
import ctypes
import json
import os
import platform
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from zjlib.paths import data_dir, notebooks_dir

BIN = Path(sys.executable).parent
REPORT = sorted((data_dir() / "reports").glob("*.txt"))[-1]


def timed(work):
    """Seconds on the clock, and of the processors, for all that `work` started."""
    start, before = time.perf_counter(), spent()
    work()
    wall = time.perf_counter() - start
    with contextlib.suppress(ChildProcessError):
        while True:  # processes that were left to us by those that started them
            os.waitpid(-1, 0)
    return wall, spent() - before


def spent():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def run(*command):
    subprocess.run([str(part) for part in command], check=True, capture_output=True)


def notebooks():
    """The notebooks that a refresh runs: all but the explorer, if it holds live widgets."""
    return sorted(notebooks_dir().glob("*.ipynb"))


def loop(folder):
    for notebook in notebooks():
        executed = folder / notebook.name
        run(BIN / "papermill", notebook, executed, "-p", "report_file", REPORT, "--no-progress-bar")
        run(BIN / "jupyter-nbconvert", "--to", "html", executed)


def floor():
    code = "import time; from jupyter_client.manager import start_new_kernel\n"
    code += "m, c = start_new_kernel(kernel_name='python3')\n"
    code += "c.execute_interactive('import pandas, zjlib.story')\nm.shutdown_kernel(now=True)"
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: run(sys.executable, "-c", code), notebooks()))


def refresh(out, *options):
    run(sys.executable, "-c", "from zjlib.cli import main; main()", "refresh", "--out", out, *options)


def where(out):
    """Seconds of the last refresh by step, as its own record has them."""
    record = json.loads(((out / "site").resolve().parent / "run.json").read_text("utf-8"))
    rows = {name: facts["seconds"] for name, facts in record["notebooks"].items()}
    return record["seconds"], record.get("steps", {}), rows


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--loop-runs", type=int, default=1)
    given = arguments.parse_args()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1, 0, 0, 0)  # PR_SET_CHILD_SUBREAPER: kernels and fork servers are counted as well
    print(
        f"{len(notebooks())} notebooks, {os.cpu_count()} cores, Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        out = folder / "out"
        refresh(out)
        rows = [("papermill, then nbconvert, in a loop", [timed(lambda: loop(folder)) for _ in range(given.loop_runs)])]
        rows.append(
            (
                "as many cold kernels with the same imports, two at a time",
                [timed(floor) for _ in range(given.loop_runs)],
            )
        )
        rows.append(("zjlib refresh --force", [timed(lambda: refresh(out, "--force")) for _ in range(given.runs)]))
        whole, steps, each = where(out)
        rows.append(("zjlib refresh, input unchanged", [timed(lambda: refresh(out)) for _ in range(given.runs)]))
        rows.append(("zjlib --help", [timed(lambda: run(BIN / "zjlib", "--help")) for _ in range(given.runs)]))
        print("    clock            processors")
        first = [statistics.median(times) for times in zip(*rows[0][1], strict=True)]
        for name, times in rows:
            clock, processors = (statistics.median(each) for each in zip(*times, strict=True))
            print(
                f"{clock:8.2f} s {clock / first[0]:6.3f} x {processors:8.2f} s {processors / first[1]:6.3f} x  {name}"
            )
    print(f"\nwhere the {whole:.2f} s of the last refresh went:")
    for name, seconds in steps.items():
        print(f"{seconds:8.2f} s  {name}")
    print("   of the notebooks, each beside another:")
    for name, seconds in each.items():
        print(f"{seconds['total']:8.2f} s  {name} (kernel ready after {seconds['kernel']:.2f})")


if __name__ == "__main__":
    main()
