"""What if: arithmetic on the report's figures under an assumed pace. No widgets here.

The programme's first batch stands against a yearly target; `programme` adds as much every year. A sector's planned investment
has five years; `sector` spends as much of it every year. Both draw the assumed years hatched, beside what became of them.
"""

import math
from dataclasses import dataclass
from typing import Any, Literal

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import Panel, longest
from zjlib.drawing.words import stated
from zjlib.explore.draw import as_template, words
from zjlib.formulas import in_full
from zjlib.outcomes import outcomes
from zjlib.story.figures import Row
from zjlib.story.later import Later
from zjlib.tables import Report, period_days, records

Measure = Literal["projects", "investment"]
_OUTCOMES = {
    "projects": ("projects_first_batch", "projects_full_plan"),
    "investment": ("planned_investment_first_batch", "completed_investment"),
}


class NotStatedError(LookupError):
    """The report does not state what the question is worked out from; names the figures."""


@dataclass(frozen=True)
class Pace:
    """Amounts year by year, in base units, and the first year whose amount passes the target; None if none does."""

    amounts: dict[int, float]
    passed: int | None


def programme(report: Report, measure: Measure, added: float) -> Pace:
    """The first batch's projects or investment (yuan), with `added` more in each later year of the programme.

    NotStatedError when the report lacks the first batch, the target or the programme's years.

    >>> from zjlib.quick import newest
    >>> programme(newest(), "projects", 0).passed is None
    True
    """
    first, target, horizon = _rows(report, f"first_batch.{measure}", f"programme.{measure}", "programme.horizon")
    start, end = _years(horizon, first)
    amounts = {year: first["value"] + added * (year - start) for year in range(start, end + 1)}
    return Pace(amounts, next((year for year, amount in amounts.items() if amount > target["value"]), None))


def sector(report: Report, area: str, yearly: float) -> Pace:
    """What is left of an area's planned investment (yuan) at the end of each year, when `yearly` is spent from the plan's start.

    `passed` is the year in which nothing is left. ValueError unless `yearly` is above zero; NotStatedError as for `programme`.
    """
    if not yearly > 0:
        raise ValueError(f"yearly {yearly!r}: expected yuan a year, above 0")
    amount, horizon = _rows(report, f"sector.{area}.investment", "programme.horizon")
    start, _ = _years(horizon)
    years = max(1, math.ceil(amount["value"] / yearly - 1e-4))  # what a slider rounds off is not worth a year
    left = {start + n: amount["value"] - yearly * (n + 1) for n in range(years - 1)}
    return Pace({**left, start + years - 1: 0.0}, start + years - 1)


def gap(report: Report, measure: Measure) -> float:
    """How much the first batch lies below the yearly target, in base units: the upper end of a slider."""
    first, target = _rows(report, f"first_batch.{measure}", f"programme.{measure}")
    return float(max(0.0, target["value"] - first["value"]))


def areas(report: Report) -> list[str]:
    """The areas whose planned investment the report states as one amount, over years that it states."""
    if not stated(report.row("programme.horizon")["period"]):
        return []
    known = {row["id"]: row for row in records(report.sectors()) if stated(row["value"])}
    amounts = [row for id, row in known.items() if f"{id}_per_year" in known and not stated(row["value_max"])]
    return [str(row["area"]) for row in amounts]


class WhatIfCharts(Later):
    """The charts of both questions, in the style of the story."""

    def programme(self, measure: Measure, added: float) -> Chart:
        """Each year's projects or investment at the assumed pace, against the target, with what became of it."""
        first, target, horizon = _rows(
            self.report, f"first_batch.{measure}", f"programme.{measure}", "programme.horizon"
        )
        pace = programme(self.report, measure, added)
        said, (start, end) = words(self.wording.language)["whatif"], _years(horizon, first)
        later = self._became(measure, str(start))
        rows, axis = [first], self.wording.axis([first, target])
        assumed = [
            self._assumed(first, year, amount, said, year - start, added)
            for year, amount in pace.amounts.items()
            if year > start
        ]
        panel = Panel(self.wording, axis, longest(self._at([*assumed, first, target, *later], axis), 1.16))
        for year in pace.amounts:
            row = first if year == start else assumed[year - start - 1]
            panel.label(said["stated" if year == start else "assumed"].format(year=year))
            panel.bar(row, colour("strong"), crossed=target)
            if year == start:
                panel.target(target, said["target_words"].format(target=self.wording.say(target)))
            else:
                panel.tick(target)
            rows += [row] if year > start else [target]
            for became in (row for row in later if row["period"][:4] == str(year)):
                panel.gap(7)
                label = self._pick((self.wording.label(became).lower(), self.wording.label(became)))
                told = said["outcome"].format(period=self.wording.period(became["period"]), label=label)
                panel.label(told + became["mark"], muted=True)
                panel.bar(became, colour("context"), crossed=target)
                panel.tick(target)
                rows.append(became)
            panel.gap()
        more = self._amount(first, added)
        form = said["title" if pace.passed else "never"]
        title = form.format(added=more, target=self.wording.say(target, "amount"), year=pace.passed, last=end)
        place = f"{self._name('place')}{self._pick((', ', '，'))}" if self._told("place") else ""
        subtitle = said["subtitle"].format(
            label=self.wording.label(first), added=more, place=place, first=start, last=end
        )
        note = self._joined([said["assumption"], said["like"], self._pick(self._corrected(later))])
        return self._whatif(f"whatif_{measure}", panel, rows, title, subtitle, note)

    def sector(self, area: str, yearly: float) -> Chart:
        """What is left of an area's planned investment, year by year."""
        amount, horizon = _rows(self.report, f"sector.{area}.investment", "programme.horizon")
        plan = self._row(f"sector.{area}.investment_per_year")
        pace, said = sector(self.report, area, yearly), words(self.wording.language)["whatif"]
        axis = self.wording.axis([amount])
        panel = Panel(self.wording, axis, longest(self._at([amount], axis), 1.02))
        panel.label(self.wording.label(amount))
        panel.bar(amount, colour(area))
        panel.gap()
        rows = [amount]
        for n, (year, left) in enumerate(pace.amounts.items(), 1):
            panel.label(said["left" if left else "done"].format(year=year), muted=True)
            if left:
                rows.append(self._assumed(amount, year, left, said, -n, yearly, "left"))
                panel.bar(rows[-1], colour(area))
            panel.gap()
        years = self.wording.say({"value": float(len(pace.amounts)), "unit": "year"})
        title = said["sector_title"].format(
            area=self._name(area),
            amount=self.wording.say(amount),
            years=years,
            yearly=self._amount(amount, yearly, "CNY/year"),
        )
        plan = plan | {"unit": "CNY/year"}
        subtitle = said["sector_sub"].format(plan=self.wording.say(plan), horizon=self.wording.say(horizon))
        return self._whatif("whatif_sector", panel, rows, title, subtitle, said["assumption"])

    def _assumed(
        self,
        row: Row,
        year: int,
        value: float,
        said: dict[str, Any],
        times: int,
        step: float,
        form: str = "assumed",
    ) -> Row:
        """A year that nobody reported: drawn as what is worked out, its formula in the hover."""
        label = said[form].format(year=year)
        sign = "−" if times < 0 else "+"
        told = {
            "formula": f"{row['id']} {sign} {abs(times)} × {in_full(step)}",
            "working": f"{self.wording.label(row)} {sign} {abs(times)} × {self._amount(row, step)}",
        }
        keep = {key: row[key] for key in ("id", "unit", "noun", "topic", "area")}
        facts = {"label": label, "label_zh": label, "value": value, "nature": "planned", "period": str(year)}
        whole = row["unit"] == "count" and row["qualifier"] == "exact"
        ends = {end: value if whole else value + row[end] - row["value"] for end in ("low", "high")}
        return keep | facts | ends | told | {"qualifier": "exact"}

    def _amount(self, row: Row, value: float, unit: str = "") -> str:
        known = row["unit"] == "count" or float(f"{value:.3g}") == value
        step = None if known else "assumed"  # what has more digits is said in three, projects are whole
        return self.wording.say({"value": value, "unit": unit or row["unit"], "noun": row["noun"], "formula": step})

    def _whatif(self, name: str, panel: Panel, rows: list[Row], title: str, subtitle: str, note: str) -> Chart:
        said, below, notes = (as_template(text) for text in (title, subtitle, note))
        return self._chart(name, [panel], rows, said, below, ("Bars", "条形图"), note=notes, source=self._both(rows))

    def _became(self, measure: Measure, start: str) -> list[Row]:
        """What became of the programme, as published last of each year: first batches but the report's own, and what came of all."""
        table = outcomes().sort_values("as_of")
        found = self._later(table[table["subject"].eq("programme") & table["measure"].isin(_OUTCOMES[measure])])
        last = {(row["period"][:4], _OUTCOMES[measure].index(row["measure"])): row for row in found}
        return [last[key] for key in sorted(last) if key != (start, 0)]


def years(report: Report, measure: Measure) -> int:
    """How many years the programme has from that of its first batch on."""
    first, horizon = _rows(report, f"first_batch.{measure}", "programme.horizon")
    start, end = _years(horizon, first)
    return end - start + 1


def _rows(report: Report, *ids: str) -> list[Row]:
    rows = [report.row(id) for id in ids]
    if missing := [row["id"] for row in rows if not stated(row["value"])]:
        raise NotStatedError(", ".join(missing))
    return rows


def _years(horizon: Row, first: Row | None = None) -> tuple[int, int]:
    """First and last year of the programme; from the year of its first batch on, where one is given whose year is stated."""
    if not stated(horizon["period"]):
        raise NotStatedError(str(horizon["id"]))
    start, end = (int(day[:4]) for day in period_days(str(horizon["period"])))
    if first and stated(first["period"]):
        start = int(first["period"][:4])
    return start, max(start, end)
