"""The indicators that every report of a province has: one row a report, one column an indicator, each with its sentence."""

import functools
import re
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date as Date
from pathlib import Path
from typing import Any

import pandas as pd

from zjlib import catalogue as cat
from zjlib.in_turn import InTurn
from zjlib.nearest import nearest
from zjlib.paths import data_dir
from zjlib.report import Document, expect
from zjlib.scan import Numeral, numerals
from zjlib.units import MONEY

COLUMNS = (
    "report", "indicator", "value", "value_max", "unit", "qualifier", "period", "surface", "start", "end", "sentence",
)  # fmt: skip
_SOME_DAY = Date(2001, 12, 31)  # of a text without one: 'the first half' is then known to be no year
_OUTLOOK_MONTHS = 3  # in its first months a year has no outcome to tell: what is said of it is meant to come
_WORD = re.compile(r"<(\w+)(?::(\w+))?>")


@dataclass(frozen=True)
class _Speech:
    """How a language tells what was from what is aimed at: cues before a quantity in its sentence."""

    aims: re.Pattern[str]
    facts: re.Pattern[str]
    whole: re.Pattern[str]  # the whole year, whatever part of it was spoken of before
    reached: re.Pattern[str]  # a level at the end of a span of years
    dated: re.Pattern[str] | None = None  # a language with tenses: words that date a sentence, as a date in it does


class _Dates:
    """Which periods a text's own dates give to its sentences, and to its paragraphs by their first date."""

    def __init__(self, found: list[Numeral]) -> None:
        self._dates = dates = [n for n in found if n.kind == "date"]
        self._sentences = {(n.sentence, n.period) for n in dates}
        self._paragraphs = {n.paragraph: n.period for n in reversed(dates) if n.period}

    def stated(self, n: Numeral) -> bool:
        """Whether a date of its own sentence gives a quantity its period, or leaves it as open as it is itself."""
        return (n.sentence, n.period) in self._sentences

    def first(self, n: Numeral) -> str | None:
        """The period of the first date of a quantity's paragraph."""
        return self._paragraphs.get(n.paragraph)

    def part_of(self, year: str | None, n: Numeral) -> bool:
        """Whether the last date before a quantity names the first months of a year, as a bulletin of a quarter does at its head."""
        last = bisect_right(self._dates, n.start, key=lambda date: date.start)
        return bool(year and last and (self._dates[last - 1].period or "").startswith(f"{year}-01/{year}-"))


def indicators(documents: Iterable[Document] | Document) -> pd.DataFrame:
    """One row a report, its id as index `report`; one column an indicator of `data/indicators.toml`, in its order.

    A cell is the value in its base unit (float64: yuan, percent; growth of a decline is negative), NaN where the
    report does not state it. The words, bounds and sentence behind each cell are in `indicator_cells`. The year that an
    indicator is of follows from the document's date; without a date, only sentences that name no year and no part of one are read.
    """
    documents = _several(documents, "indicators")
    rows = [{cell["indicator"]: cell["value"] for cell in _cells(document)} for document in documents]
    index = pd.Index([document.id for document in documents], name="report", dtype="str")
    return pd.DataFrame(rows, index=index, columns=[entry.id for entry in load_indicators()[0]], dtype="float64")


def indicator_cells(documents: Iterable[Document] | Document) -> pd.DataFrame:
    """The indicators in long form, one row for each that a report states: the columns `COLUMNS`.

    `value` as in `indicators`; `value_max` is the upper end where a range is printed; offsets are into the document's text.
    """
    rows = [row for document in _several(documents, "indicator_cells") for row in _cells(document)]
    table = pd.DataFrame(rows, columns=list(COLUMNS))
    numbers, places = ("value", "value_max"), ("start", "end")
    kinds = {c: "float64" if c in numbers else "int64" if c in places else "str" for c in COLUMNS}
    return table.astype(kinds)


def _several(documents: Iterable[Document] | Document, call: str) -> list[Document]:
    several = [documents] if isinstance(documents, Document | str | Path) else list(documents)
    for each in several:
        expect(each, Document, call, "read_document(path)")
    return several


@functools.cache
def load_indicators(file: Path | None = None) -> tuple[list[cat.Entry], dict[str, _Speech], dict[str, InTurn]]:
    """The entries of `indicators.toml` (the project's if None), how each language speaks, and how it tells in turn.

    Raises CatalogueError for an unknown word or key, or a pattern that does not compile.
    """
    file = file or data_dir() / "indicators.toml"
    raw = cat.read_toml(file)
    rows = [
        {**row, "find": {lang: _spelled(found, raw["words"][lang], file) for lang, found in row["find"].items()}}
        for row in raw["indicator"]
    ]
    speech = {
        lang: _Speech(**{key: re.compile(pattern) for key, pattern in said.items()})
        for lang, said in raw["language"].items()
    }
    in_turn = {
        lang: InTurn({key: _spelled(said, raw["words"][lang] | rules, file)[0] for key, said in rules.items()})
        for lang, rules in raw.get("in_turn", {}).items()
    }
    return cat.read_entries(rows, file, "indicator"), speech, in_turn


def _spelled(found: str | list[str], words: dict[str, Any], file: Path) -> list[str]:
    """Patterns with every `<word>` replaced by what it stands for; `<growth:gdp>` gives one for each pattern of `growth`."""
    done = []
    todo = [found] if isinstance(found, str) else list(found)
    while todo:
        pattern = todo.pop()
        if not (m := _WORD.search(pattern)):
            done.append(pattern)
            continue
        if m[1] not in words:
            raise cat.CatalogueError(f"{file.name}: no word <{m[1]}> in {pattern!r}{nearest(m[1], words)}")
        spelled = words[m[1]]
        for each in [spelled] if isinstance(spelled, str) else spelled:
            each = each.replace("<it>", f"<{m[2]}>") if m[2] else each
            todo.append(pattern[: m.start()] + each + pattern[m.end() :])
    return done


def left_out(documents: Iterable[Document] | Document) -> pd.DataFrame:
    """What is found of indicators that `indicators` does not state, as it is of another time: report, indicator, surface, period."""
    rows = []
    for document in _several(documents, "left_out"):
        claims = [*_claims(document)]
        named = {claim.numeral.start for claim, counts in claims if counts}
        for claim, _ in claims:
            n = claim.numeral
            if n.start not in named:  # growth that is left out might have been a target too
                named.add(n.start)
                rows.append((document.id, claim.entry.id, n.surface, n.period if document.date else None))
    return pd.DataFrame(rows, columns=["report", "indicator", "surface", "period"], dtype="str")


def _claims(document: Document) -> Iterator[tuple[cat.Claim, bool]]:
    """The first claim of each indicator that is of its time, and whether there is one; where not, the first of another time."""
    entries, speech, in_turn = load_indicators()
    found = numerals(document)
    dated = [] if document.date else numerals(replace(document, date=_SOME_DAY))
    parts = {n.start for n in dated if "-" in (n.period or "")}
    dates = _Dates(found)
    firsts: dict[str, tuple[cat.Claim, bool]] = {}
    for claim in cat.claims(document, found, entries, in_turn[document.language].told_apart):
        n, entry = claim.numeral, claim.entry
        _, done = firsts.get(entry.id, (None, False))
        if done or n.value is None or (entry.unit is None and n.unit not in MONEY):
            continue  # what has no unit in the file, as trade, is told in money
        said = _told(document, n, entry.nature == "planned", speech[document.language], dates)
        counts = said == entry.nature and n.start not in parts
        if counts or entry.id not in firsts:
            firsts[entry.id] = claim, counts
    yield from firsts.values()


def _cells(document: Document) -> Iterator[dict[str, Any]]:
    for claim, counts in _claims(document):
        n, entry = claim.numeral, claim.entry
        if not counts:
            continue
        sign = -1 if n.direction == "down" and n.unit == "%" else 1
        value, *most = sorted(sign * float(v) for v in (n.value, n.value_max) if v is not None)
        yield {
            **{column: getattr(n, column, None) for column in COLUMNS},
            "report": document.id,
            "indicator": entry.id,
            "value": value,
            "value_max": most[0] if most else None,
        }


def _told(document: Document, n: Numeral, planned: bool, speech: _Speech, dates: _Dates) -> str | None:
    """What is told with a quantity: `actual` of the year before, `target` or `planned` of this year, None of another time."""
    sentence = document.sentences[bisect_right(document.sentences, (n.start, len(document.text))) - 1]
    before = document.text[sentence.start : n.start].lower()
    aims = [(m.end(), "target") for m in speech.aims.finditer(before)]
    facts = [(m.end(), "actual") for m in speech.facts.finditer(before)]
    said = max([*aims, *facts], default=(0, None))[1]
    past, present = (str(document.date.year + offset) if document.date else None for offset in (-1, 0))
    period = n.period if document.date else None
    if period and not dates.stated(n) and not (speech.dated and speech.dated.search(n.sentence.lower())):
        if "-" in period:
            period = dates.first(n) or period  # a month or quarter in passing: the paragraph goes on about its own time
        elif speech.dated and period != past:
            period = None  # of a sentence before: the verb says more
    if planned:
        return "planned" if period in (None, present) and said != "actual" else None
    if period is None:
        return None if dates.stated(n) or dates.part_of(present, n) else said or "actual"
    if period == present:
        early = document.date is not None and document.date.month <= _OUTLOOK_MONTHS
        return said or ("target" if early and not speech.dated else None)
    if period == past or speech.whole.search(before):
        return None if speech.dated and said == "target" else "actual"
    return "actual" if period.endswith(f"/{past}") and speech.reached.search(before) else None
