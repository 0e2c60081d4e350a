"""Characters per CPU second of the scanner and its peers in one run, growth on hostile texts, memory: `python benchmarks/speed.py`."""

import argparse
import gc
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable
from datetime import date

import accuracy
import peers

from zjlib.paths import data_dir
from zjlib.report import Document, read_document
from zjlib.scan import numerals

TODAY = date(2026, 1, 20)
HOSTILE = {
    "digits": "1",
    "commas": ",",
    "digits and commas": "1,",
    "numbers in a row": "1, 234",
    "亿": "亿",
    "万亿": "万亿",
    "一": "一",
    "open brackets": "(",
    "nested brackets": "(5)",
    "opening quotes": "“",
    "number words": "one ",
    "ranges": "1 to ",
    "bounds": "more than ",
    "comparisons": "more than 5 ",
    "dates": "in 2020 5 ",
    "lists": "5%、",
    "noise": "a1 -",
}


def texts() -> dict[str, tuple[str, list[Document]]]:
    """Press text (the report, ten times), the gold's own texts (a number every 50 characters), and the corpus where it is at hand."""
    report = read_document(data_dir() / "reports" / "2023-02-13.txt")
    folder = next((f for f in accuracy.CORPUS if f.is_dir()), None)
    samples = {
        "English: the report": ("en", [report] * 10),
        "English: short texts full of numbers": ("en", [c.document for c in accuracy.cases("english")]),
        "Chinese: short texts full of numbers": ("zh", [c.document for c in accuracy.cases("chinese")]),
    }
    if folder:
        samples["Chinese: work reports"] = ("zh", [read_document(f) for f in sorted(folder.glob("*.txt"))])
    return samples


def fresh(d: Document) -> Document:
    """The same text with nothing worked out yet: sentences are part of the work."""
    return Document.from_text(d.text, id=d.id, date=d.date, language=d.language)


def cpu(work: Callable[[], object], repeats: int = 5) -> float:
    """The median CPU seconds of a piece of work."""
    times = []
    for _ in range(repeats):
        gc.collect()
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    return statistics.median(times)


def rate(documents: list[Document]) -> float:
    """Characters per CPU second, finding the sentences included."""
    return sum(len(d.text) for d in documents) / cpu(lambda: [numerals(fresh(d)) for d in documents])


def growth(unit: str, language: str, length: int) -> tuple[float, float]:
    """CPU seconds for a text of this length, and how many times more for one of double the length."""

    def seconds(n: int) -> float:
        text = (unit * (n // len(unit) + 1))[:n]
        return cpu(lambda: numerals(Document.from_text(text, date=TODAY, language=language)), 1)

    short = seconds(length)
    return short, seconds(2 * length) / short


def peak(copies: int) -> float:
    """Peak megabytes while so many reports are scanned one after another."""
    document = read_document(data_dir() / "reports" / "2023-02-13.txt")
    tracemalloc.start()
    for _ in range(copies):
        numerals(fresh(document))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return most / 1e6


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", action="store_true", help="run the peers too (installs them in a temporary folder)")
    parser.add_argument("--length", type=int, default=1_000_000, help="characters of a hostile text")
    arguments = parser.parse_args()
    plain = (sys.modules["zjlib.scan"].__file__ or "").endswith(".py")
    print(f"The scanner is {'plain Python' if plain else 'compiled'}.\n")
    print("| text | characters | characters per CPU second |\n|---|---|---|")
    for label, (language, documents) in texts().items():
        numerals(documents[0])  # compiles the rules
        own = rate(documents)
        print(f"| {label} | {sum(len(d.text) for d in documents):,} | {own:,.0f} |")
        for peer in [p for p, languages in peers.LANGUAGES.items() if language in languages and arguments.peers]:
            sample = [(d.text[:6000], language) for d in documents[:4]]
            _, seconds = peers.run(peer, sample)
            theirs = sum(len(text) for text, _ in sample) / seconds
            print(
                f"| the same by {peer} | {sum(len(t) for t, _ in sample):,} | {theirs:,.0f} (here: {own / theirs:,.0f} times) |"
            )
    print(
        f"\nHostile texts of {arguments.length:,} characters.\n\n| text | language | CPU s | at double the length |\n|---|---|---|---|"
    )
    for name, unit in HOSTILE.items():
        for language in ("en", "zh"):
            seconds, ratio = growth(unit, language, arguments.length)
            print(f"| {name} | {language} | {seconds:.2f} | × {ratio:.2f} |")
    print(f"\nPeak memory over 20 reports {peak(20):.1f} MB, over 200 reports {peak(200):.1f} MB.")


if __name__ == "__main__":
    main()
