"""How fast the explorer answers a change, in the kernel, and whether it keeps anything: `python benchmarks/explore.py`.

Prints JSON: milliseconds of 50 changes (each draws the chart, the table and the passage anew), and memory after 500 more.
"""

import gc
import json
import statistics
import tempfile
import time
import tracemalloc
from itertools import cycle, islice
from pathlib import Path

import zjlib as zj
from zjlib.explore.shelf import Shelf

CHANGES = [
    ("topic", "trade"),
    ("unit", ""),
    ("kind", "dots"),
    ("kind", "periods"),
    ("language", "zh"),
    ("topic", "sectors"),
    ("unit", "CNY"),
    ("language", "en"),
    ("origin", "derived"),
    ("origin", ""),
    ("kind", "bars"),
    ("topic", "relief"),
    ("unit", ""),
    ("bound", "more_than"),
    ("topic", ""),
    ("bound", ""),
    ("words", "investment"),
    ("words", ""),
    ("topic", "sectors"),
    ("unit", "CNY"),
]


def change(explorer: zj.Explorer, times: int) -> list[float]:
    """Milliseconds of each change."""
    took = []
    for name, value in islice(cycle(CHANGES), times):
        begin = time.perf_counter()
        explorer.controls[name].value = value
        took.append((time.perf_counter() - begin) * 1000)
    return took


def main() -> None:
    begin = time.perf_counter()
    explorer = zj.Explorer(shelf=Shelf(Path(tempfile.mkdtemp())))
    built = time.perf_counter() - begin
    change(explorer, len(CHANGES))
    took = change(explorer, 50)
    gc.collect()
    tracemalloc.start()
    change(explorer, 5 * len(CHANGES))  # until what is cached once is cached
    gc.collect()
    before, _ = tracemalloc.get_traced_memory()
    change(explorer, 500)
    gc.collect()
    after, _ = tracemalloc.get_traced_memory()
    figures = {
        "built_s": built,
        "median_ms": statistics.median(took),
        "p95_ms": sorted(took)[47],
        "largest_ms": max(took),
    }
    print(
        json.dumps(
            {key: round(value, 2) for key, value in figures.items()} | {"bytes_kept_after_500": after - before},
            indent=1,
        )
    )


if __name__ == "__main__":
    main()
