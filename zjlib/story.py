"""The charts of the story, one short method each, and prose whose numbers are the report's figures.

Nothing here knows a figure of any report: titles, subtitles and prose are templates in which `{first_batch.projects}` stands for
that figure in words, and what a title claims is worked out first.
"""

import string
import textwrap
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from zjlib.catalogue import nearest
from zjlib.charts import Chart, facts
from zjlib.marks import Panel, colour, ink, longest, stack
from zjlib.tables import Report
from zjlib.words import FORMS, Axis, Wording, open_above, stated

Row = dict[str, Any]
Text = tuple[str, str]  # English, Chinese


@dataclass(frozen=True)
class Prose:
    """A paragraph whose numbers were computed; shows itself as markdown."""

    text: str

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"text/markdown": self.text, "text/plain": self.text}

    def __str__(self) -> str:
        """The paragraph itself."""
        return self.text


class _Template(string.Formatter):
    """`{figure.id}`, `{figure.id:form}` and `{names.id}` with the words of figures and names."""

    def __init__(self, charts: "Charts") -> None:
        self.charts = charts

    def get_field(self, field_name: str, args: Any, kwargs: Any) -> tuple[Any, str]:
        return field_name, field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        return self.charts.words(str(value), format_spec or "full")


class Charts:
    """The charts of a report. `currency='USD'` needs `rate` (yuan a dollar) and `rate_date`; see `Wording` for `scale`."""

    def __init__(
        self,
        report: Report,
        *,
        language: str = "en",
        currency: str = "CNY",
        rate: float | None = None,
        rate_date: str | None = None,
        scale: str | None = None,
    ) -> None:
        self.report = report
        self.wording = Wording(language, currency, rate, rate_date, scale)

    @property
    def names(self) -> list[str]:
        """The names of all charts, in the story's order."""
        return [
            name
            for name, method in vars(Charts).items()
            if getattr(method, "__annotations__", {}).get("return") is Chart and name[0] != "_"
        ]

    # ------------------------------------------------------------ words

    def say(self, en: str, zh: str) -> Prose:
        """A paragraph in the language of the charts: `say(en="{gdp.level} in all.", zh="共{gdp.level}。")`.

        `{id}` is the figure in words; after a colon: value, amount, bare, symbol, signed, or label, period, paragraph;
        `{names.id}` is a name. KeyError names the nearest ids for one that does not exist.
        """
        return Prose(self._fill((en, zh)))

    def words(self, id: str, form: str = "full") -> str:
        """A figure, or a name (`names.programme`), in words."""
        if id.startswith("names."):
            return self._name(id.removeprefix("names."))
        row = self._row(id)
        if form == "label":
            return self.wording.label(row)
        if form == "period":
            return self.wording.period(row.get("period"))
        if form == "paragraph":
            return self.wording.phrases["one_paragraph"].format(row["paragraph"]) if stated(row["paragraph"]) else ""
        if form not in FORMS:
            raise ValueError(f"{id}:{form}: expected one of {', '.join(FORMS)}, label, period, paragraph")
        return self.wording.say(row, form)

    # ------------------------------------------------------------ the main job

    def first_batch(self) -> Chart:
        """The first batch against the yearly target: projects, new and continued, and planned investment."""
        projects, new, continued = (self._row(f"first_batch.{part}") for part in ("projects", "new", "continued"))
        wanted, money, goal = (
            self._row(id) for id in ("programme.projects", "first_batch.investment", "programme.investment")
        )
        shade, say = colour("strong"), self.wording.say
        first = Panel(self.wording, Axis(1, ""), longest(self._at([projects, wanted])) * 1.16)
        first.label(f"{self.wording.label(projects)}: {say(projects)}")
        if stated(new["value"]) and stated(continued["value"]):
            first.bar(new, shade, text=self._pick((f"{say(new, 'value')} new", f"新建{say(new, 'value')}")), stay=True)
            first.bar(
                continued,
                shade,
                base=float(new["value"]),
                text=self._pick((f"{say(continued, 'value')} continued", f"续建{say(continued, 'value')}")),
            )
        else:
            first.bar(projects, shade)
        first.target(wanted, self._pick((f"Target: {say(wanted)} a year", f"目标：每年{say(wanted)}")))
        axis = self.wording.axis([money, goal])
        second = Panel(self.wording, axis, longest(self._at([money, goal], axis)) * 1.16)
        second.label(self.wording.label(money))
        second.bar(money, shade)
        second.target(goal, self._pick((f"Target: {say(goal)} a year", f"目标：每年{say(goal)}")))
        title = (
            "The first batch plans {first_batch.investment} for {first_batch.projects}; the yearly target is {programme.investment}",
            "首批{first_batch.projects}计划投资{first_batch.investment}，年度目标为{programme.investment}",
        )
        return self._chart(
            "first_batch",
            [first, second],
            [projects, new, continued, wanted, money, goal],
            title,
            (
                "Projects and planned investment of the first batch against the yearly target, Zhejiang, {first_batch.projects:period}",
                "首批项目数与计划投资对照年度目标，浙江，{first_batch.projects:period}",
            ),
            ("Bars", "条形图"),
        )

    def sectors(self) -> Chart:
        """Planned investment of the nine areas; an area with no stated amount is shown as such."""
        rows = self._areas("investment")
        known = [row for row in rows if stated(row["value"])]
        if len(known) > 2:
            both = sum(row["value"] for row in known[:2]) / sum(row["value"] for row in known)
            one, two = (self._name(row["area"]) for row in known[:2])
            title = (
                f"{one} and {two.lower()} take {both:.0%} of the investment that the report splits by area",
                f"{one}与{two}占报告已载明分领域计划投资的{both:.0%}",
            )
        else:
            title = (
                f"The report states a planned investment for {len(known)} of {len(rows)} areas",
                f"{len(rows)}个领域中，报告载明{len(known)}个领域的计划投资",
            )
        return self._bars(
            "sectors",
            rows,
            title,
            (
                f"Planned investment by area, {self._unit(rows)}, Zhejiang, {self._period(known)}",
                f"各领域计划投资，{self._unit(rows)}，浙江，{self._period(known)}",
            ),
        )

    def sectors_projects(self) -> Chart:
        """Planned projects of the nine areas."""
        rows = self._areas("projects")
        known = [row for row in rows if stated(row["value"])]
        missing = len(rows) - len(known)
        title = (
            (
                f"{self._name(known[0]['area'])} has the most projects: {self.wording.say(known[0], 'value')}; {missing} of {len(rows)} areas state none",
                f"{self._name(known[0]['area'])}项目最多，为{self.wording.say(known[0], 'value')}个；{len(rows)}个领域中{missing}个未载明",
            )
            if known
            else ("The report states no projects by area", "报告未载明分领域项目数")
        )
        return self._bars(
            "sectors_projects",
            rows,
            title,
            (
                f"Planned major projects by area, number, Zhejiang, {self._period(known)}",
                f"各领域计划重大项目，个，浙江，{self._period(known)}",
            ),
        )

    def investment_per_project(self) -> Chart:
        """Planned investment a project, where the report gives both numbers."""
        rows = [
            row
            for row in self._areas("investment_per_project")
            if stated(row["value"]) or stated(self._sector(row["area"], "projects")["value"])
        ]
        known = [row for row in rows if stated(row["value"])]
        title = (
            (
                f"{self._name(known[0]['area'])}: the largest projects, {self.wording.say(known[0])} on average",
                f"{self._name(known[0]['area'])}的项目平均规模最大：{self.wording.say(known[0])}",
            )
            if known
            else ("Not stated", "未载明")
        )
        return self._bars(
            "investment_per_project",
            rows,
            title,
            (
                f"Planned investment divided by planned projects, {self._unit(rows)} a project, Zhejiang, {self._period(known)}",
                f"计划投资除以计划项目数，每个项目{self._unit(rows)}，浙江，{self._period(known)}",
            ),
        )

    def trade_levels(self) -> Chart:
        """Imports and exports in the report's year and, as the growth rates imply, in the year before."""
        rows: list[Row] = []
        kinds = ("total", "exports", "imports")
        levels = [self._row(f"trade.{kind}.level") for kind in kinds]
        before = [self._row(f"trade.{kind}.previous") for kind in kinds]
        axis = self.wording.axis(levels)
        panel = Panel(self.wording, axis, longest(self._at(levels, axis), 1.02))
        for kind, level, earlier in zip(kinds, levels, before, strict=True):
            panel.label(self.wording.label(level))
            panel.bar(level, colour(kind), text=self._dated(level))
            panel.gap(3)
            panel.bar(earlier, colour(kind), text=self._dated(earlier), height=20)
            panel.gap()
            rows += [level, earlier]
        title = (
            "Exports of {trade.exports.level} make up {trade.exports.share} of Zhejiang’s foreign trade",
            "出口{trade.exports.level}，占浙江进出口的{trade.exports.share}",
        )
        return self._chart(
            "trade_levels",
            [panel],
            rows,
            title,
            (
                f"Imports and exports, nominal, {axis.unit}, Zhejiang, {self._period(before)} and {self._period(levels)}",
                f"进出口额（现价），{axis.unit}，浙江，{self._period(before)}和{self._period(levels)}",
            ),
            ("Bars", "条形图"),
        )

    def trade_growth(self) -> Chart:
        """How fast imports and exports grew."""
        kinds = ("total", "exports", "imports")
        rows = [self._row(f"trade.{kind}.growth") for kind in kinds]
        faster = rows[1]["value"] > rows[2]["value"]
        title = (
            (
                "Exports grew by {trade.exports.growth}, faster than imports at {trade.imports.growth}",
                "出口增长{trade.exports.growth}，快于进口的{trade.imports.growth}",
            )
            if faster
            else (
                "Exports grew by {trade.exports.growth}, imports by {trade.imports.growth}",
                "出口增长{trade.exports.growth}，进口增长{trade.imports.growth}",
            )
        )
        return self._bars(
            "trade_growth",
            rows,
            title,
            (
                f"Growth over the year before, nominal, %, Zhejiang, {self._period(rows)}",
                f"比上年增长（现价），%，浙江，{self._period(rows)}",
            ),
            shades=[colour(kind) for kind in kinds],
            labels=[self._label(f"trade.{kind}.level") for kind in kinds],
            form="signed",
        )

    def trade_contribution(self) -> Chart:
        """The part of the nation's growth of trade that came from Zhejiang."""
        kinds = ("total", "exports", "imports")
        rows = [self._row(f"trade.{kind}.contribution") for kind in kinds]
        panel = Panel(self.wording, Axis(1, "%"), 100)
        for kind, row in zip(kinds, rows, strict=True):
            panel.label(self._label(f"trade.{kind}.level"))
            panel.rest(100)
            panel.bar(row, colour(kind))
            panel.gap()
        title = (
            "Zhejiang brought {trade.total.contribution} of the growth of China’s foreign trade",
            "浙江对全国进出口增长的贡献率为{trade.total.contribution}",
        )
        return self._chart(
            "trade_contribution",
            [panel],
            rows,
            title,
            (
                f"Contribution to the national growth over the year before, %, {self._period(rows)}; the grey bar is the nation, 100%",
                f"对全国增长的贡献率，%，{self._period(rows)}；灰色为全国（100%）",
            ),
            ("Bars", "条形图"),
        )

    # ------------------------------------------------------------ how they are put together

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
        panel = Panel(self.wording, axis, longest(self._at(rows, axis), 1.02))
        shades = shades or [colour(row.get("area")) for row in rows]
        labels = labels or [self._name(row["area"]) for row in rows]
        for row, shade, label in zip(rows, shades, labels, strict=True):
            panel.label(label)
            panel.bar(row, shade, text=self.wording.say(row, form))
            panel.gap()
        return self._chart(name, [panel], rows, title, subtitle, ("Bars", "条形图"))

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
    ) -> Chart:
        traces, layout = stack(panels)
        said = self._fill(title)
        named = "; ".join(f"{self.wording.label(row)}: {row.get('words') or self.wording.say(row)}" for row in rows)
        notes = [self._fill(note), self._key(rows) if key else "", self._rate(rows)]
        return Chart(
            name,
            said,
            self._fill(subtitle),
            self._source(rows),
            f"{self._pick(kind)}. {said}. {named}.",
            facts(rows, self.wording),
            traces,
            layout,
            " ".join(filter(None, notes)),
            self.wording,
        )

    def _key(self, rows: list[Row]) -> str:
        phrases = self.wording.phrases
        derived = [stated(row.get("formula")) for row in rows]
        told = {
            "key_planned": any(row.get("nature") == "planned" and not d for row, d in zip(rows, derived, strict=True)),
            "key_target": any(row.get("nature") == "target" for row in rows),
            "key_derived": any(derived),
            "key_open": any(open_above(row) for row in rows),
            "key_missing": any(not stated(row.get("value")) for row in rows),
        }
        parts = [phrases[key] for key, used in told.items() if used]
        return phrases["key"].format(phrases["comma"].join(parts)) if parts else ""

    def _rate(self, rows: list[Row]) -> str:
        if self.wording.currency == "CNY" or not any(str(row.get("unit")).startswith("CNY") for row in rows):
            return ""
        return str(self.wording.phrases["rate"]).format(rate=self.wording.rate, date=self.wording.rate_date)

    def _source(self, rows: list[Row]) -> str:
        phrases, report = self.wording.phrases, self.report
        from_inputs = [
            self._row(id)["paragraph"] for row in rows if isinstance(row.get("inputs"), list) for id in row["inputs"]
        ]
        numbers = sorted({int(n) for n in [*(row.get("paragraph") for row in rows), *from_inputs] if stated(n)})
        told = phrases["comma"].join(map(str, numbers))
        title = textwrap.shorten(report.title, 60, placeholder="…") if report.language == "en" else report.title[:30]
        paragraphs = phrases["one_paragraph" if len(numbers) == 1 else "paragraphs"].format(told)
        date = self.wording.day(report.date) if report.date else phrases["undated"]
        return str(phrases["source"]).format(title=f"“{title}”", date=date, paragraphs=paragraphs)

    def _areas(self, measure: str) -> list[Row]:
        """The nine areas by size; those with nothing stated last, in the report's order."""
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

    def _row(self, id: str) -> Row:
        return {str(key): value for key, value in self.report.figure(id).to_dict().items()}

    def _names(self, kind: str) -> list[str]:
        return [id for id, name in self.report.catalogue.names.items() if name["kind"] == kind]

    def _name(self, id: str) -> str:
        names = self.report.catalogue.names
        if id not in names:
            raise KeyError(f"no name {id!r} in names.toml{nearest(id, names)}")
        return self.wording.label(names[id])

    def _label(self, id: str) -> str:
        return self.wording.label(self._row(id))

    def _dated(self, row: Row) -> str:
        words = self.wording.say(row, "symbol")
        if not stated(row["period"]):
            return words
        return f"{self.wording.period(row['period'])}{self._pick((': ', '：'))}{words}"

    def _period(self, rows: Sequence[Row]) -> str:
        periods = {row["period"]: None for row in rows if stated(row.get("period"))}
        return self.wording.phrases["comma"].join(self.wording.period(period) for period in periods)

    def _unit(self, rows: Sequence[Row]) -> str:
        return self.wording.axis(rows).unit

    def _at(self, rows: Sequence[Row], axis: Axis = Axis(1, "")) -> list[float | None]:
        return [self.wording.position(row, axis) for row in rows]

    def _pick(self, text: Text) -> str:
        return text[0] if self.wording.language == "en" else text[1]

    def _fill(self, text: Text) -> str:
        return _Template(self).format(self._pick(text))
