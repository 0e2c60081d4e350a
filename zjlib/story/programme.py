"""The programme: first batch, areas, timeline, guarantees, and the station as a case."""

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import Panel, longest
from zjlib.drawing.words import Axis, stated
from zjlib.story.figures import Row
from zjlib.story.teller import Teller, Text
from zjlib.tables import period_days, worked_out


class Programme(Teller):
    """Charts of the programme."""

    def gdp(self) -> Chart:
        """Gross domestic product and its growth, as two large numbers."""
        rows = [self._row("gdp.level"), self._row("gdp.growth")]
        title = (
            "{place}'s economy reached {gdp.level}, {gdp.growth:signed} on the year before",
            "{place}生产总值达{gdp.level}，比上年{gdp.growth:change}",
        )
        period = self._period(rows)
        return self._cards(
            "gdp",
            rows,
            title,
            (
                f"Gross domestic product, nominal level and real growth, {{place}}, {period}",
                f"地区生产总值（现价）与实际增速，{{place}}，{period}",
            ),
        )

    def first_batch(self) -> Chart:
        """The first batch against the yearly target: projects, new and continued, and planned investment."""
        projects, new, continued = (self._row(f"first_batch.{part}") for part in ("projects", "new", "continued"))
        wanted, money, goal = (
            self._row(id) for id in ("programme.projects", "first_batch.investment", "programme.investment")
        )
        shade, say = colour("strong"), self.wording.say
        first = Panel(self.wording, Axis(1, ""), longest(self._at([projects, wanted])) * 1.16)
        first.label(self.wording.labelled(projects))
        if stated(new["value"]) and stated(continued["value"]):
            fresh, going = say(new, "value"), say(continued, "value")
            first.bar(new, shade, text=self._pick((f"{fresh} new", f"新建{fresh}")), stay=True, crossed=wanted)
            text = self._pick((f"{going} continued", f"续建{going}"))
            first.bar(continued, shade, base=float(new["value"]), text=text, crossed=wanted)
        else:
            first.bar(projects, shade, crossed=wanted)
        first.target(wanted, self._pick((f"Target: {say(wanted, 'symbol')} a year", f"目标：每年{say(wanted)}")))
        axis = self.wording.axis([money, goal])
        second = Panel(self.wording, axis, longest(self._at([money, goal], axis)) * 1.16)
        second.label(self.wording.label(money))
        second.bar(money, shade, crossed=goal)
        second.target(goal, self._pick((f"Target: {say(goal, 'symbol')} a year", f"目标：每年{say(goal)}")))
        return self._chart(
            "first_batch",
            [first, second],
            [projects, new, continued, wanted, money, goal],
            (
                "The first batch: {first_batch.projects} and {first_batch.investment}, against a target of {programme.investment} a year",
                "首批{first_batch.projects}、计划投资{first_batch.investment}，年度目标{programme.investment}",
            ),
            (
                "Projects and planned investment of the first batch against the yearly targets, {place}, {first_batch.projects:period}",
                "首批项目数与计划投资对照年度目标，{place}，{first_batch.projects:period}",
            ),
            ("Bars with targets", "条形图，附目标线"),
        )

    def sectors(self) -> Chart:
        """Planned investment of the areas; an area with no stated amount is shown as such."""
        rows = self._areas("investment")
        known = [row for row in rows if stated(row["value"])]
        if len(known) > 2 and any(row["value"] for row in known):
            one, two = (self.wording.short(row["area"]) for row in known[:2])
            both, all_of_them = (" + ".join(row["id"] for row in parts) for parts in (known[:2], known))
            share = f"({both}) / ({all_of_them}) * 100"
            said = self.wording.say({"unit": "%", "formula": share, **(worked_out(share, known) or {})})
            title = (
                f"{one} and {two.lower()} take {said} of the investment that the report splits by area",
                f"{one}与{two}占报告分领域载明计划投资的{said}",
            )
        elif not known:
            title = ("The report states no planned investment by area", "报告未载明分领域计划投资")
        else:
            part = self._part(len(known), rows)
            title = (
                f"The report states a planned investment for {part[0]} areas",
                f"{part[1]}报告载明{len(known)}个领域的计划投资",
            )
        return self._bars(
            "sectors",
            rows,
            title,
            (
                f"Planned investment by area, {self._unit(rows)}, {{place}}, {self._period(known)}{self._undated(known)}",
                f"各领域计划投资，{self._unit(rows)}，{{place}}，{self._period(known)}{self._undated(known)}",
            ),
        )

    def sectors_projects(self) -> Chart:
        """Planned projects of the areas."""
        rows = self._areas("projects")
        known = [row for row in rows if stated(row["value"])]
        title = ("The report states no projects by area", "报告未载明分领域项目数")
        if known:
            part = self._part(len(known), rows)
            title = (
                f"The report states a number of projects for {part[0]} areas",
                f"{part[1]}报告载明{len(known)}个领域的项目数",
            )
        if known and (largest := self._largest(known)):
            most, number = self.wording.short(largest["area"]), self.wording.say(largest, "value")
            missing = len(rows) - len(known) if self._all_areas(rows) else 0
            title = (
                f"Of the areas with a number, {most.lower()} has the most projects, {number}"
                + f"; for {missing} of {len(rows)} the report gives no number" * (missing > 0),
                f"载明项目数的领域中，{most}最多，为{number}个"
                + f"；{len(rows)}个领域中有{missing}个未载明" * (missing > 0),
            )
        return self._bars(
            "sectors_projects",
            rows,
            title,
            (
                f"Planned major projects by area, number, {{place}}, {self._period(known)}{self._undated(known)}",
                f"各领域计划重大项目，个，{{place}}，{self._period(known)}{self._undated(known)}",
            ),
        )

    def investment_per_project(self) -> Chart:
        """Planned investment a project, of the areas whose projects the report counts."""
        rows = [
            row
            for row in self._areas("investment_per_project")
            if stated(self._sector(row["area"], "projects")["value"])
            and (stated(row["value"]) or not stated(self._sector(row["area"], "investment")["value"]))
        ]
        known = [row for row in rows if stated(row["value"])]
        title = (
            "The report does not give both projects and investment of any area",
            "报告未同时载明任何领域的项目数与投资",
        )
        if known:
            title = (
                f"What a project costs can be worked out for {len(known)} areas",
                f"可推算{len(known)}个领域的项目平均投资",
            )
        if known and (largest := self._largest(known)):
            area = self.wording.short(largest["area"])
            title = (
                f"{area} projects are the largest of the {len(known)} areas that can be worked out, "
                f"at {self.wording.say(largest, 'amount')}",
                f"可推算的{len(known)}个领域中，{area}项目平均规模最大，{self.wording.say(largest)}",
            )
        unit = self._unit(rows)
        return self._bars(
            "investment_per_project",
            rows,
            title,
            (
                f"Planned investment divided by planned projects, {unit}, {{place}}, {self._period(known)}{self._undated(known)}",
                f"计划投资除以计划项目数，{unit}，{{place}}，{self._period(known)}{self._undated(known)}",
            ),
            form="amount",
        )

    def programme_timeline(self) -> Chart:
        """The programme's dated steps, from the first mention to the plan's end."""
        steps = {"event.programme_proposed", "event.programme_meeting", "event.station_production"}
        rows = [row for row in self._events() if row["id"] in steps]
        plan = [self._period_row(id) for id in ("first_batch.projects", "programme.horizon")]
        rows = sorted([*rows, *(row for row in plan if row)], key=lambda row: (row["last"], row["first"]))
        horizon, end = plan[-1], plan[-1]["last"][:4] if plan[-1] else ""
        proposed = next((row["words"] for row in rows if row["id"] == "event.programme_proposed"), None)
        title = ("Dated steps of the programme", "工程的时间节点") if rows else ("No dated step", "无时间节点")
        if horizon:
            title = (f"The plan runs to {end}", f"规划期至{end}年")
        if horizon and proposed:
            title = (
                f"From {proposed} to {end}: the programme from its proposal to the end of its plan",
                f"{proposed}提出，规划期至{end}年",
            )
        return self._timeline(
            "programme_timeline",
            rows,
            title,
            ("Dated steps and periods of the programme, {place}", "工程的时间节点与时期，{place}"),
        )

    def guarantees(self) -> Chart:
        """Land and financing that are guaranteed to the programme's projects."""
        rows = [self._row("guarantee.land"), self._row("guarantee.financing")]
        panels = []
        for row, shade in zip(rows, ("rural", "total"), strict=True):
            axis = self.wording.axis([row])
            panel = Panel(self.wording, axis, longest(self._at([row], axis), 1.5))
            panel.label(self.wording.label(row))
            panel.bar(row, colour(shade))
            panel.gap()
            panels.append(panel)
        return self._chart(
            "guarantees",
            panels,
            rows,
            (
                "Projects of the programme are promised {guarantee.land} of land and {guarantee.financing}",
                "对工程项目保障用地{guarantee.land}、融资{guarantee.financing}",
            ),
            (
                "Land over the plan's years, financing support a year, {place}, {guarantee.land:period}",
                "规划期内建设用地与每年融资支持，{place}，{guarantee.land:period}",
            ),
            ("Bars with open ends", "开口条形图"),
            note=("The two bars have different units and are not to be compared.", "两条形单位不同，不可相互比较。"),
        )

    def station(self) -> Chart:
        """The pumped storage station: of the electricity that it pumps with, what it gives back."""
        pumping, generation, efficiency = (
            self._row(f"station.{part}") for part in ("pumping", "generation", "efficiency")
        )
        panel = Panel(self.wording, Axis(1, ""), longest(self._at([pumping, generation]), 1.02))
        panel.label(self.wording.label(pumping))
        panel.bar(pumping, colour("context"))
        panel.gap()
        panel.label(self.wording.label(generation))
        if stated(pumping["value"]):
            panel.rest(float(pumping["value"]))
        panel.bar(generation, colour("energy"))
        panel.gap()
        return self._chart(
            "station",
            [panel],
            [pumping, generation, efficiency, self._row("station.full_load_hours"), self._row("station.capacity")],
            (
                "The {names.station:short} is to give back {station.efficiency} of the electricity that it pumps with",
                "{names.station}设计综合循环效率为{station.efficiency}",
            ),
            (
                "Designed electricity a year, kWh, {names.yunhe:short}, {names.city_lishui}; "
                "{station.capacity} at full load for {station.full_load_hours} a year",
                "设计年电量，千瓦时，{names.city_lishui}{names.yunhe}；装机{station.capacity}，年满负荷{station.full_load_hours}",
            ),
            ("Bars", "条形图"),
            note=(
                "The grey rest beside {station.generation} is what of the {station.pumping} is not given back.",
                "{station.generation}之外的灰色部分，为抽水用电{station.pumping}中未能回收的电量。",
            ),
        )

    def _all_areas(self, rows: list[Row]) -> bool:
        """Whether these are as many areas as the report says that there are, if it does."""
        told = self._row("programme.areas")["value"]
        return not stated(told) or told == len(rows)

    def _undated(self, known: list[Row]) -> str:
        """Of which areas the report does not say when: '; no years stated for innovation'."""
        areas = self._listed([self.wording.short(row["area"]) for row in known if not stated(row.get("period"))])
        return self._pick((f"; no years stated for {areas.lower()}", f"；{areas}未载明年份")) if areas else ""

    def _part(self, known: int, rows: list[Row]) -> Text:
        """'3 of 9' and '9个领域中，'; without the whole where names.toml has not all areas that the report counts."""
        if not self._all_areas(rows):
            return (str(known), "")
        return (f"{known} of {len(rows)}", f"{len(rows)}个领域中，")

    def _period_row(self, id: str) -> Row | None:
        row = self._row(id)
        if not stated(row.get("period")):
            return None
        first, last = period_days(str(row["period"]))
        return row | {"first": first, "last": last}
