"""What became of the plans: the programme's later years, the economy, the policy funds."""

from itertools import pairwise
from typing import Any

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import Panel, longest
from zjlib.drawing.words import stated, vocabulary
from zjlib.formulas import Interval, evaluate
from zjlib.outcomes import outcomes
from zjlib.story.figures import Row
from zjlib.story.later import Later, within_digits
from zjlib.story.teller import PLAIN, Text

# A measure of later sources → the report's own figure that it repeats.
_OWN = {"planned_investment_first_batch": "first_batch.investment", "projects_first_batch": "first_batch.projects"}


class Outcomes(Later):
    """Charts of what happened later; their figures come from other sources, named under each."""

    def outcomes_investment(self) -> Chart:
        """Planned and completed investment of the programme by year, with the completion rate."""
        rows = self._picked(
            "programme", ["planned_investment_first_batch", "planned_investment_full_plan", "completed_investment"]
        )
        rates = {row["period"]: row for row in self._picked("programme", ["completion_rate"])}
        planned = {row["period"] for row in rows if row["measure"] == "planned_investment_full_plan"}
        drawn: list[Row] = []
        above: list[str] = []
        under: list[str] = []
        for row in (row for row in rows if not _partial(row, rows)):
            rate = rates.get(row["period"]) if row["measure"] == "completed_investment" else None
            if rate and row["period"][:4] not in planned:
                drawn.append(self._implied_plan(row, rate))
            drawn.append(row)
            if rate:
                (above if rate["value"] > 100 else under).append(self.wording.period(row["period"][:4]))
        title = ("Planned and completed investment of the programme", "工程计划投资与完成投资")
        if above and not under:
            years = self._listed(above)
            title = (f"More was invested than planned in {years}", f"{years}完成投资均超过计划")
        return self._by_year(
            "outcomes_investment",
            drawn,
            rates,
            title,
            (
                "Planned and completed investment of the programme, {unit}, Zhejiang, {years}; in brackets the part of the year's plan",
                "工程计划投资与完成投资，{unit}，浙江，{years}；括号内为占年度计划比重",
            ),
            (
                "A full plan that no source at hand states is what was completed divided by its part of the plan.",
                "现有来源未载明的全年计划，由完成投资除以完成率推算。",
            )
            if any(stated(row.get("formula")) for row in drawn)
            else ("", ""),
        )

    def outcomes_projects(self) -> Chart:
        """Projects of the first batch and of the full plan, by year."""
        rows = self._picked("programme", ["projects_first_batch", "projects_full_plan"])
        full = sorted((row for row in rows if row["measure"] == "projects_full_plan"), key=lambda row: row["period"])
        grew = all(a["value"] < b["value"] for a, b in pairwise(full))
        first, last = full[0], full[-1]
        fewer, more = self.wording.say(first), self.wording.say(last, "value")
        years = [self.wording.period(row["period"]) for row in (first, last)]
        title = (
            f"The yearly plan {'grew' if grew else 'went'} from {fewer} in {years[0]} to {more} in {years[1]}",
            f"年度计划项目从{years[0]}的{fewer}{'增至' if grew else '变为'}{years[1]}的{more}个",
        )
        return self._by_year(
            "outcomes_projects",
            rows,
            {},
            title,
            ("Planned projects of the programme, number, Zhejiang, {years}", "工程计划项目，个，浙江，{years}"),
        )

    def outcomes_funds(self) -> Chart:
        """Provincial funds for the 8+4 policies, by year."""
        found = self._picked("policy_8_4", ["provincial_fiscal_funds"])
        known = {(row["period"], row["nature"]): row for row in found}
        spent = [row for row in found if row["nature"] == "actual"]
        rows = []
        for year in sorted({row["period"] for row in found}):
            for nature, short in (("planned", ("Planned", "计划")), ("actual", ("Spent", "实际支出"))):
                if nature == "planned" or year <= spent[-1]["period"]:
                    row = known.get((year, nature)) or self._absent(found[0], year, nature)
                    rows.append(row | {"short": self._pick(short)})
        first, last = (self.wording.say(row) for row in (spent[0], spent[-1]))
        years = [self.wording.period(row["period"]) for row in (spent[0], spent[-1])]
        grew = spent[0]["value"] < spent[-1]["value"]
        title = (
            f"Provincial funds spent on the 8+4 policies {'rose' if grew else 'went'} from {first} in {years[0]} to {last} in {years[1]}",
            f"“8+4”政策省级财政实际支出从{years[0]}的{first}{'增至' if grew else '变为'}{years[1]}的{last}",
        )
        return self._by_year(
            "outcomes_funds",
            rows,
            {},
            title,
            (
                "Provincial fiscal funds for the 8+4 policies, spent and planned, {unit}, Zhejiang, {years}",
                "“8+4”政策省级财政资金（实际与计划），{unit}，浙江，{years}",
            ),
        )

    def outcomes_growth(self) -> Chart:
        """Real growth of gross domestic product: the report's year and the years after it, with the targets."""
        report = self._row("gdp.growth") | {"measure": "gdp_growth"}
        rows = [*([report] if stated(report["period"]) else []), *self._picked("province", ["gdp_growth"])]
        targets = {row["period"]: row for row in self._picked("province", ["gdp_growth_target"])}
        panel = Panel(self.wording, PLAIN, longest(self._at(rows)) * 1.12)
        drawn = []
        for row in rows:
            panel.label(self.wording.period(row["period"]))
            target = targets.get(row["period"])
            panel.bar(row, colour("total"), text=self.wording.say(row, "signed"), crossed=target)
            drawn.append(row)
            if target:
                panel.target(
                    target, self._pick((f"Target: {self.wording.say(target)}", f"目标：{self.wording.say(target)}"))
                )
                drawn.append(target)
            else:
                panel.gap(4)
                panel.label(self._pick(("Target: not found", "目标：未找到")), muted=True)
            panel.gap()
        by_year = {row["period"]: within_digits(row) if row is not report else row for row in reversed(rows)}
        best = self._largest(list(by_year.values()))
        shown = [best] if best else [by_year[min(by_year)], by_year[max(by_year)]]
        said = [(self.wording.period(row["period"]), self.wording.say(row)) for row in shown]
        title = (
            (f"Growth was highest in {said[0][0]}, at {said[0][1]}", f"{said[0][0]}增速最高，为{said[0][1]}")
            if best
            else (
                f"Growth was {said[0][1]} in {said[0][0]} and {said[1][1]} in {said[1][0]}",
                f"{said[0][0]}增速为{said[0][1]}，{said[1][0]}为{said[1][1]}",
            )
        )
        return self._chart(
            "outcomes_growth",
            [panel],
            drawn,
            title,
            (
                f"Real growth of gross domestic product over the year before, %, Zhejiang, {self._years(rows)}",
                f"地区生产总值实际增长，%，浙江，{self._years(rows)}",
            ),
            ("Bars with targets", "条形图，附目标线"),
            source=self._both(drawn),
        )

    def outcomes_trade(self) -> Chart:
        """Foreign trade after the report's year: levels that later sources print."""
        known = {
            kind: [self._row(f"trade.{kind}.level"), *self._picked("province", [measure])]
            for kind, measure in (("total", "trade_total"), ("exports", "exports"))
        }
        years = sorted({str(row["period"]) for rows in known.values() for row in rows if stated(row["period"])})
        axis = self.wording.axis([row for rows in known.values() for row in rows])
        panel = Panel(self.wording, axis, longest(self._at([*known["total"], *known["exports"]], axis), 1.02))
        rows = []
        for kind, found in known.items():
            panel.label(self.wording.label(found[0]))
            by_year = {row["period"]: row for row in found}
            undated = [row for row in found if not stated(row["period"])]
            for row in [*undated, *(by_year.get(year) or self._absent(found[0], year, "actual") for year in years)]:
                text = self._dated(row)
                panel.bar(row | ({"words": text} if row.get("absent") else {}), colour(kind), text=text)
                panel.gap(3)
                rows.append(row)
            panel.gap()
        last = known["total"][-1]
        title = (
            f"Imports and exports reached {self.wording.say(last)} in {self.wording.period(last['period'])}",
            f"{self.wording.period(last['period'])}进出口达{self.wording.say(last)}",
        )
        return self._chart(
            "outcomes_trade",
            [panel],
            rows,
            title,
            (
                f"Imports and exports, nominal, {axis.unit}, Zhejiang, {self._years(rows)}",
                f"进出口额（现价），{axis.unit}，浙江，{self._years(rows)}",
            ),
            ("Bars", "条形图"),
            source=self._both(rows),
        )

    def _picked(self, subject: str, measures: list[str]) -> list[Row]:
        table = outcomes()
        rows = self._later(table[(table["subject"] == subject) & table["measure"].isin(measures)])
        return [self._own(row) for row in rows]

    def _own(self, row: Row) -> Row:
        """The report's own figure where a later source repeats it: the report decides."""
        own = self._row(_OWN[row["measure"]]) if row["measure"] in _OWN else None
        if own is None or not stated(own["value"]) or own["period"] != row["period"]:
            return row
        source = self._source([own]).removeprefix(self.wording.phrases["source"].partition("{")[0])
        return {**row, **own, "source": source, "source_line": source}

    def _by_year(
        self, name: str, rows: list[Row], rates: dict[Any, Row], title: Text, subtitle: Text, note: Text = ("", "")
    ) -> Chart:
        wording = self.wording.with_scale("billion" if self.wording.language == "en" else "亿")
        axis = wording.axis(rows)
        panel = Panel(wording, axis, longest([wording.position(row, axis) for row in rows], 1.02))
        drawn = []
        for year in sorted({row["period"][:4] for row in rows}):
            panel.heading(self.wording.period(year))
            for row in (row for row in rows if row["period"][:4] == year):
                panel.label(row["short"], muted=True)
                rate = rates.get(row["period"]) if row["measure"] == "completed_investment" else None
                words = wording.say(row, "symbol") + (f" ({wording.say(rate)})" if rate else "")
                panel.bar(row, colour("strong" if row["nature"] == "actual" else "context"), text=words)
                drawn += [row]
                panel.gap(8)
            panel.gap(8)
        told = {"unit": axis.unit, "years": self._years(rows)}
        more = self._corrected(rows)
        filled = (subtitle[0].format(**told), subtitle[1].format(**told))
        return self._chart(
            name,
            [panel],
            drawn,
            title,
            filled,
            ("Bars by year", "分年条形图"),
            source=self._sources(drawn),
            note=(" ".join(filter(None, (note[0], more[0]))), note[1] + more[1]),
        )

    def _implied_plan(self, done: Row, rate: Row) -> Row:
        """The year's plan, which no source at hand states: what was completed, divided by its part of the plan."""
        given = {
            id: Interval(row["value"], row["low"], row["high"])
            for id, row in (("done", within_digits(done)), ("rate", within_digits(rate)))
        }
        plan, words = (
            evaluate("done / rate * 100", given),
            [vocabulary(language)["measures"] for language in ("en", "zh")],
        )
        label, label_zh = (each["planned_investment_full_plan"] for each in words)
        named = {"label": label, "label_zh": label_zh, "short": self._pick((label, label_zh)), "mark": ""}
        told = {
            "id": f"derived.{rate['id']}",
            "measure": "planned_investment_full_plan",
            "formula": f"{done['id']} / {rate['id']} * 100",
            "working": f"{self.wording.label(done)} ÷ {self.wording.label(rate)}",
        }
        ends = {"value": plan.value, "low": plan.low, "high": plan.high}
        return {**done, **named, **told, **ends, "nature": "planned", "qualifier": "exact"}

    def _years(self, rows: list[Row]) -> str:
        years = sorted(str(row["period"])[:4] for row in rows if stated(row["period"]))
        return self.wording.period(f"{years[0]}/{years[-1]}" if years[0] != years[-1] else years[0])


def _partial(row: Row, rows: list[Row]) -> bool:
    """Whether a part of a year stands beside the whole year of the same measure."""
    whole = any(other["measure"] == row["measure"] and other["period"] == row["period"][:4] for other in rows)
    return len(row["period"]) > 4 and whole
