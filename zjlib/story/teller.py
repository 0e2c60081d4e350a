"""What all charts of the story share: figures in words, prose, source lines, and how rows become a chart.

Nothing here knows a figure of any report: titles, subtitles and prose are templates in which `{first_batch.projects}` stands for
that figure in words, and what a title claims is worked out first.
"""

import re
import textwrap
from collections.abc import Iterable, Sequence
from functools import cached_property
from typing import Any

import pandas as pd

from zjlib.charts import Chart, facts
from zjlib.drawing.digits import as_range
from zjlib.drawing.look import colour, ink
from zjlib.drawing.marks import Panel, longest, lowest
from zjlib.drawing.stacking import stack
from zjlib.drawing.words import FORMS, Axis, Wording, open_above, stated
from zjlib.nearest import ensure_known
from zjlib.story.figures import Figures, Row
from zjlib.story.prose import Prose, Template, sayable
from zjlib.tables import records

PLAIN = Axis(1, "")
DATED = (
    "A dot is a day; a bar is the month, the year or the years that a time falls in.",
    "圆点为某日；条形为所述时间所在的月、年或更长时期。",
)
_PAST = (
    f"{DATED[0]} Solid: over on the report's day; light with outline: planned or not over yet.",
    f"{DATED[1]}实心：报告当日已发生；浅色加边框：计划或尚未结束。",
)
Text = tuple[str, str]  # English, Chinese


class Teller(Figures):
    """The charts of a report. `currency='USD'` needs `rate` (yuan a dollar) and `rate_date`; see `Wording` for `scale`."""

    def say(self, en: str, zh: str, *, when: str | bool = True) -> Prose:
        """A paragraph in the language of the charts: `say(en="{gdp.level} in all.", zh="共{gdp.level}。")`.

        `when` is what the words claim beyond the figures themselves: comparisons for `surely`, such as
        `"trade.imports.level < trade.exports.level"`, or a truth value. Unless it holds the paragraph is left unsaid; then
        `say(…, when=…) or say(…, when=…)` says the other one.
        A sentence that speaks of a figure, or of a period, that the report does not state is left unsaid, and with it the rest of
        its paragraph or item of a list; all of the text is where it is a heading, or where nothing else speaks of figures.

        `{id}` is the figure in words; after a colon: value, digits, amount, bare, symbol, signed, or change ('grew by 3.1%'),
        label, period, paragraph, or areas, those that a total is of; `{names.id}` is a name, `{names.id:short}` the same in few
        words, `{place}` the place that the catalogue is about. `, {place}` is left out where the report does not name it, and
        a paragraph that can't do without it is left unsaid.
        KeyError names the nearest ids for one that does not exist.
        """
        text = self._placed(self._pick((en, zh)))
        said = sayable(text, lambda part: bool(Template(self.words).spoken(part)), self._told)
        if not (self.surely(when) if isinstance(when, str) else when):
            return Prose("")
        return Prose(self._fill((said, said)))

    def words(self, id: str, form: str = "full") -> str:
        """A figure, a name (`names.programme`), or the place that the catalogue is about, in words."""
        if id == "place":
            return self._name(id)
        if id.startswith("names."):
            return self._name(id.removeprefix("names."), form)
        row = self._row(id)
        if form == "label":
            return self.wording.label(row)
        if form == "period":
            return self.wording.period(row.get("period"))
        if form == "paragraph":
            return self.wording.phrases["one_paragraph"].format(row["paragraph"]) if stated(row["paragraph"]) else ""
        if form == "change":
            return self._change(row)
        if form == "areas":
            return self._listed([self.wording.short(self._row(part)["area"]).lower() for part in row["inputs"]])
        if form not in FORMS:
            raise ValueError(
                f"{id}:{form}: expected one of {', '.join(FORMS)}, areas, change, label, period, paragraph"
            )
        return self.wording.say(row, form)

    def _change(self, row: Row) -> str:
        """A rate of growth with its verb, which goes by its sign."""
        ends = [row[end] for end in ("value", "value_max") if stated(row.get(end))]
        told = "unknown" if not ends else "none" if not any(ends) else "up" if min(ends) >= 0 else "down"
        if told == "down" and max(ends) > 0:  # from a fall to a growth
            told = "unknown"
        if told == "down":
            turned = {"value": "value", "value_max": "value_max", "low": "high", "high": "low"}
            bounds = {"more_than": "less_than", "less_than": "more_than"} if stated(row.get("formula")) else {}
            row = row | {end: -row[of] if stated(row.get(of)) else None for end, of in turned.items()}
            row = row | {"qualifier": bounds.get(row["qualifier"], row["qualifier"])}
        return str(self.wording.phrases["change"][told]).format(self.wording.say(row))

    def _bars(
        self,
        name: str,
        rows: list[Row],
        title: Text,
        subtitle: Text,
        *,
        shades: Sequence[str] = (),
        labels: Sequence[str] = (),
        form: str = "symbol",
    ) -> Chart:
        axis = self.wording.axis(rows)
        places = self._at(rows, axis)
        panel = Panel(self.wording, axis, longest(places, 1.02), lowest(places))
        shades = shades or [colour(row.get("area")) for row in rows]
        labels = labels or [self._name(row["area"]) for row in rows]
        for row, shade, label in zip(rows, shades, labels, strict=True):
            panel.label(label)
            panel.bar(row, shade, text=self.wording.say(row, form))
            panel.gap()
        return self._chart(name, [panel], rows, title, subtitle, ("Bars", "条形图"))

    def _cards(
        self,
        name: str,
        rows: list[Row],
        title: Text,
        subtitle: Text,
        shade: str = "total",
        note: Text = ("", ""),
    ) -> Chart:
        """Figures of different units as large numbers with their units, each with its label below, and its nature where these differ."""
        panel = Panel(self.wording, PLAIN, 1)
        natures = {self.wording.nature(row) for row in rows if stated(row["value"])}
        for row in rows:
            form = "signed" if row["unit"] == "%" else self._pick(("symbol", "full"))
            told = [self.wording.label(row), self.wording.nature(row) if len(natures) > 1 else ""]
            panel.big(row, self.wording.say(row, form), " · ".join(filter(None, told)), colour(shade))
            panel.gap(16)
        return self._chart(name, [panel], rows, title, subtitle, ("Large numbers", "数字卡"), note, key=False)

    def _timeline(
        self,
        name: str,
        rows: list[Row],
        title: Text,
        subtitle: Text,
        *,
        until: str | None = None,
        note: Text = _PAST,
        key: bool = False,
    ) -> Chart:
        """Rows of events and periods, each with its days `first` and `last` and a `shade`, over one axis of dates."""
        if not rows:
            panel = Panel(self.wording, PLAIN, 1)
            panel.label(self.wording.say({}), muted=True)
            return self._chart(name, [panel], rows, title, subtitle, ("Timeline", "时间线"), note, key)
        first, last = min(row["first"] for row in rows), until or max(row["last"] for row in rows)
        span = (pd.Timestamp(last) - pd.Timestamp(first)).days
        months = next((months for months in (1, 2, 3, 6, 12, 24, 60) if span <= 160 * months), 120)  # between two ticks
        days = pd.Timedelta(days=max(4, span // (9 if months < 12 else 20)))  # room for the first and the last label
        start, end = (str((pd.Timestamp(day) + sign * days).date()) for day, sign in ((first, -1), (last, 1)))
        ticks = {
            "type": "date",
            "visible": True,
            "side": "bottom",
            "gridcolor": ink("grid"),
            "zeroline": False,
            "tickfont": {"size": 12, "color": ink("muted")},
            "hoverformat": "%Y-%m-%d",
            "showline": False,
            "ticks": "",
        }
        ticks |= {"dtick": f"M{months}", "tickformat": "%Y" if months >= 12 else self._pick(("%b %Y", "%Y年%-m月"))}
        panel = Panel(self.wording, Axis(1, ""), end, start, ticks)
        for row in rows:
            panel.label(self.wording.label(row))
            panel.moment(row, row["first"], row["last"], row.get("shade") or colour("strong"), self._moment(row))
            panel.gap(10)
        return self._chart(name, [panel], rows, title, subtitle, ("Timeline", "时间线"), note, key)

    def _moment(self, row: Row) -> str:
        return str(row.get("words") or self.wording.period(row["period"]))

    def _events(self) -> list[Row]:
        """The dated events, in order, with their days, their period in words, and whether they were over on the report's day."""
        rows = []
        for event in records(self.report.events()):
            days = {"first": str(event["first_day"].date()), "last": str(event["last_day"].date())}
            if self.report.date:
                days["nature"] = "actual" if days["last"] <= str(self.report.date) else "planned"
            rows.append(event | days | {"words": self._when(event)})
        return rows

    def _chart(
        self,
        name: str,
        panels: list[Panel],
        rows: list[Row],
        title: Text,
        subtitle: Text,
        kind: Text,
        note: Text = ("", ""),
        key: bool = True,
        source: str = "",
    ) -> Chart:
        traces, layout = stack(panels)
        shown = {trace["customdata"][0][0] for trace in traces if "customdata" in trace}
        drawn = [row for row in rows if row["id"] in shown]
        said, below = self._title(title, subtitle), self._tidied(self._fill(subtitle))
        notes = [self._fill(note) if self._holds(note) else "", self._key(drawn) if key else "", self._rate(rows)]
        return self._finished(
            name,
            (said, below, self._alt(self._pick(kind), said, rows)),
            source or self._source(rows),
            rows,
            (traces, layout),
            self._joined(notes),
        )

    def _joined(self, sentences: Iterable[str]) -> str:
        """Sentences in a row; Chinese has no space between them."""
        return self._pick((" ", "")).join(filter(None, sentences))

    def _alt(self, kind: str, title: str, rows: list[Row]) -> str:
        """What a chart shows, for those who do not see it: its kind, its finding, each figure with period and nature."""
        comma, aside, stop = (self._pick(pair) for pair in ((", ", "，"), (" ({})", "（{}）"), (". ", "。")))
        named = []
        for row in rows:
            label, words = self.wording.label(row), str(row.get("words") or self.wording.say(row))
            period = self.wording.period(row["period"]) if stated(row.get("period")) else ""
            told = [period if period not in label + words else "", self.wording.nature(row)]
            said = aside.format(comma.join(filter(None, told))) if any(told) else ""
            named.append(f"{label}{said}{self.wording.phrases['colon']}{words}")
        listed = self.wording.phrases["semicolon"].join(named)
        return stop.join(filter(None, [kind, title, listed])) + stop.strip()

    def _finished(
        self,
        name: str,
        words: tuple[str, str, str],
        source: str,
        rows: list[Row],
        drawing: tuple[list[dict[str, Any]], dict[str, Any]],
        note: str = "",
    ) -> Chart:
        """A chart of title, subtitle and alternative text, of its traces and layout, and of the rows that it shows."""
        addresses = {row["source"]: row["address"] for row in rows if stated(row.get("address"))}
        return Chart(
            name, *words[:2], source, words[2], facts(rows, self.wording), *drawing, note, self.wording, addresses
        )

    def _key(self, rows: list[Row]) -> str:
        phrases = self.wording.phrases
        derived = [stated(row.get("formula")) and stated(row["value"]) for row in rows]
        missing = [stated(row.get("formula")) for row in rows if not (stated(row.get("value")) or row.get("absent"))]
        told = {
            "key_planned": any(
                row.get("nature") == "planned" and stated(row["value"]) and not d
                for row, d in zip(rows, derived, strict=True)
            ),
            "key_target": any(row.get("nature") == "target" for row in rows),
            "key_derived": any(derived),
            "key_open": any(open_above(row) and "first" not in row for row in rows),
            "key_range": any(stated(as_range(row).get("value_max")) and "first" not in row for row in rows),
            "key_missing": missing and not all(missing),
            "key_not_worked_out": any(missing),
            "key_absent": any(row.get("absent") for row in rows),
        }
        parts = [phrases[key] for key, used in told.items() if used]
        return phrases["key"].format(phrases["comma"].join(parts)) if parts else ""

    def _rate(self, rows: list[Row]) -> str:
        return self.wording.conversion if any(str(row.get("unit")).startswith("CNY") for row in rows) else ""

    def _source(self, rows: list[Row]) -> str:
        return str(self.wording.phrases["source"]).format(self._cited(rows))

    def _cited(self, rows: list[Row]) -> str:
        """The report, its date, and the paragraphs that the rows, or what they are worked out from, stand in."""
        phrases, report = self.wording.phrases, self.report
        from_inputs = [
            self._row(id)["paragraph"] for row in rows if isinstance(row.get("inputs"), list) for id in row["inputs"]
        ]
        numbers = sorted({int(n) for n in [*(row.get("paragraph") for row in rows), *from_inputs] if stated(n)})
        told = phrases["comma"].join(map(str, numbers))
        title = textwrap.shorten(report.title, 60, placeholder="…") if report.language == "en" else report.title[:30]
        paragraphs = phrases["one_paragraph" if len(numbers) == 1 else "paragraphs"].format(told) if numbers else ""
        date = self.wording.day(report.date) if report.date else phrases["undated"]
        return str(phrases["cited"]).format(title=f"“{title}”", date=date, paragraphs=paragraphs).rstrip(" ,，")

    def _areas(self, measure: str) -> list[Row]:
        """The areas by size; those with nothing stated last, in the report's order."""
        rows = [self._sector(area, measure) for area in self._names("area")]
        return sorted(rows, key=lambda row: -row["value"] if stated(row["value"]) else 0.0)

    def _sector(self, area: str, measure: str) -> Row:
        id = f"sector.{area}.{measure}"
        if id in self._known:
            return self._row(id)
        name = self.report.catalogue.names[area]
        said = {
            "investment": ("planned investment", "计划投资"),
            "projects": ("projects", "项目"),
            "investment_per_project": ("planned investment a project", "项目平均计划投资"),
        }
        return {
            "id": id,
            "label": f"{name['label']}: {said[measure][0]}",
            "label_zh": f"{name['label_zh']}{said[measure][1]}",
            "area": area,
            "value": float("nan"),
            "nature": "planned",
            "topic": "sectors",
        }

    @cached_property
    def _known(self) -> dict[str, Any]:
        return {**self.report.catalogue.figures, **self.report.catalogue.derived}

    def _names(self, kind: str) -> list[str]:
        return [id for id, name in self.report.catalogue.names.items() if name["kind"] == kind]

    def _name(self, id: str, form: str = "full") -> str:
        names = {**self.report.catalogue.names, "place": self.report.catalogue.place}
        ensure_known([id], names, "name", "names.toml")
        short = {"label": names[id].get("short"), "label_zh": names[id].get("short_zh")} if form == "short" else {}
        return self.wording.label(short) or self.wording.label(names[id])

    def _label(self, id: str) -> str:
        return self.wording.label(self._row(id))

    def _dated(self, row: Row) -> str:
        words = str(row["words"]) if stated(row.get("words")) else self.wording.say(row, "symbol")
        if not stated(row["period"]):
            return words
        return f"{self.wording.period(row['period'])}{self.wording.phrases['colon']}{words}"

    def _period(self, rows: Sequence[Row]) -> str:
        periods = {row["period"]: None for row in rows if stated(row.get("period"))}
        return self._listed([self.wording.period(period) for period in periods])

    def _listed(self, words: Sequence[str]) -> str:
        """'a, b and c'."""
        phrases = self.wording.phrases
        *first, last = words or [""]
        return f"{phrases['comma'].join(first)}{phrases['and']}{last}" if first else last

    def _unit(self, rows: Sequence[Row]) -> str:
        return self.wording.axis(rows).unit

    def _at(self, rows: Sequence[Row], axis: Axis = PLAIN, wording: Wording | None = None) -> list[float]:
        return [place for row in rows for place in (wording or self.wording).positions(row, axis)]

    def _pick(self, text: Text) -> str:
        return text[0] if self.wording.language == "en" else text[1]

    def _title(self, title: Text, subtitle: Text) -> str:
        """The finding; a plain title when it speaks of a figure that this report does not state."""
        if self._holds(title):
            return self._fill(title)
        subject = re.split("[,，]", self._tidied(self._fill(subtitle)))[0]
        return str(self.wording.phrases["not_in_full"]).format(subject)

    def _holds(self, text: Text) -> bool:
        """Whether the report states everything that a text speaks of, and names the place that the text can't do without."""
        return self._told(self._placed(self._pick(text)))

    def _told(self, text: str) -> bool:
        return all(self._states(id, form) for id, form in Template(self.words).spoken(text))

    def _states(self, id: str, form: str) -> bool:
        if id == "place":
            return self.report.names_its_place
        if id.startswith("names."):
            return True
        row = self._row(id)
        return stated(row["value"]) and (form != "period" or stated(row["period"]))

    def _placed(self, text: str) -> str:
        """The text without `, {place}` where the report does not name it; `{names.place}` is told of other data, and stays."""
        return text if self.report.names_its_place else re.sub(r"(?:, |，| · )\{place\}", "", text)

    def _tidied(self, text: str) -> str:
        """A subtitle without the commas of what is not stated."""
        return re.sub(r"(, |，)(?=$|, |，|; |；)|(?<=, )not stated$|(?<=，)未载明$", "", text).rstrip(" ,，")

    def _fill(self, text: Text) -> str:
        return Template(self.words).format(self._placed(self._pick(text)))
