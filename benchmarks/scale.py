"""Many reports: how fast they are scanned, with how much memory, and what ten million of them would cost.

    python benchmarks/scale.py [--corpus FOLDER] [--reports 1000 10000]

The reports are made from those of a folder (data/reports when none is given): in each copy every run of digits is replaced by
another one of the same length, by a seeded generator, so that no two reports are the same and the words around stay real.
Each size is scanned by `zjlib scan FOLDER -o OUT`. Time of the processors counts all its processes, start and imports too, so
that a busy machine doesn't matter much; peak memory is that of the process that hands out and writes the parts, and of the largest worker.
Both are sampled from /proc (Linux).
"""

import argparse
import json
import os
import platform
import random
import re
import subprocess
import sys
import tempfile
import time
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).parent.parent
MILLIONS = 10


def another(text, seed):
    """The text with other digits: a first digit stays above zero, years stay years."""
    draw = random.Random(seed)

    def other(run):
        digits = run[0]
        if len(digits) == 4 and digits[:2] in ("19", "20"):
            return digits
        return str(draw.randint(1, 9)) + "".join(draw.choices("0123456789", k=len(digits) - 1))

    return re.sub(r"\d+", other, text)


def make(folder, corpus, number):
    """Write so many reports in subfolders of a thousand; returns their size in bytes."""
    texts = [file.read_text("utf-8") for file in sorted(corpus.glob("*.txt"))]
    size = 0
    for i in range(number):
        place = folder / f"{i // 1000:05}"
        place.mkdir(parents=True, exist_ok=True)
        content = another(texts[i % len(texts)], i).encode()
        (place / f"{i:08}.txt").write_bytes(content)
        size += len(content)
    return size


def scan(folder, out):
    """Wall and processor seconds, peak memory and counts of one scan."""
    start = time.perf_counter()
    command = [sys.executable, "-m", "zjlib", "scan", str(folder), "-o", str(out)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True)
    peaks, used = {}, {}
    while process.poll() is None:
        for pid, seconds in members(process.pid):
            peaks[pid], used[pid] = max(peaks.get(pid, 0.0), peak(pid)), seconds
        time.sleep(0.1)
    wall = time.perf_counter() - start
    if process.returncode:
        sys.exit(process.stderr.read())
    counts = json.loads((out / "_scan.json").read_text())
    written = sum(file.stat().st_size for file in out.rglob("*.parquet"))
    first = peaks.pop(process.pid)
    return {
        **counts,
        "wall": wall,
        "cpu": sum(used.values()),
        "own": used[process.pid],
        "first": first,
        "worker": max(peaks.values(), default=0.0),
        "written": written,
    }


def members(session):
    """The processes of a session, each with the processor seconds that it has used."""
    tick = os.sysconf("SC_CLK_TCK")
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if int(fields[3]) == session:
            yield int(stat.parent.name), (int(fields[11]) + int(fields[12])) / tick


def peak(pid):
    """The most memory that a process has had, MB."""
    try:
        return int(re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())[1]) / 1024
    except (OSError, TypeError):
        return 0.0


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("--corpus", type=Path, default=ROOT / "data" / "reports")
    arguments.add_argument("--reports", type=int, nargs="+", default=[1000, 10000])
    given = arguments.parse_args()
    cores = len(os.sched_getaffinity(0))
    libraries = ", ".join(f"{name} {version(name)}" for name in ("pandas", "pyarrow"))
    print(f"{cores} cores, Python {platform.python_version()}, {libraries}, load {os.getloadavg()[0]:.1f}")
    for number in given.reports:
        with tempfile.TemporaryDirectory() as temporary:
            size = make(Path(temporary, "in"), given.corpus, number)
            run = scan(Path(temporary, "in"), Path(temporary, "out"))
            again = scan(Path(temporary, "in"), Path(temporary, "out"))
        speed = number / run["cpu"]
        print(
            f"{number:8,} reports ({size / number / 1000:.0f} KB, {run['rows'] / number:.0f} quantities each): "
            f"{run['wall']:.1f} s, {run['cpu']:.1f} s of processors: {speed:.1f} reports a second and core; "
            f"handed out and written in {run['own']:.1f} s of them; peak {run['first']:.0f} MB, largest worker {run['worker']:.0f} MB; "
            f"{run['written'] / number / 1000:.1f} KB of Parquet each; again, unchanged: {again['wall']:.1f} s",
            flush=True,
        )
    total = MILLIONS * 1e6
    hours = total / speed / 3600
    print(f"\n{MILLIONS} million such reports, if speed grows with the cores:")
    print(f"    {hours:,.0f} core-hours; one process hands out for about {run['cpu'] / run['own']:.0f} cores, so")
    print(f"    {hours / 64:,.1f} hours on 64 of them; beyond that, a scan for each subfolder")
    print(
        f"    {total * size / number / 1e9:,.0f} GB to read, {total * run['written'] / number / 1e9:,.0f} GB of Parquet"
    )
    print(f"    {total / number * run['parts']:,.0f} parts of about {number / run['parts']:.0f} reports")


if __name__ == "__main__":
    main()
