"""Any figures in the style of the story: as bars, dots, periods, or pairs of two reports; and what the explorer says."""

import json
import math
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from zjlib.catalogue import Entry
from zjlib.charts import Chart
from zjlib.compare import compare
from zjlib.drawing.look import colour, hover, ink
from zjlib.drawing.marks import ROOM, Panel, longest, lowest
from zjlib.drawing.words import Axis, Wording, stated, vocabulary
from zjlib.formulas import in_full
from zjlib.story.figures import Row
from zjlib.story.teller import DATED, Teller, Text
from zjlib.tables import COLUMNS, Report, period_days

Measure = tuple[str, str, str]


@cache
def words(language: str) -> dict[str, Any]:
    """What the explorer says in a language."""
    file = Path(__file__).with_name("words.toml")
    said: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))[language]
    return said


def everything(report: Report) -> pd.DataFrame:
    """All figures of a report in the catalogue's order, also those that it does not state; columns as `report.figures`."""
    figures = report.figures
    known = set(figures["id"])
    entries = [entry for entry in report.catalogue.figures.values() if entry.id not in known]
    missing = pd.DataFrame([_asked(entry) for entry in entries], columns=list(COLUMNS)).astype(figures.dtypes.to_dict())
    return pd.concat([figures, missing], ignore_index=True) if len(missing) else figures


def differences(other: Report, report: Report) -> list[dict[str, Any]]:
    """What changed from the other report to this one: see `zjlib.compare.compare`."""
    texts = [json.loads(each.figures.to_json(orient="records")) for each in (other, report)]
    return compare(*texts)


def name_of(report: Report, beside: Report) -> str:
    """A report's id, with the beginning of its hash where the other has the same id."""
    return report.id if report.id != beside.id else f"{report.id} ({report.sha256[:6]})"


def _asked(entry: Entry) -> Row:
    return {column: getattr(entry, column, None) for column in COLUMNS}


class Drawing(Teller):
    """Any rows as bars, dots, periods, or pairs of two reports."""

    def bars(self, rows: list[Row]) -> Chart:
        """Horizontal bars, a panel a measure."""
        panels = []
        told = self._telling_apart(rows)
        for group in _by_measure(rows):
            group = sorted(group, key=lambda row: -row["value"] if stated(row["value"]) else math.inf)
            axis = self.wording.axis(group)
            places = self._at(group, axis)
            panel = Panel(self.wording, axis, longest(places, ROOM), lowest(places))
            if _measure(group[0]) in told:
                panel.heading(self._measure_word(group[0], axis))
            for row in group:
                panel.label(self.wording.label(row))
                panel.bar(row, _shade(row))
                panel.gap()
            panels.append(panel)
        return self._drawn("bars", panels, rows, ("Bars", "条形图"))

    def dots(self, rows: list[Row]) -> Chart:
        """A dot a figure on a log scale: filled for what is actual, hollow for plans and targets, a triangle for 'more than'."""
        panels = []
        for group in _by_measure([row for row in rows if stated(row["value"]) and row["value"] > 0]):
            axis = self.wording.axis(group)
            places = [math.log10(place) for place in self._at(group, axis)]
            first, last = math.floor(min(places)), max(math.ceil(max(places)), math.floor(min(places)) + 1)
            ticks = list(range(first, last + 1))
            ticks = ticks[:: -(-len(ticks) // 5)]
            shown = {
                "tickvals": ticks,
                "ticktext": [in_full(10.0**tick) for tick in ticks],
                "zeroline": False,
                "visible": True,
            }
            panel = Panel(
                self.wording, axis, last + 0.05, first - 0.05, {**shown, "gridcolor": ink("grid"), "showline": False}
            )
            panel.heading(self._measure_word(group[0], axis))
            for row in sorted(group, key=lambda row: -row["value"]):
                panel.label(self.wording.labelled(row, "symbol"))
                ends = [math.log10(place or 1) for place in self.wording.positions(row, axis)]
                panel.traces += [*self._span(row, ends, panel.y + 8), self._dot(row, ends[0], panel.y + 8)]
                panel.gap(24)
            panels.append(panel)
        return self._drawn("dots", panels, rows, ("Dots on a log scale", "对数点图"))

    def periods(self, rows: list[Row]) -> Chart:
        """Each figure over the period that it speaks of."""
        dated = []
        for row in rows:
            if stated(row["period"]):
                first, last = period_days(str(row["period"]))
                dated.append(
                    row | {"first": first, "last": last, "words": self.wording.say(row, "symbol"), "shade": _shade(row)}
                )
        dated.sort(key=lambda row: (row["first"], row["last"]))
        title, subtitle = self._heads(dated)
        return self._timeline("explore_periods", dated, as_template(title), as_template(subtitle), note=DATED, key=True)

    def pairs(self, rows: list[Row], others: dict[str, Row], other: Report) -> Chart:
        """Bars of two reports: the other's in grey below each of this one's; its points carry 'other' after id and paragraph."""
        panels, beside, told = [], name_of(other, self.report), self._telling_apart(rows)
        for group in _by_measure(rows):
            both = [*group, *(others[row["id"]] for row in group if row["id"] in others)]
            axis = self.wording.axis(both)
            places = self._at(both, axis)
            panel = Panel(self.wording, axis, longest(places, ROOM), lowest(places))
            if _measure(group[0]) in told:
                panel.heading(self._measure_word(group[0], axis))
            for row in group:
                panel.label(self.wording.label(row))
                panel.bar(row, _shade(row))
                panel.gap(3)
                begin = len(panel.traces)
                panel.bar(others.get(row["id"], {"id": row["id"]}), colour("context"))
                for trace in panel.traces[begin:]:
                    if "customdata" in trace:
                        trace["customdata"] = [[*point, "other"] for point in trace["customdata"]]
                panel.gap()
            panels.append(panel)
        ids = {row["id"] for row in rows if stated(row["value"]) or stated(others.get(row["id"], {}).get("value"))}
        changes = {each["id"]: each for each in differences(other, self.report)}
        n = len(ids & set(changes))
        said = words(self.wording.language)["differ" if n else "no_change"]
        told = said.format(n=n, total=len(ids), other=beside, report=name_of(self.report, other))
        grey = self._pick((f"Grey: {beside}.", f"灰色：{beside}。"))
        chart = self._chart(
            "explore_pairs",
            panels,
            rows,
            as_template(told),
            as_template(self._heads(rows)[1]),
            ("Pairs of bars", "成对条形图"),
            note=as_template(grey),
        )
        was = [others.get(row["id"], {}) for row in rows]
        chart.data["other"] = [self.wording.say(row) for row in was]
        chart.data["change"] = [self.wording.moved(changes[row["id"]]) if row["id"] in changes else "" for row in rows]
        chart.data["other_value"] = pd.array([row.get("value", math.nan) for row in was], dtype="float64")
        chart.data["other_sentence"] = pd.array([row.get("sentence") for row in was], dtype="str")
        return chart

    def _span(self, row: Row, ends: list[float], y: float) -> list[dict[str, Any]]:
        """A range's line, from its dot to its other end."""
        line = {"type": "scatter", "mode": "lines", "hoverinfo": "skip", "line": {"width": 2.5, "color": _shade(row)}}
        return [line | {"x": ends, "y": [y, y]}] if len(ends) > 1 else []

    def _dot(self, row: Row, x: float, y: float) -> dict[str, Any]:
        shape = {"more_than": "triangle-right", "at_least": "triangle-right", "about": "diamond"}.get(
            str(row["qualifier"]), "circle"
        )
        hollow = row["nature"] != "actual" or stated(row["formula"])
        marker = {
            "symbol": shape + "-open" * hollow,
            "size": 13,
            "color": _shade(row),
            "line": {"width": 2.5, "color": _shade(row)},
        }
        point = [str(row["id"]), int(row["paragraph"]) if stated(row["paragraph"]) else None]
        return {"type": "scatter", "mode": "markers", "x": [x], "y": [y], "marker": marker, "customdata": [point]} | {
            "hoverinfo": "text",
            "hovertext": [hover(row, self.wording)],
            "cliponaxis": False,
        }

    def _drawn(self, kind: str, panels: list[Panel], rows: list[Row], said: tuple[str, str]) -> Chart:
        title, subtitle = self._heads(rows)
        return self._chart(f"explore_{kind}", panels, rows, as_template(title), as_template(subtitle), said)

    def _heads(self, rows: list[Row]) -> tuple[str, str]:
        """The title: the largest figure where all are of one measure. The subtitle: topics, units, periods."""
        said = words(self.wording.language)
        known = [row for row in rows if stated(row["value"])]
        measured = {_measure(row) for row in known}
        n, missing = len(known), len(rows) - len(known)
        form = "figures" if not missing else "figures_and_missing" if n else "missing_figures"
        title = said[form].format(n=n, missing=missing)
        if len(rows) == missing == 1:
            title = said["one"].format(label=self.wording.label(rows[0]), words=self.wording.say(rows[0]))
        # bare shares are each of a whole of its own
        comparable = n == 1 or (len(measured) == 1 and measured != {("%", "", "")})
        if comparable and (first := self._largest(known)):
            form = said["one" if n == 1 else "largest"]
            title = form.format(label=self.wording.label(first), words=self.wording.say(first), n=n)
        topics = self._list(dict.fromkeys(said["topics"].get(row["topic"], row["topic"]) for row in rows))
        measures = self._list(dict.fromkeys(_value_word(self.wording, row) for row in known))
        return title, " · ".join(
            filter(None, [topics, measures, self._period(known), self._name("place") if self._told("place") else ""])
        )

    def _telling_apart(self, rows: list[Row]) -> set[Measure]:
        """The measures that share a unit with another one, such as yuan and yuan a year, but counts, which name what they count."""
        measures = {_measure(row) for row in rows if stated(row["value"])}
        units = [unit.partition("/")[0] for unit, _, _ in measures]
        return {
            each for each in measures if units.count(each[0].partition("/")[0]) > 1 and not each[0].startswith("count")
        }

    def _measure_word(self, row: Row, axis: Axis) -> str:
        unit, _, basis = _measure(row)
        values: dict[str, str] = words(self.wording.language)["values"]
        if unit == "%":
            return values.get(basis, values["other_share"])
        return _per(self.wording, axis.unit, unit) if axis.unit else _value_word(self.wording, row)

    def _list(self, several: dict[str, None]) -> str:
        comma = self.wording.phrases["comma"]
        shown = [each for each in several if each]
        return str(comma).join(shown[:4]) + ("…" if len(shown) > 4 else "")


def _by_measure(rows: list[Row]) -> Iterator[list[Row]]:
    """The rows of one measure together, in the order in which measures come; a row that is not stated goes with its kind."""
    groups: dict[Measure, list[Row]] = {}
    for row in rows:
        groups.setdefault(_measure(row), []).append(row)
    yield from groups.values()


def _measure(row: Row) -> Measure:
    """What makes figures comparable: the unit and what it is per, of counts what is counted, of percentages what they are of."""
    unit, noun, basis, per = (str(row[key]) if stated(row.get(key)) else "" for key in ("unit", "noun", "basis", "per"))
    each = f"{unit}/{per}" if per and "/" not in unit else unit
    return each, noun if unit == "count" else "", basis if unit == "%" else ""


def _value_word(wording: Wording, row: Row) -> str:
    unit, values = _measure(row)[0].replace("CNY", wording.currency), words(wording.language)["values"]
    upper = unit.partition("/")[0]
    return str(values.get(unit) or _per(wording, values.get(upper, upper), unit))


def _per(wording: Wording, word: str, unit: str) -> str:
    """'billion yuan a year' for 'billion yuan' and the unit 'CNY/year'."""
    lower = unit.partition("/")[2]
    return str(vocabulary(wording.language)["per"].get(lower, "{}")).format(word)


def _shade(row: Row) -> str:
    known = {"exports", "imports", "total"} & set(str(row["id"]).split("."))
    return colour(row["area"] if stated(row["area"]) else next(iter(known), "strong"))


def as_template(text: str) -> Text:
    """A finished text as a template that says just this, for whichever language the chart is in."""
    plain = text.replace("{", "{{").replace("}", "}}")
    return plain, plain
