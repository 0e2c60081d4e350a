"""What a notebook says beside its charts: where the figures come from, and tables of them."""

from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from zjlib.annotate import KINDS, Annotated
from zjlib.charts import Chart, facts
from zjlib.checks import LIKE_PERIODS, check
from zjlib.drawing.look import colour
from zjlib.nearest import ensure_known
from zjlib.outcomes import corrections
from zjlib.story import Charts, Prose
from zjlib.tables import Row, records


@dataclass(frozen=True)
class Table:
    """Facts without a chart; shows itself as a table of escaped HTML, and as CSV."""

    data: pd.DataFrame
    html: str = field(repr=False)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {
            "text/html": self.html,
            "text/csv": self.data.to_csv(index=False),
            "text/plain": f"{len(self.data)} rows",
        }


class Story(Charts):
    """The charts of a report with the prose and tables around them: what a notebook asks for, one line each."""

    def provenance(self) -> Prose:
        """The report's title, date, hash and counts, and what its words need to be read with."""
        report = self.report
        numerals, derived = len(report.numerals), int(report.figures["formula"].notna().sum())
        stated = len(report.figures) - derived
        title, day, short = report.title, self.wording.day(report.date) if report.date else "?", report.sha256[:12]
        rate = self.wording.conversion
        dollars = f"{self._pick((' ', ''))}{rate}" if rate else ""
        told = (
            f"{numerals} numerals in the text, {stated} figures stated, {derived} worked out",
            f"文中数字{numerals}个，载明指标{stated}个，推算指标{derived}个",
        )
        return Prose(
            self._pick(
                (
                    f"*Report: {_literal(title)}, {day}. sha256 {short}…; {told[0]}.{dollars}*",
                    f"*报告：{_literal(title)}，{day}。sha256 {short}…；{told[1]}。{dollars}*",
                )
            )
        )

    def table(self, *ids: str) -> Table:
        """Figures by id, with words, period, paragraph and sentence. KeyError names the nearest ids for an unknown one."""
        data = facts([self._row(id) for id in ids], self.wording)
        html = Chart("", "", "", "", "", data, [], {}, wording=self.wording).table_html()
        return Table(data, html)

    def named(self, *kinds: str) -> Table:
        """Canonical names in both languages, how sure they are, and the report's words for them; all kinds if none is given.

        KeyError for a kind that is not there.
        """
        policies = self.report.policies()
        ensure_known(kinds, sorted(set(policies["kind"])), "kind of policy", "names.toml")
        rows = policies[policies["kind"].isin(kinds)] if kinds else policies
        heads = (
            ("Name", "Chinese", "In the report", "Standing")
            if self.wording.language == "en"
            else ("英文", "中文", "报告用语", "依据")
        )
        return _table(rows[["label", "label_zh", "surface", "standing"]].set_axis(list(heads), axis=1))

    def dates(self, *ids: str) -> Table:
        """The dated events, or those named, in order of time, with their sentences. KeyError for an unknown one."""
        ensure_known(ids, self.report.catalogue.events, "event", "the catalogue")
        events = self.report.events()
        rows = events[events["id"].isin(ids)] if ids else events
        zh = self.wording.language == "zh"
        columns = [
            pd.Series([self._when(row) for row in records(rows)], index=rows.index, dtype="object"),
            rows["label_zh" if zh else "label"],
            rows["paragraph"],
            rows["sentence"],
        ]
        heads = ("时间", "事件", "段落", "原文") if zh else ("When", "What", "Paragraph", "Sentence")
        return _table(pd.concat(columns, axis=1).set_axis(list(heads), axis=1))

    def checks(self, *names: str) -> Table:
        """The reconciliations, or those named, with what they compare: ✓ holds, ✗ fails, – not applicable.

        KeyError for an unknown one.
        """
        rows = self._checked(*names)
        rows = rows[rows["check"].isin(names)] if names else rows
        zh = self.wording.language == "zh"
        verdict = rows["ok"].map({True: "✓", False: "✗"}).fillna("–")
        heads = ("", "Check", "Figures") if self.wording.language == "en" else ("", "核对", "数值")
        return _table(
            pd.DataFrame(
                {"ok": verdict, "label": rows["label_zh" if zh else "label"], "detail": rows["detail"]}
            ).set_axis(list(heads), axis=1)
        )

    def passes(self, name: str) -> bool:
        """Whether a reconciliation, by name, holds: what a sentence that relies on it says in `when=`.

        KeyError for an unknown one.
        """
        rows = self._checked(name)
        return bool(rows.loc[rows["check"] == name, "ok"].any())

    def _checked(self, *names: str) -> pd.DataFrame:
        """All checks. KeyError for a name that none has, nor would have in a report that repeats a figure."""
        rows, repeated = check(self.report), [f"{id}.repeated" for id in self.report.catalogue.figures]
        ensure_known(names, [*rows["check"], *repeated, LIKE_PERIODS], "check", "the catalogue")
        return rows

    def corrections(self) -> Table:
        """The declared corrections of sources: as printed, as used, and why."""
        zh = self.wording.language == "zh"
        rows = [
            (each["printed"], f"{each['corrected']:,}", each["reason_zh" if zh else "reason"]) for each in corrections()
        ]
        heads = ["来源原文", "更正（元）", "理由"] if zh else ["As printed", "As used, yuan", "Reason"]
        return _table(pd.DataFrame(rows, columns=heads))

    def not_stated(self) -> Table:
        """The figures that the story asks for and the report does not state."""
        known = set(self.report.figures["id"])
        entries = [entry for id, entry in self.report.catalogue.figures.items() if id not in known]
        rows = [(entry.label_zh if self.wording.language == "zh" else entry.label, entry.id) for entry in entries]
        heads = ["Not stated in the report", "id"] if self.wording.language == "en" else ["报告未载明", "id"]
        return _table(pd.DataFrame(rows, columns=heads))

    def coverage(self) -> Chart:
        """How many numerals the text holds, by kind: every one of them is accounted for."""
        counts = Annotated(self.report).counts()
        rows = [_count(f"numerals.{kind}", *KINDS[kind], count) for kind, count in counts.items()]
        total, figures = sum(counts.values()), counts["figure"]
        title = (
            f"{figures} of the {total} numerals in the report give figures",
            f"报告中{total}个数字，{figures}个为指标数字",
        )
        subtitle = ("Numerals in the text by kind, number", "文中数字，按类别，个")
        shades = [colour("strong"), *[colour("context")] * (len(rows) - 1)]
        labels = [self.wording.label(row) for row in rows]
        return self._bars("coverage", rows, title, subtitle, shades=shades, labels=labels, form="value")

    def counts(self) -> Prose:
        """How numerals, quantities and figures hang together."""
        marked, figures = Annotated(self.report), self.report.figures
        giving = [numeral.kind for numeral in self.report.numerals if marked.kind(numeral) == "figure"]
        claimed, derived = giving.count("quantity"), int(figures["formula"].notna().sum())
        n = {
            "all": len(self.report.numerals),
            "quantities": claimed + marked.counts()["quantity"],
            "giving": len(giving),
            "claimed": claimed,
            "others": len(giving) - claimed,
            "stated": len(figures) - derived,
            "derived": derived,
            "figures": len(figures),
        }
        said = self._pick(
            (
                "Of the {all} numerals in the text {quantities} are quantities. {giving} numerals give figures: {claimed} of the "
                "quantities and {others} others, such as ranks. A figure that is told more than once counts once, which leaves {stated} "
                "figures stated; with {derived} worked out from them, the table of figures has {figures}.",
                "文中{all}个数字，其中数量{quantities}个。给出指标的数字{giving}个：数量{claimed}个，位次等{others}个。"
                "同一指标多次出现只计一次，故载明指标{stated}个；连同推算指标{derived}个，指标表共{figures}个。",
            )
        )
        return Prose(said.format(**n))

    def annotated(self) -> Annotated:
        """The report with every numeral marked, each figure with the charts that draw it."""
        uses: dict[str, list[str]] = {}
        for name in self.names:
            for id in getattr(self, name)().data["id"].dropna():
                uses.setdefault(id, []).append(name)
        return Annotated(self.report, language=self.wording.language, uses=uses)


def _count(id: str, label: str, label_zh: str, count: int) -> Row:
    plain = dict.fromkeys(("value_max", "period", "sentence", "paragraph", "area", "noun"))
    named = {"id": id, "label": label[0].upper() + label[1:], "label_zh": label_zh, "nature": "actual"}
    return {
        **plain,
        **named,
        "value": float(count),
        "low": count,
        "high": count,
        "unit": "count",
        "qualifier": "exact",
        "surface": str(count),
    }


def _table(data: pd.DataFrame) -> Table:
    cells = data.fillna("").astype(str).map(lambda text: escape(text).replace("\n", "<br>"))
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in cells.columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in cells.itertuples(index=False)
    )
    return Table(data, f'<table class="zj-facts">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>')


def _literal(text: str) -> str:
    """Text of a report as markdown that shows it as it is; addresses in it become no links, since `:`, `.` and `@` are escaped too."""
    return "".join(f"\\{character}" if character in r"\`*_{}[]()<>#!|~&$:.@" else character for character in text)
