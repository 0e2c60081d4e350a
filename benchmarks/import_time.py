"""What `import zjlib` costs beside `import pandas`, and what the scanner costs on the report: `python benchmarks/import_time.py`."""

import statistics
import subprocess
import sys
import time

RUNS = 9
PROGRAMS = {
    "import pandas": "import pandas",
    "import zjlib": "import zjlib",
    "import zjlib; zjlib.scan": "import zjlib; zjlib.scan",
    "import zjlib, pandas; zjlib.scan": "import zjlib, pandas; zjlib.scan",
}


def seconds(program: str) -> float:
    """The median wall seconds of a fresh process that runs a program."""
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        subprocess.run([sys.executable, "-c", program], check=True)
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def main() -> None:
    empty = seconds("pass")
    base = seconds(PROGRAMS["import pandas"])
    print(f"| program | seconds | of `import pandas` |\n|---|---|---|\n| (an empty one) | {empty:.3f} | |")
    for name, program in PROGRAMS.items():
        took = seconds(program)
        print(f"| `{name}` | {took:.3f} | {took / base:.2f} |")
    scan = (
        "import time, zjlib; from zjlib.paths import data_dir; from zjlib.scan import numerals; import zjlib.report as r\n"
        "s = time.perf_counter(); numerals(r.read_document(data_dir() / 'reports' / '2023-02-13.txt'))\n"
        "f = time.perf_counter() - s; s = time.perf_counter()\n"
        "numerals(r.read_document(data_dir() / 'reports' / '2023-02-13.txt')); print(f, time.perf_counter() - s)"
    )
    done = [
        subprocess.run([sys.executable, "-c", scan], capture_output=True, text=True, check=True).stdout.split()
        for _ in range(RUNS)
    ]
    first, again = (statistics.median(float(d[i]) for d in done) for i in (0, 1))
    print(
        f"\nReading and scanning the report: {1000 * first:.0f} ms the first time (the rules are compiled), {1000 * again:.0f} ms after."
    )


if __name__ == "__main__":
    main()
