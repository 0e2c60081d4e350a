"""How right the scanner is against the gold made by hand, and how right its peers are: `python benchmarks/accuracy.py`.

Peers run where they are asked for (`--peers`), each in a virtual environment of its own under a temporary folder.
Rows of the split `held` are only ever counted; `--failures` prints those of `tune`.
"""

import argparse
import json
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from zjlib.report import Document
from zjlib.scan import numerals

ROOT = Path(__file__).resolve().parents[1]
GOLD = ROOT / "tests" / "gold"
CORPUS = [ROOT.parent / "shared" / "corpus", ROOT / "corpus"]
Found = dict[str, Any]
FIELDS = ("qualifier", "direction", "basis", "noun", "period")
UNMARKED = dict.fromkeys(("value", "value_max", "unit", *FIELDS)) | {"qualifier": "exact"}  # rows leave out what is so


@dataclass
class Case:
    """A text (or a passage of one) with what a reader takes from it."""

    id: str
    split: str
    document: Document
    start: int
    end: int
    quantities: list[Found]
    others: list[Found]


def cases(name: str) -> list[Case]:
    """The cases of a gold file; [] when the corpus that it speaks of is not here."""
    rows = [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()]
    if name == "corpus":
        return _corpus(rows)
    if name == "report":
        from zjlib.report import read_document

        document = read_document(ROOT / "data" / "reports" / "2023-02-13.txt")
        return [_case("report", "tune", document, 0, len(document.text), rows)]
    language = {"english": "en", "chinese": "zh"}[name]
    out = []
    for row in rows:
        document = Document.from_text(
            row["text"], id=row["id"], date=date.fromisoformat(row["date"]), language=language
        )
        quantities = [UNMARKED | q for q in row["quantities"]]
        out.append(Case(row["id"], row["split"], document, 0, len(row["text"]), quantities, row["others"]))
    return out


def _case(id: str, split: str, document: Document, start: int, end: int, rows: list[Found]) -> Case:
    inside = [r for r in rows if start <= r["start"] < end]
    quantities = [r for r in inside if r["kind"] == "quantity"]
    return Case(id, split, document, start, end, quantities, [r for r in inside if r["kind"] != "quantity"])


def _corpus(rows: list[Found]) -> list[Case]:
    from zjlib.report import read_document

    folder = next((f for f in CORPUS if f.is_dir()), None)
    if folder is None:
        return []
    documents: dict[str, Document] = {}
    out = []
    for row in rows:
        if "passage" not in row:
            continue
        id = row["report"]
        if id not in documents:
            documents[id] = read_document(folder / f"{id}.txt")
        own = [r for r in rows if r["report"] == id and "kind" in r]
        out.append(_case(f"{id}:{row['passage'][0]}", row["split"], documents[id], *row["passage"], own))
    return out


def ours(document: Document) -> list[Found]:
    """The scanner's quantities, as the gold writes them."""
    keys = ("start", "end", "surface", "value", "value_max", "unit", "noun", *FIELDS)
    return [{k: getattr(n, k) for k in keys} for n in numerals(document) if n.kind == "quantity"]


def same(a: Any, b: Any) -> bool:
    """Whether two values agree to nine digits; None only with None."""
    if a is None or b is None:
        return a is b
    return abs(float(a) - float(b)) <= 1e-9 * max(1.0, abs(float(b)))


def count(case: Case, found: Iterable[Found], failures: Callable[[str], None] | None = None) -> dict[str, int]:
    """Tallies of one case: right, missed and false values, and the fields of those that were found."""
    tally: dict[str, int] = defaultdict(int)
    found = [f for f in found if case.start <= f["start"] < case.end]
    left = list(found)

    def fail(what: str, gold: Any, got: Any) -> None:
        if failures:
            place = gold or got
            context = case.document.text[max(0, place["start"] - 40) : place["end"] + 25].replace("\n", "|")
            failures(f"{case.id} {what}: gold {_brief(gold)} / got {_brief(got)}  …{context}…")

    for g in case.quantities:
        tally["gold"] += 1
        hits = [f for f in left if f["start"] < g["end"] and g["start"] < f["end"]]
        hit = next(
            (
                f
                for f in hits
                if same(f["value"], g["value"]) and same(f["value_max"], g["value_max"]) and f["unit"] == g["unit"]
            ),
            None,
        )
        if hit is None:
            fail("value", g, hits[0] if hits else None)
            for f in hits[:1]:
                left.remove(f)
                tally["found"] += 1
            continue
        left.remove(hit)
        tally["found"] += 1
        tally["right"] += 1
        tally["surface"] += hit["surface"] == g["surface"]
        if hit["surface"] != g["surface"]:
            fail("surface", g, hit)
        for field in FIELDS:
            marked = g[field] not in (None, "exact")
            tally[f"{field} marked"] += marked
            tally[f"{field} right"] += marked and g[field] == hit.get(field)
            tally[f"{field} false"] += not marked and hit.get(field) not in (None, "exact")
            if g[field] != hit.get(field):
                fail(field, g, hit)
    for f in left:
        tally["found"] += 1
        fail("false", None, f)
    for o in case.others:
        tally["others"] += 1
        tally["others kept out"] += not any(f["start"] < o["end"] and o["start"] < f["end"] for f in found)
    return tally


def _brief(row: Found | None) -> str:
    if row is None:
        return "-"
    keys = ("surface", "value", "value_max", "unit", *FIELDS)
    return "(" + ", ".join(str(row[k]) for k in keys if row.get(k) is not None) + ")"


def score(
    name: str,
    split: str | None,
    tool: Callable[[Document], list[Found]] = ours,
    failures: Callable[[str], None] | None = None,
    without: tuple[str, ...] = (),
) -> dict[str, int]:
    """The summed tallies of a gold file's split (None: all of it), `without` the sets whose ids begin so."""
    total: dict[str, int] = defaultdict(int)
    cache: dict[int, list[Found]] = {}
    for case in cases(name):
        if (split and case.split != split) or case.id.startswith(without):
            continue
        found = cache.get(id(case.document)) or cache.setdefault(id(case.document), tool(case.document))
        for key, n in count(case, found, failures).items():
            total[key] += n
    return total


def f1(t: dict[str, int]) -> float:
    """The harmonic mean of precision and recall of value and unit."""
    return 2 * t["right"] / (t["gold"] + t["found"]) if t["gold"] + t["found"] else float("nan")


def line(label: str, t: dict[str, int]) -> str:
    """A row of the printed table."""
    parts = [f"{f1(t):.3f}", f"{t['gold']}"]
    parts += [f"{t[f'{f} right']}/{t[f'{f} marked']} (+{t[f'{f} false']})" for f in FIELDS]
    parts += [f"{t['surface']}/{t['right']}", f"{t['others kept out']}/{t['others']}"]
    return f"| {label} | " + " | ".join(parts) + " |"


HEAD = (
    "| gold | value+unit F1 | quantities | bounds | directions | basis | noun | period | surface | others kept out |\n"
    + "|---" * 10
    + "|"
)


def peer(name: str) -> Callable[[list[Case]], dict[str, int]]:
    """Counts the cases for a peer. A number without a unit is taken for right whatever is counted."""
    import peers

    def tally(chosen: list[Case]) -> dict[str, int]:
        texts = [(c.document.text[c.start : c.end], c.document.language) for c in chosen]
        answers, _ = peers.run(name, texts)
        total: dict[str, int] = defaultdict(int)
        for case, found in zip(chosen, answers, strict=True):
            for f in found:
                f["start"], f["end"] = f["start"] + case.start, f["end"] + case.start
                f.update(
                    surface=case.document.text[f["start"] : f["end"]], qualifier="exact", **dict.fromkeys(FIELDS[1:])
                )
                overlapped = [g for g in case.quantities if g["start"] < f["end"] and f["start"] < g["end"]]
                if f["unit"] in ("count", None) and overlapped and overlapped[0]["unit"] in COUNTED:
                    f["unit"] = overlapped[0]["unit"]
            for key, n in count(case, found).items():
                total[key] += n
        return total

    return tally


COUNTED = ("count", "person", "household", "TEU", "times", "ratio", "mu", None)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", metavar="NAME", help="print what is wrong in the tune split of a gold file")
    parser.add_argument("--peers", action="store_true", help="run the peers too (installs them in a temporary folder)")
    arguments = parser.parse_args()
    if arguments.failures:
        print(line(arguments.failures, score(arguments.failures, "tune", failures=print)))
        return
    print("Right of those that the gold marks; in brackets, marks where the gold has none.\n\n" + HEAD)
    for name in ("report", "english", "chinese", "corpus"):
        for split in ("tune",) if name == "report" else ("tune", "held"):
            label = name if name == "report" else f"{name}, {split}"
            print(line(label, score(name, split)))
            chosen = [c for c in cases(name) if c.split == split]
            if arguments.peers and chosen:
                for other in ("quantulum3", "recognizers"):
                    if chosen[0].document.language == "en" or other == "recognizers":
                        print(line(f"{label}: {other}", peer(other)(chosen)))


if __name__ == "__main__":
    main()
