"""How the policies hang together, and when things happened."""

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import Panel
from zjlib.drawing.stacking import stack
from zjlib.drawing.words import stated
from zjlib.story.figures import Row
from zjlib.story.teller import PLAIN, Teller
from zjlib.tables import records

_KINDS = {  # one, many
    "area": (("{} area", "{}个领域"), ("{} areas", "{}个领域")),
    "package": (("{} policy package", "{}个政策包"), ("{} policy packages", "{}个政策包")),
    "list": (("{} list", "{}张清单"), ("{} lists", "{}张清单")),
    "no1": (("{} No. 1 project", "{}个“一号工程”"), ("{} No. 1 projects", "{}个“一号工程”")),
}
_ROOTS = {"programme": "strong", "policy_8_4": "exports", "no1_projects": "imports"}


class Policy(Teller):
    """Charts of policy."""

    def policies(self) -> Chart:
        """The programme's areas, the packages and lists, the No. 1 projects, the campaigns: a tree with a name a row."""
        table = self.report.policies()
        table = table[table["sentence"].notna()]
        named = {str(row["id"]): row for row in records(table)}
        panel, rows = Panel(self.wording, PLAIN, 1), []
        for id, row in named.items():
            children = [each for each in named.values() if each["parent"] == id and each["kind"] != "project"]
            if stated(row["parent"]):
                continue
            if children:
                rows += self._branch(panel, row, children, named)
        alone = [row for row in named.values() if row["kind"] in ("campaign", "strategy", "law")]
        if alone:
            rows += self._branch(
                panel, {"label": "Campaigns, rules and strategy", "label_zh": "行动、法规与战略"}, alone, named
            )
        if not rows:
            panel.label(self.wording.say({}), muted=True)
        traces, layout = stack([panel])
        title = self._counted([str(row["kind"]) for row in named.values()]) or self._pick(
            ("The policies that the report names", "报告提及的政策")
            if rows
            else ("The report names no policy", "报告未提及政策名称")
        )
        subtitle = self._fill(
            (
                "What {names.place}'s policies consist of, by their canonical names",
                "{names.place}政策体系构成，据规范名称",
            )
        )
        alt = self._pick((f"Tree of policies. {title}.", f"政策树状图。{title}。"))
        return self._finished("policies", (title, subtitle, alt), self._source(rows), rows, (traces, layout))

    def _counted(self, kinds: list[str]) -> str:
        """How many there are of the kinds that are counted; those of which the report names none are left out."""
        told = [(self._pick(forms[n != 1]).format(n)) for kind, forms in _KINDS.items() if (n := kinds.count(kind))]
        return self._listed(told)

    def _branch(self, panel: Panel, root: Row, children: list[Row], named: dict[str, Row]) -> list[Row]:
        shade = colour(_ROOTS.get(str(root.get("id")), "context"))
        panel.node(self._named(root), shade, 0)
        rows = [root] if stated(root.get("id")) else []
        for child in children:
            own = colour(child["id"]) if child["kind"] == "area" else shade
            panel.node(self._named(child), own, 1)
            rows.append(child)
            for grandchild in (
                each for each in named.values() if each["parent"] == child["id"] and each["kind"] != "project"
            ):
                panel.node(self._named(grandchild), own, 2)
                rows.append(grandchild)
        panel.gap(16)
        return [self._named(row) for row in rows]

    def _named(self, row: Row) -> Row:
        other = row["label_zh"] if self.wording.language == "en" else row["label"]
        return row | {"words": other}

    def events(self) -> Chart:
        """Every dated event of the report; what lies years ahead stands at the right edge."""
        rows = self._events()
        near = (
            [row["first"] for row in rows if row["first"][:4] <= str(self.report.date)[:4]] if self.report.date else []
        )
        until = max(near) if near else None
        named = self._days_named(rows)
        title = (
            (
                f"{len(rows)} dated events, from {named[0]} to {named[1]}",
                f"报告载明{len(rows)}个时间节点，从{named[0]}到{named[1]}",
            )
            if rows
            else ("No dated event", "无时间节点")
        )
        return self._timeline(
            "events", rows, title, ("Dated events of the report, {place}", "报告中的时间节点，{place}"), until=until
        )

    def _days_named(self, rows: list[Row]) -> tuple[str, str]:
        return (rows[0]["words"], rows[-1]["words"]) if rows else ("", "")
