"""Figures → the tidy tables that notebooks ask for, with the figures that are derived from what the report states."""

import math
from collections.abc import Callable, Iterable
from dataclasses import fields
from datetime import date as Date
from functools import cached_property
from pathlib import Path
from typing import Any, ClassVar

import pandas as pd

from zjlib import catalogue as cat
from zjlib import formulas
from zjlib.formulas import Interval, minus, signed
from zjlib.paths import data_dir
from zjlib.report import Document, ReportError, read_document
from zjlib.reports import newest_report
from zjlib.scan import Numeral, numerals, scan
from zjlib.units import WHOLE

COLUMNS = (  # the first ten and the last ten are what a notebook shows
    "id", "label", "value", "value_max", "unit", "noun", "qualifier", "direction", "period", "nature",
    "basis", "per", "low", "high", "label_zh", "topic", "area",
    "place", "surface", "sentence", "paragraph", "start", "end", "report", "sha256", "formula", "inputs",
)  # fmt: skip
_FLOAT = ("value", "value_max", "low", "high")
_INT = ("start", "end", "paragraph")
_DAYS = {"hour": 1 / 24, "day": 1, "month": 28, "year": 365}  # the fewest that a length of time has
_TEXT = tuple(column for column in COLUMNS if column not in (*_FLOAT, *_INT, "inputs"))

Row = dict[str, Any]


class Report(Document):
    """A report read to the end: its text, its quantities, and the figures that the catalogue finds among them."""

    card: ClassVar[Callable[["Report"], str] | None] = None  # how a notebook shows one: set by `quick`

    def _repr_html_(self) -> str | None:
        return Report.card(self) if Report.card else None

    @cached_property
    def numerals(self) -> list[Numeral]:
        """Every numeral of the text, quantities, dates, ordinals, names and plain words, in order."""
        return numerals(self)

    @property
    def quantities(self) -> pd.DataFrame:
        """Every quantity of the text, one row each: see `zjlib.scan`. A copy, which may be changed."""
        return self._quantities.copy(deep=False)

    @cached_property
    def _quantities(self) -> pd.DataFrame:
        return scan(self)

    @cached_property
    def catalogue(self) -> cat.Catalogue:
        """What the figures mean."""
        return cat.load_catalogue()

    @cached_property
    def claims(self) -> list[cat.Claim]:
        """Which entry of the catalogue claims which numeral; an entry's first claim is its figure, others are mentions."""
        entries = (*self.catalogue.figures.values(), *self.catalogue.events.values(), *self.catalogue.no_figures)
        return list(cat.claims(self, self.numerals, entries))

    @property
    def figures(self) -> pd.DataFrame:
        """What the report states and what follows from it: one row a figure, columns `COLUMNS`, values in base units.

        A copy, which may be changed.
        """
        return self._figures.copy(deep=False)

    @cached_property
    def _figures(self) -> pd.DataFrame:
        derived = (_derived(entry, self._stated, self.definitions) for entry in self.catalogue.derived.values())
        table = _tidy([*self._stated.values(), *(row for row in derived if row)])
        table.attrs = {"report": self.id, "title": self.title, "date": str(self.date), "sha256": self.sha256}
        return table

    @cached_property
    def _stated(self) -> dict[str, Row]:
        stated: dict[str, Row] = {}
        for claim in self.claims:
            if claim.entry.id in self.catalogue.figures:
                stated.setdefault(claim.entry.id, _stated(self, claim))
        return stated

    @cached_property
    def definitions(self) -> dict[str, str]:
        """The formula of each derived figure, of what this report states."""
        return self.catalogue.formulas(self._stated)

    @cached_property
    def names_its_place(self) -> bool:
        """Whether the text or its title names the place that the catalogue is about; if not, it is another's report."""
        words = self.catalogue.place.get("in_report", {}).get(self.language, ())
        told = f"{self.title}\n{self.text}".lower()
        return not words or any(each.lower() in told for each in words)

    def unlike_periods(self) -> dict[str, dict[str, str]]:
        """The derived figures that are not worked out since their inputs are of unlike periods: by id, the period of each input."""
        derived = self.catalogue.derived.values()
        found = {entry.id: _unlike_periods(entry, _inputs(entry, self._stated, self.definitions)) for entry in derived}
        return {id: periods for id, periods in found.items() if periods}

    @cached_property
    def intervals(self) -> dict[str, Interval]:
        """Each figure's value with the interval that its words and printed digits allow."""
        return {id: interval(row) for id, row in self._records.items()}

    @cached_property
    def _records(self) -> dict[str, Row]:
        return {row["id"]: row for row in records(self._figures)}

    def figure(self, id: str) -> "pd.Series[Any]":
        """One figure's row, by id. A figure of the catalogue that this report does not state has NaN for its value.

        KeyError, naming the nearest ids, when the catalogue has no such figure.
        """
        return pd.Series(self.row(id), name=id, dtype="object")

    def row(self, id: str) -> Row:
        """As `figure`, as a dict."""
        entry = self.catalogue.entry(id)
        return dict(self._records.get(id) or records(_tidy([_described(entry)]))[0])

    def programme(self) -> pd.DataFrame:
        """What the programme aims at: areas, projects and investment a year, years, and what is guaranteed to it."""
        return self._topics("programme", "guarantees")

    def first_batch(self) -> pd.DataFrame:
        """The first batch: projects, new and continued, planned investment, and what is missing to the yearly target."""
        return self._topics("first_batch")

    def sectors(self) -> pd.DataFrame:
        """Projects and planned investment of the areas, and what follows from them: one row a figure.

        Worked out are `sector.stated.*`, the sums, and an area's `share`, `investment_per_project` and `investment_per_year`;
        each has a `formula`. A value without one that is NaN is not stated; a derived one is NaN where an input is not stated.
        """
        return self._topics("sectors")

    def trade(self) -> pd.DataFrame:
        """Imports and exports: levels, growth, contribution to national growth, ranks, and what these imply."""
        return self._topics("trade")

    def relief(self) -> pd.DataFrame:
        """The burden taken off businesses: the whole, the amounts that the report lists after it, and what is beyond them."""
        return self._topics("relief")

    def policies(self) -> pd.DataFrame:
        """The programme's areas, policy packages, lists, projects and campaigns: one row a named thing, with its parent.

        Columns: id, kind, parent, label, label_zh, standing, surface, start, end, sentence, paragraph; a thing that this
        report does not name has no sentence.
        """
        return self._named(lambda kind: kind not in ("place", "prefecture"))

    def places(self) -> pd.DataFrame:
        """The places that the report names, as `policies()`, with `prefecture` and the ids of the `figures` told of each."""
        table = self._named(lambda kind: kind == "place")
        told = self.figures.groupby("place")["id"].agg(list)
        table["figures"] = [told.get(id, []) for id in table["id"]]
        return table

    def events(self) -> pd.DataFrame:
        """The dated events, in order of time: id, label, label_zh, period, first and last day, and the sentence."""
        first: dict[str, cat.Claim] = {}
        for claim in self.claims:
            if claim.entry.id in self.catalogue.events and claim.numeral.period:
                first.setdefault(claim.entry.id, claim)
        rows = [
            {
                "id": id,
                "label": c.entry.label,
                "label_zh": c.entry.label_zh,
                "period": c.numeral.period,
                **_place_in_text(c.numeral),
            }
            for id, c in first.items()
        ]
        table = pd.DataFrame(
            rows, columns=["id", "label", "label_zh", "period", "surface", "start", "end", "sentence", "paragraph"]
        )
        days = [period_days(period) for period in table["period"]]
        table.insert(4, "first_day", pd.to_datetime([first for first, _ in days]))
        table.insert(5, "last_day", pd.to_datetime([last for _, last in days]))
        return table.sort_values(["first_day", "last_day"], ignore_index=True)

    def coverage(self) -> pd.DataFrame:
        """Every numeral of the text with its kind and who accounts for it.

        Columns: start, end, surface, kind, `figure` (the id that claims it), `reason` (why it is no figure), sentence, paragraph.
        A quantity with neither figure nor reason is unclaimed.
        """
        by_start: dict[int, cat.Claim] = {}
        for claim in self.claims:
            by_start.setdefault(claim.numeral.start, claim)
        rows = []
        for numeral in self.numerals:
            entry = by_start[numeral.start].entry if numeral.start in by_start else cat.Entry()
            told = {"kind": numeral.kind, "figure": entry.id or None, "reason": entry.reason or None}
            rows.append({**told, **_place_in_text(numeral)})
        return pd.DataFrame(
            rows, columns=["start", "end", "surface", "kind", "figure", "reason", "sentence", "paragraph"]
        )

    def _topics(self, *topics: str) -> pd.DataFrame:
        entries = {**self.catalogue.figures, **self.catalogue.derived}
        return self._rows(id for id, entry in entries.items() if entry.topic in topics)

    def _rows(self, ids: Iterable[str]) -> pd.DataFrame:
        """The figures of these ids, in this order; those that the report does not state with what the catalogue says of them."""
        return _tidy([self._records.get(id) or _described(self.catalogue.entry(id)) for id in ids])

    def _named(self, wanted: Callable[[str], bool]) -> pd.DataFrame:
        rows = []
        for name in self.catalogue.names.values():
            if wanted(name["kind"]):
                found = cat.find_name(self, name)
                remarks = [name.get("standing"), name.get("caveat") if found["surface"] else None]
                rows.append(
                    {
                        **{key: name.get(key) for key in ("id", "kind", "parent", "prefecture", "label", "label_zh")},
                        "standing": "; ".join(filter(None, remarks)) or None,
                        **found,
                    }
                )
        table = pd.DataFrame(rows)
        return table.astype(dict.fromkeys(("start", "end", "paragraph"), "Int64"))


def read_report(path: str | Path | None = None, *, date: Date | None = None, language: str | None = None) -> Report:
    """Read a report with its figures; the newest of `data/reports` when no path is given. Raises ReportError for a bad file."""
    if path is None:
        path = newest_report()
    if path is None:
        raise ReportError(f"{data_dir() / 'reports'}: no report there; name a report's file")
    document = read_document(path, date=date, language=language)
    return Report(**{f.name: getattr(document, f.name) for f in fields(Document)})


def interval(row: Row) -> Interval:
    """What a figure may be: its `low..high`, open where the words are; a whole count printed in full is just itself.

    A decline is negative, as `signed` makes it.
    """
    row = signed(row)
    value, low, high = row["value"], row["low"], row["high"]
    if row["qualifier"] == "exact" and row["unit"] in WHOLE and value == round(value) and high - low <= 1:
        return Interval(value, value, value)
    return Interval(value, -math.inf if pd.isna(low) else low, math.inf if pd.isna(high) else high)


def period_days(period: str) -> tuple[str, str]:
    """First and last day of an ISO period: `2023` is 2023-01-01 and 2023-12-31; `2023-01/2023-09` ends on 2023-09-30."""
    first, _, last = period.partition("/")
    return str(pd.Period(first).start_time.date()), str(pd.Period(last or first).end_time.date())


def _place_in_text(numeral: Numeral) -> Row:
    return {key: getattr(numeral, key) for key in ("surface", "start", "end", "sentence", "paragraph")}


def _described(entry: cat.Entry) -> Row:
    return {key: getattr(entry, key) for key in COLUMNS if hasattr(entry, key)}


def _stated(report: Report, claim: cat.Claim) -> Row:
    found = {key: getattr(claim.numeral, key) for key in COLUMNS if hasattr(claim.numeral, key)}
    if found["basis"] == "contribution":
        found["direction"] = "down" if minus(found["surface"]) else None
    if _outlasts(claim.numeral):
        found["period"] = None
    found["noun"] = claim.entry.noun or found["noun"]
    return {**_described(claim.entry), **found, "report": report.id, "sha256": report.sha256}


def _outlasts(n: Numeral) -> bool:
    """Whether a length of time is longer than its period, which it can only begin in: 'on 1 February, a 10-day trip'."""
    if n.unit not in _DAYS or not n.period or n.value is None:
        return False
    first, last = (Date.fromisoformat(day) for day in period_days(n.period))
    return float(n.value) * _DAYS[n.unit] > (last - first).days + 1


def _base(entry: cat.Entry, definitions: dict[str, str]) -> str:
    """A derived figure's formula over stated figures only."""
    return formulas.expand(definitions[entry.id], definitions)


def _inputs(entry: cat.Entry, stated: dict[str, Row], definitions: dict[str, str]) -> list[Row]:
    """The stated figures that a derived one is worked out from; none when the report lacks one of them."""
    ids = formulas.inputs(_base(entry, definitions))
    return [stated[id] for id in ids] if set(ids) <= set(stated) else []


def _unlike_periods(entry: cat.Entry, rows: list[Row]) -> dict[str, str]:
    """The period of each input that has one, where they are not all of one period, as the entry wants them."""
    periods = {row["id"]: str(row["period"]) for row in rows if row["period"]}
    meant = {_years_on(period, 1) if id == entry.year_earlier else period for id, period in periods.items()}
    return periods if len(meant) > 1 else {}


def _derived(entry: cat.Entry, stated: dict[str, Row], definitions: dict[str, str]) -> Row | None:
    """A derived figure's row, or None when the report lacks an input or has them for unlike periods."""
    rows = _inputs(entry, stated, definitions)
    if not rows or _unlike_periods(entry, rows):
        return None
    formula, base = definitions[entry.id], _base(entry, definitions)
    found = worked_out(base, [_floats(row) for row in rows])
    return found and {
        **_described(entry),
        "formula": formula,
        "report": rows[0]["report"],
        "sha256": rows[0]["sha256"],
        **found,
        "nature": _common([row["nature"] for row in rows]) or "planned",
        "period": _year_before(stated[entry.previous_of]["period"])
        if entry.previous_of
        else _common([row["period"] for row in rows]),
        "inputs": list(formulas.inputs(formula)),
    }


def worked_out(formula: str, rows: list[Row]) -> Row | None:
    """A formula's value, value_max, low, high and qualifier, from the rows of its inputs; None where nothing can be said.

    From a range a range follows. The value of what is no more than a bound is that bound.
    """
    given = {row["id"]: interval(row) for row in rows}
    result = formulas.evaluate(formula, given)
    printed = formulas.evaluate(formula, {row["id"]: _printed(row) for row in rows})
    if not all(map(math.isfinite, (printed.value, printed.low, printed.high))):  # a quotient by zero says nothing
        return None
    closed = formulas.evaluate(formula, {id: _closed(each) for id, each in given.items()})
    low, high = (end if math.isfinite(end) else None for end in (result.low, result.high))
    qualifier = _qualifier(result, closed, [row["qualifier"] for row in rows])
    bound = {"more_than": low, "less_than": high}.get(qualifier)
    ranged = bound is None and any(not pd.isna(row["value_max"]) for row in rows)
    value = printed.low if ranged else printed.value if bound is None else bound
    ends = {"value": value, "value_max": printed.high if ranged else None, "low": low, "high": high}
    return {**ends, "qualifier": qualifier}


def _qualifier(result: Interval, closed: Interval, of_inputs: list[str]) -> str:
    """The bound that the inputs' open ends leave on a derived figure; open on both sides is no more than 'about'."""
    above, below = result.high > closed.high, result.low < closed.low
    if above != below:
        return "more_than" if above else "less_than"
    return "about" if above or "about" in of_inputs else "exact"


def _printed(row: Row) -> Interval:
    """A figure as it is printed: one number, or a range between two."""
    row = signed(row)
    ends: list[float] = [row["value"]] if pd.isna(row["value_max"]) else [row["value"], row["value_max"]]
    return Interval(ends[0], min(ends), max(ends))


def _closed(given: Interval) -> Interval:
    low = given.low if math.isfinite(given.low) else given.value
    high = given.high if math.isfinite(given.high) else given.value
    return Interval(given.value, low, high)


def _floats(row: Row) -> Row:
    return {**row, **{key: math.nan if row.get(key) is None else float(row[key]) for key in _FLOAT}}


def _common(values: list[str | None]) -> str | None:
    return values[0] if len(set(values)) == 1 else None


def _year_before(period: str | None) -> str | None:
    """The same time of the year before; none of what is longer than a year."""
    if not period or pd.Timestamp(_years_on(period_days(period)[0], 1)) <= pd.Timestamp(period_days(period)[1]):
        return None
    return _years_on(period, -1)


def _years_on(period: str, years: int) -> str:
    """An ISO period some years later, each end told as exactly as before."""
    ends = period.split("/")
    moved = ((pd.Period(end).start_time + pd.DateOffset(years=years)).date().isoformat() for end in ends)
    return "/".join(day[: len(end)] for day, end in zip(moved, ends, strict=True))


def _tidy(rows: list[Row]) -> pd.DataFrame:
    types = dict.fromkeys(_TEXT, "str") | dict.fromkeys(_FLOAT, "float64") | dict.fromkeys(_INT, "Int64")
    columns = {name: [row.get(name) for row in rows] for name in COLUMNS}
    return pd.DataFrame({name: pd.Series(values, dtype=types.get(name, "object")) for name, values in columns.items()})


def csv_of(table: pd.DataFrame) -> str:
    """A frame as CSV. Of a list in a cell, ids are parted by spaces, phrases by semicolons."""
    lists = {str(name): column.map(_listed) for name, column in table.items() if column.dtype == object}
    return table.assign(**lists).to_csv(index=False, lineterminator="\n")


def _listed(value: Any) -> Any:
    if not isinstance(value, list):
        return value
    return ("; " if any(" " in each for each in value) else " ").join(value)


def records(table: pd.DataFrame) -> list[Row]:
    """The rows of a frame as dicts."""
    return [{str(key): value for key, value in row.items()} for row in table.to_dict("records")]
