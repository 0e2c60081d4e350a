"""The figures of a report as rows for charts and prose, and which comparisons of them hold."""

import re
from collections.abc import Sequence
from functools import cached_property
from typing import Any

from zjlib.checks import compared
from zjlib.drawing.words import Wording, stated, vocabulary
from zjlib.formulas import Interval, inputs, signed
from zjlib.nearest import ensure_known
from zjlib.report import expect
from zjlib.tables import Report, interval, records

Row = dict[str, Any]


class Figures:
    """A report's figures in one wording."""

    def __init__(
        self,
        report: Report,
        *,
        wording: Wording | None = None,
        language: str = "en",
        currency: str = "CNY",
        rate: float | None = None,
        rate_date: str | None = None,
        scale: str | None = None,
    ) -> None:
        """Read `report` out in one `wording`, or in the one that the others make up.

        ValueError for an unknown language, currency or scale.
        """
        expect(report, Report, type(self).__name__, "read_report(path)")
        self.report = report
        self.wording = wording or Wording(language, currency, rate, rate_date, scale)

    def surely(self, comparisons: str) -> bool:
        """Whether comparisons, joined by `and`, all hold whatever the figures are within their intervals.

        Beside figures they may speak of `id.value`, the number or range as it is printed, without its bound; of days, as in
        `"report.date < event.regulation_in_force"`; and of `outcome.subject.measure`, what a later source says of the first
        batch's year. KeyError for an id that does not exist; not even false what is not stated.
        """
        return all(self._surely(comparison) for comparison in comparisons.split(" and "))

    def _surely(self, comparison: str) -> bool:
        known = {id: found for id in inputs(comparison) if (found := self._interval(id)) is not None}
        result = compared(self.report, comparison, known)
        return result is not None and result[0] is True

    def states(self, *ids: str) -> bool:
        """Whether the report states all these figures, or they can be worked out."""
        return all(stated(self._row(id)["value"]) for id in ids)

    def _interval(self, id: str) -> Interval | None:
        """What a comparison's word may be; None for what is not stated."""
        if id == "report.date":
            day = self.report.date
            return Interval(*[day.toordinal()] * 3) if day else None
        if id.startswith("event."):
            return self._days(id)
        row = self._row(id.removesuffix(".value"))
        if not stated(row["value"]):
            return None
        if not id.endswith(".value"):
            return interval(row)
        return Interval(row["value"], row["value"], row["value_max"] if stated(row["value_max"]) else row["value"])

    def _days(self, event: str) -> Interval | None:
        ensure_known([event], self.report.catalogue.events, "event", "the catalogue")
        for row in records(self.report.events()):
            if row["id"] == event:
                first, last = (row[day].toordinal() for day in ("first_day", "last_day"))
                return Interval(first, first, last)
        return None

    def _when(self, event: Row) -> str:
        """The day or period of an event in words; its beginning or end where the report tells no more than that."""
        of_report = vocabulary(self.report.language)["phrases"]["part_of"]
        for part, (_, form) in self.wording.phrases["part_of"].items():
            form_of_report, _ = of_report[part]
            before, after = map(len, form_of_report.split("{}"))
            told = self.report.text[max(0, event["start"] - before) : event["end"] + after]
            if found := re.search(form_of_report.replace("{}", r"(\d{4}年?)?"), told, re.IGNORECASE):
                return str(form).format(self.wording.period(event["period"][:4] if found[1] else event["period"]))
        return self.wording.period(event["period"])

    def _largest(self, rows: Sequence[Row]) -> Row | None:
        """The one row that is surely the largest; None where another one may be."""
        first = max(rows, key=lambda row: float(row["value"]))
        least = interval(first).low
        others = (row for row in rows if row is not first)
        return first if all(row["value"] < first["value"] and interval(row).high <= least for row in others) else None

    @cached_property
    def _figures(self) -> dict[str, Row]:
        return {str(row["id"]): signed(row) for row in records(self.report.figures)}

    def _row(self, id: str) -> Row:
        if id not in self._figures:  # not stated in this report, or not in the catalogue: a KeyError
            self._figures[id] = self.report.row(id)
        row = dict(self._figures[id])
        return row | {"working": self._working(row["formula"])} if stated(row["formula"]) else row

    def _working(self, formula: str) -> str:
        """A formula in words: the labels of its inputs, with typographic signs."""
        signs = {" * ": " × ", " / ": " ÷ ", " - ": " − "}
        words = re.sub(r"[a-z]\w*(?:\.\w+)+", lambda found: self._label_of(found[0]), formula)
        for plain, sign in signs.items():
            words = words.replace(plain, sign)
        return words

    def _label_of(self, id: str) -> str:
        entry = self.report.catalogue.entry(id)
        return self.wording.label({"label": entry.label, "label_zh": entry.label_zh})
