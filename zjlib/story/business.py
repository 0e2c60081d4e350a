"""The business environment: relief and its parts, the campaign for orders, two cases."""

from itertools import accumulate

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import ROOM, Panel, longest
from zjlib.drawing.words import stated
from zjlib.story.teller import Teller


class Business(Teller):
    """Charts of what was done for businesses."""

    def relief(self) -> Chart:
        """The burden taken off businesses: the whole, the amounts that the report lists after it, and what is beyond them."""
        whole = self._row("relief.burden")
        parts = [self._row(f"relief.{part}") for part in ("subsidies", "payments", "rent", "unsplit")]
        axis = self.wording.axis([whole, *parts])
        lengths = [self.wording.position(part, axis) or 0.0 for part in parts]
        bases = list(accumulate(lengths[:-1], initial=0.0))
        ends = [base + place for base, part in zip(bases, parts, strict=True) for place in self._at([part], axis)]
        panel = Panel(self.wording, axis, longest([*self._at([whole], axis), *ends], ROOM))
        panel.label(self.wording.label(whole))
        panel.bar(whole, colour("strong"))
        panel.gap()
        for part, base in zip(parts, bases, strict=True):
            panel.label(self.wording.label(part))
            panel.bar(part, colour("strong" if not stated(part.get("formula")) else "context"), base=base)
            panel.gap()
        return self._chart(
            "relief",
            [panel],
            [whole, *parts],
            (
                "Businesses were relieved of {relief.burden}; the amounts listed after it come to {relief.parts}",
                "为市场主体减负{relief.burden}，其后所列金额共{relief.parts}",
            ),
            (
                f"Burden taken off, {axis.unit}, {{place}}, {self._period([whole])}; each part begins where the last one ends",
                f"为市场主体减负，{axis.unit}，{{place}}，{self._period([whole])}；各分项首尾相接",
            ),
            ("Bars, the parts in steps", "阶梯条形图"),
            note=(
                "The amounts are read here as parts of the whole; the report lists them after it and does not say so. "
                "They are rounded: what is beyond them is what is left when each is taken as large as it may be.",
                "各分项视为总额的组成部分；报告列于总额之后，未明言其隶属。各分项为约数，其余按各分项可能的最大值计。",
            )
            if stated(whole["value"]) and any(stated(part["value"]) for part in parts)
            else ("", ""),
        )

    def campaign(self) -> Chart:
        """The campaign for orders abroad: who took part in it, and what its first month brought."""
        rows = [self._row(f"campaign.{part}") for part in ("delegations", "companies", "groups", "orders")]
        period, month = self._period(rows), self._period(rows[-1:])
        title = (
            "Groups that went abroad received {campaign.orders} of intended orders" + (f" in {month}" if month else ""),
            f"{month}组团出海，意向订单{{campaign.orders}}",
        )
        return self._cards(
            "campaign",
            rows,
            title,
            (f"Campaign for orders abroad, {{place}}, {period}", f"“拓市场抢订单”行动，{{place}}，{period}"),
            "exports",
            note=(
                "Delegations and companies are those that the report tells as taking part; groups and orders are of "
                "{campaign.orders:period} alone.",
                "团组与企业为报告所述参与者；出境团组与订单仅为{campaign.orders:period}。",
            ),
        )

    def cars(self) -> Chart:
        """The car cluster of a new district."""
        rows = [
            self._row(f"cars.{part}")
            for part in ("capacity", "parts_companies", "attracted_projects", "attracted_investment")
        ]
        title = (
            "{names.qianwan:short} has a capacity of {cars.capacity} and {cars.parts_companies} that make core parts",
            "{names.qianwan:short}整车产能{cars.capacity}，集聚核心零部件企业{cars.parts_companies:bare}家",
        )
        return self._cards(
            "cars", rows, title, ("Car industry, {names.qianwan}", "汽车产业，{names.qianwan}"), "manufacturing"
        )

    def plaza(self) -> Chart:
        """The car plaza and its special service team."""
        rows = [self._row("plaza.investment"), self._row("plaza.departments")]
        title = (
            "A service team of {plaza.departments} was formed to help a project of {plaza.investment} through its approvals",
            "{plaza.departments}组成专班，服务总投资{plaza.investment}的项目",
        )
        return self._cards(
            "plaza",
            rows,
            title,
            (
                "{names.plaza}, {names.huangyan}, {names.city_taizhou}",
                "{names.plaza}，{names.city_taizhou}{names.huangyan}",
            ),
            "strong",
            note=(
                "A total investment counts as planned: the report tells of approval and acceptance, not of what was spent.",
                "总投资按计划计：报告述及审批与验收，未载明已完成的投资。",
            ),
        )
