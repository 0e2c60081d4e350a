"""What `import zjlib` costs beside `import pandas`, and what the scanner costs on the report: `python benchmarks/import_time.py`.

CPU seconds, which a busy machine disturbs less than the clock on the wall.
"""

import resource
import statistics
import subprocess
import sys

RUNS = 9
PROGRAMS = {
    "import pandas": "import pandas",
    "import zjlib": "import zjlib",
    "import zjlib; zjlib.scan": "import zjlib; zjlib.scan",
    "import zjlib, pandas; zjlib.scan": "import zjlib, pandas; zjlib.scan",
}


def seconds(program: str) -> float:
    """The median CPU seconds of a fresh process that runs a program."""
    times = []
    for _ in range(RUNS):
        before = spent()
        subprocess.run([sys.executable, "-c", program], check=True)
        times.append(spent() - before)
    return statistics.median(times)


def spent() -> float:
    """CPU seconds of all child processes so far."""
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def main() -> None:
    empty = seconds("pass")
    base = seconds(PROGRAMS["import pandas"])
    print(f"| program | seconds | of `import pandas` |\n|---|---|---|\n| (an empty one) | {empty:.3f} | |")
    for name, program in PROGRAMS.items():
        took = seconds(program)
        print(f"| `{name}` | {took:.3f} | {took / base:.2f} |")
    scan = (
        "import time, zjlib; from zjlib.paths import data_dir; from zjlib.scan import numerals; import zjlib.report as r\n"
        "s = time.process_time(); numerals(r.read_document(data_dir() / 'reports' / '2023-02-13.txt'))\n"
        "f = time.process_time() - s; s = time.process_time()\n"
        "numerals(r.read_document(data_dir() / 'reports' / '2023-02-13.txt')); print(f, time.process_time() - s)"
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
