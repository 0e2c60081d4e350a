"""What became of the plans: the programme's later years, the economy, the policy funds."""

from itertools import pairwise
from typing import Any

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import Panel, longest, lowest
from zjlib.drawing.words import Wording, stated, vocabulary
from zjlib.formulas import evaluate
from zjlib.outcomes import outcomes
from zjlib.story.figures import Row
from zjlib.story.later import Later, within_digits
from zjlib.story.teller import PLAIN, Text
from zjlib.tables import interval

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
        done = [row for row in rows if row["measure"] == "completed_investment" and row["period"] in rates]
        planned = {row["period"] for row in rows if row["measure"] == "planned_investment_full_plan"}
        drawn: list[Row] = []
        above: list[str] = []
        under: list[str] = []
        for row in (row for row in rows if not _partial(row, rows)):
            if row in done:
                year = row["period"][:4]
                if year not in planned:
                    drawn.append(self._implied_plan(year, [(each, rates[each["period"]]) for each in done]))
                (above if rates[row["period"]]["value"] > 100 else under).append(self.wording.period(year))
            drawn.append(row)
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
                "Planned and completed investment of the programme, {unit}, {{names.place}}, {years}; "
                "in brackets the part of the year's plan",
                "工程计划投资与完成投资，{unit}，{{names.place}}，{years}；括号内为占年度计划比重",
            ),
            (
                "A full plan that no source at hand states is worked out: what was completed, divided by its part of the plan, by the "
                "source that prints both most exactly. Sources round amounts more than percentages: these do not follow from the bars.",
                "现有来源未载明的全年计划为推算：完成投资除以完成率，以所载位数最多的来源为准。来源中金额的位数少于百分比，故括号内比重与条形之比略有出入。",
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
            (
                "Planned projects of the programme, number, {{names.place}}, {years}",
                "工程计划项目，个，{{names.place}}，{years}",
            ),
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
                "Provincial fiscal funds for the 8+4 policies, spent and planned, {unit}, {{names.place}}, {years}",
                "“8+4”政策省级财政资金（实际与计划），{unit}，{{names.place}}，{years}",
            ),
        )

    def outcomes_growth(self) -> Chart:
        """Real growth of gross domestic product: the report's year and the years after it, with the targets."""
        told = self._told_apart(self._row("gdp.growth"), "gdp_growth")
        report = told[0]
        rows = sorted((row for row in told if stated(row["period"])), key=lambda row: str(row["period"]))
        denials = [row for row in rows if "by" in row and row is not report]
        targets = {row["period"]: row for row in self._picked("province", ["gdp_growth_target"])}
        panel = Panel(self.wording, PLAIN, longest(self._at(rows), 1.12), lowest(self._at(rows)))
        drawn = []
        for row in rows:
            panel.label(self.wording.period(row["period"]) + row.get("by", ""))
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
        if denials:
            best, shown = None, [report, denials[0]]
        said = [(self.wording.period(row["period"]), self.wording.say(row)) for row in shown]
        title = (
            (f"Growth was highest in {said[0][0]}, at {said[0][1]}", f"{said[0][0]}增速最高，为{said[0][1]}")
            if best
            else (
                f"Growth was {said[0][1]} in {said[0][0]} and {said[1][1]} in {said[1][0]}",
                f"{said[0][0]}增速为{said[0][1]}，{said[1][0]}为{said[1][1]}",
            )
        )
        if denials:
            title = (
                f"Growth of {said[0][0]}: {said[0][1]} by the report, {said[1][1]} by a later source",
                f"{said[0][0]}增速：报告为{said[0][1]}，其后来源为{said[1][1]}",
            )
        return self._chart(
            "outcomes_growth",
            [panel],
            drawn,
            title,
            (
                f"Real growth of gross domestic product over the year before, %, {{names.place}}, {self._years(rows)}",
                f"地区生产总值实际增长，%，{{names.place}}，{self._years(rows)}",
            ),
            ("Bars with targets", "条形图，附目标线"),
            source=self._both(drawn),
        )

    def outcomes_trade(self) -> Chart:
        """Foreign trade after the report's year: levels that later sources print."""
        known = {
            kind: self._told_apart(self._row(f"trade.{kind}.level"), measure)
            for kind, measure in (("total", "trade_total"), ("exports", "exports"))
        }
        years = sorted({str(row["period"]) for rows in known.values() for row in rows if stated(row["period"])})
        axis = self.wording.axis([row for rows in known.values() for row in rows])
        panel = Panel(self.wording, axis, longest(self._at([*known["total"], *known["exports"]], axis), 1.02))
        rows = []
        for kind, found in known.items():
            panel.label(self.wording.label(found[0]))
            rows_of = {year: [row for row in found if str(row["period"]) == year] for year in years}
            absent = {year: [self._absent(found[0], year, "actual")] for year in years}
            undated = [row for row in found if not stated(row["period"])]
            for row in [*undated, *(row for year in years for row in rows_of[year] or absent[year])]:
                text = self._dated(row) + row.get("by", "")
                panel.bar(row | ({"words": text} if row.get("absent") else {}), colour(kind), text=text)
                panel.gap(3)
                rows.append(row)
            panel.gap()
        last = max(known["total"], key=lambda row: str(row["period"]) if stated(row["period"]) else "")
        title = (
            f"Imports and exports reached {self.wording.say(last)} in {self.wording.period(last['period'])}",
            f"{self.wording.period(last['period'])}进出口达{self.wording.say(last)}",
        )
        if denied := [row for row in rows if "by" in row]:
            year = self.wording.period(denied[0]["period"])
            title = (
                f"The report and a later source do not agree on trade in {year}",
                f"{year}外贸数额，报告与其后来源不一致",
            )
        return self._chart(
            "outcomes_trade",
            [panel],
            rows,
            title,
            (
                f"Imports and exports, nominal, {axis.unit}, {{names.place}}, {self._years(rows)}",
                f"进出口额（现价），{axis.unit}，{{names.place}}，{self._years(rows)}",
            ),
            ("Bars", "条形图"),
            source=self._both(rows),
        )

    def _picked(self, subject: str, measures: list[str]) -> list[Row]:
        """What sources say, and in the year of the report's first batch the report itself, which decides on what it announces."""
        table = outcomes()
        rows = self._later(table[(table["subject"] == subject) & table["measure"].isin(measures)])
        for measure, id in _OWN.items():
            own = self._row(id)
            if (
                subject != "programme"
                or measure not in measures
                or not (stated(own["value"]) and stated(own["period"]))
            ):
                continue
            others, same = _parted(rows, measure, own["period"])
            denied = [row["source"] for row in same if not _agree(own, row)]
            rows = [self._of_report(own, measure) | {"denied": denied}, *others]
        return sorted(rows, key=lambda row: str(row["period"])[:4])

    def _of_report(self, own: Row, measure: str) -> Row:
        """The report's own figure as a row among those of other sources."""
        source = self._cited([own])
        label, label_zh = (vocabulary(language)["measures"][measure] for language in ("en", "zh"))
        told = {"measure": measure, "short": self._pick((label, label_zh)), "mark": ""}
        return {**own, **told, "source": source, "source_line": source}

    def _denied(self, rows: list[Row]) -> Text:
        """Which sources contradict the report on what it announces itself."""
        told = [(row["short"], row["period"], source) for row in rows for source in row.get("denied", [])]
        return (
            " ".join(
                f"{label}, {self.wording.period(period)}: {source} has another number; the report's is shown."
                for label, period, source in told
            ),
            "".join(
                f"{self.wording.period(period)}{label}：{source}所载不同，此处以报告为准。"
                for label, period, source in told
            ),
        )

    def _told_apart(self, own: Row, measure: str) -> list[Row]:
        """The report's figure and those of later sources: without one that repeats it, and who says it where one contradicts it."""
        others, same = _parted(self._picked("province", [measure]), measure, own["period"])
        denials = [row | {"by": self._pick((", a later source", "，其后来源"))} for row in same if not _agree(own, row)]
        told = own | {"measure": measure} | ({"by": self._pick((", the report", "，报告"))} if denials else {})
        return [told, *denials, *others]

    def _by_year(
        self, name: str, rows: list[Row], rates: dict[Any, Row], title: Text, subtitle: Text, note: Text = ("", "")
    ) -> Chart:
        wording = self._scaled
        axis = wording.axis(rows)
        panel = Panel(wording, axis, longest(self._at(rows, axis, wording), 1.02))
        drawn = []
        for year in sorted({row["period"][:4] for row in rows}):
            panel.heading(self.wording.period(year))
            for row in (row for row in rows if row["period"][:4] == year):
                panel.label(row["short"], muted=True)
                rate = rates.get(row["period"]) if row["measure"] == "completed_investment" else None
                words = wording.say(row, "symbol")
                if rate:
                    words += self._pick((" ({})", "（{}）")).format(wording.say(rate))
                panel.bar(row, colour("strong" if row["nature"] == "actual" else "context"), text=words)
                drawn.append(row if row.get("absent") else row | {"words": wording.say(row)})
                panel.gap(8)
            panel.gap(8)
        told = {"unit": axis.unit, "years": self._years(rows)}
        more, denied = self._corrected(rows), self._denied(rows)
        filled = (subtitle[0].format(**told), subtitle[1].format(**told))
        return self._chart(
            name,
            [panel],
            drawn,
            title,
            filled,
            ("Bars by year", "分年条形图"),
            source=self._sources(drawn),
            note=(" ".join(filter(None, (note[0], more[0], denied[0]))), note[1] + more[1] + denied[1]),
        )

    def _implied_plan(self, year: str, pairs: list[tuple[Row, Row]]) -> Row:
        """A year's plan that no source at hand states: what was completed, divided by its part of the plan, as exactly as is told."""
        found = []
        for done, rate in pairs:
            given = {name: interval(within_digits(row)) for name, row in (("done", done), ("rate", rate))}
            if done["period"][:4] == year:
                found.append((evaluate("done / rate * 100", given), done, rate))
        last = max(found, key=lambda each: str(each[1]["as_of"]))[0]
        plan, done, rate = min(
            (each for each in found if each[0].meets(last)), key=lambda each: each[0].high - each[0].low
        )
        label, label_zh = (
            vocabulary(language)["measures"]["planned_investment_full_plan"] for language in ("en", "zh")
        )
        told = {
            "id": f"derived.programme.planned_investment_full_plan.{year}",
            "measure": "planned_investment_full_plan",
            "label": label,
            "label_zh": label_zh,
            "short": self._pick((label, label_zh)),
            "formula": f"{done['id']} / {rate['id']} * 100",
            "working": f"{self._in_words(done)} ÷ {self._in_words(rate)}",
            "period": year,
            "nature": "planned",
            "qualifier": "about",
        }
        return {**done, **told, "mark": "", "value": plan.value, "low": plan.low, "high": plan.high}

    def _in_words(self, row: Row) -> str:
        """A figure that is not drawn, as an input: 'Completed investment (2024: 1.4 trillion yuan)'."""
        told = self._dated(row | {"words": self._scaled.say(row)})
        return self._pick(("{} ({})", "{}（{}）")).format(self.wording.label(row), told)

    @property
    def _scaled(self) -> Wording:
        """The wording with all money in one scale: years are compared."""
        return self.wording.with_scale(self._pick(("billion", "亿")))

    def _years(self, rows: list[Row]) -> str:
        years = sorted(str(row["period"])[:4] for row in rows if stated(row["period"]))
        return self.wording.period(f"{years[0]}/{years[-1]}" if years[0] != years[-1] else years[0])


def _parted(rows: list[Row], measure: str, period: Any) -> tuple[list[Row], list[Row]]:
    """Rows of other measures or periods, and those of this one."""
    same = [stated(period) and (row["measure"], row["period"]) == (measure, period) for row in rows]
    others, these = (
        [row for row, is_same in zip(rows, same, strict=True) if is_same is told] for told in (False, True)
    )
    return others, these


def _agree(own: Row, row: Row) -> bool:
    """Whether the report's figure and a later source's can be one number."""
    return interval(own).meets(interval(within_digits(row)))


def _partial(row: Row, rows: list[Row]) -> bool:
    """Whether a part of a year stands beside the whole year of the same measure."""
    whole = any(other["measure"] == row["measure"] and other["period"] == row["period"][:4] for other in rows)
    return len(row["period"]) > 4 and whole
