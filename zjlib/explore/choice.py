"""What an explorer shows: a choice of figures, the rows that fit it, and the chart that draws them. No widgets here."""

import json
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from typing import Any, Self

import pandas as pd

from zjlib.charts import Chart
from zjlib.drawing.words import Wording
from zjlib.explore.draw import Drawing, differences, everything, name_of, words
from zjlib.formulas import signed
from zjlib.nearest import nearest
from zjlib.quick import search
from zjlib.report import expect
from zjlib.tables import Report, records

FILTERS = {
    "topic": "topic",
    "area": "area",
    "unit": "unit",
    "bound": "qualifier",
    "nature": "nature",
    "period": "period",
}
KINDS = ("bars", "dots", "periods")
ORIGINS = ("", "stated", "derived", "missing")


@dataclass(frozen=True, kw_only=True)
class Choice:
    """Which figures, drawn how, said how. An empty filter lets everything through.

    topic, area, unit, nature, period, bound (a qualifier): as in the figures frame. origin: stated (of the report, with what it was
    asked for and does not state), derived, or missing (only what it does not state). words: as for `zjlib.find`. changed: only
    what differs from the other report.
    kind: bars, dots (on a log scale), periods. The rest is as for `Wording`. ValueError for a kind or origin that is none.

    >>> from zjlib.quick import newest
    >>> Choice(topic="trade", unit="%", origin="stated").frame(newest())["id"].tolist()[0]
    'trade.total.growth'
    """

    topic: str = ""
    area: str = ""
    unit: str = ""
    origin: str = ""
    bound: str = ""
    nature: str = ""
    period: str = ""
    words: str = ""
    changed: bool = False
    kind: str = "bars"
    language: str = "en"
    currency: str = "CNY"
    rate: float = 0.0
    rate_date: str = ""
    scale: str = ""

    def __post_init__(self) -> None:
        """Refuse a kind of chart or an origin that does not exist."""
        for name, known in (("kind", KINDS), ("origin", ORIGINS)):
            if (value := getattr(self, name)) not in known:
                raise ValueError(
                    f"{name} {value!r}: expected one of {', '.join(filter(None, known))}{nearest(value, known)}"
                )

    @property
    def wording(self) -> Wording:
        """How figures are said. ValueError for dollars without a rate and its day, and for an unknown scale."""
        if self.currency != "CNY":
            said = words(self.language)
            needs = [
                said[need]
                for need, given in (("needs_rate", self.rate > 0), ("needs_day", self.rate_date))
                if not given
            ]
            if needs:
                raise ValueError(said["dollars"].format(missing=said["and"].join(needs)))
            try:
                date.fromisoformat(self.rate_date)
            except ValueError:
                raise ValueError(said["bad_day"].format(day=self.rate_date)) from None
        return Wording(self.language, self.currency, self.rate or None, self.rate_date or None, self.scale or None)

    def frame(self, report: Report, other: Report | None = None) -> pd.DataFrame:
        """The figures that fit, of either report, as rows of `report`: one row a figure, columns as `report.figures`.

        What the report does not state has NaN for its value. With `changed`, only what differs between the two.
        """
        for each in (report, other or report):
            expect(each, Report, "Choice", "read_report(path)")
        table = everything(report)
        fits = self._fits(table, report)
        if other is not None:
            others = everything(other)
            fits |= table["id"].isin(others["id"][self._fits(others, other)])
            if self.changed:
                fits &= table["id"].isin([each["id"] for each in differences(other, report)])
        return table[fits].reset_index(drop=True)

    def chart(self, report: Report, other: Report | None = None) -> Chart:
        """The figures that fit as a chart of this kind. LookupError says which filter to widen when none fits."""
        table = self.frame(report, other)
        if table.empty:
            raise LookupError(self._nothing(report, other))
        drawing = Drawing(report, wording=self.wording)
        rows = [signed(row) for row in records(table)]
        if other is not None:
            others = {row["id"]: signed(row) for row in records(everything(other))}
            return drawing.pairs(rows, others, other)
        draw = {"bars": drawing.bars, "dots": drawing.dots, "periods": drawing.periods}
        return draw[self.kind if self.kind in self.kinds(table) else "bars"](rows)

    def kinds(self, table: pd.DataFrame) -> list[str]:
        """The kinds of chart that fit these figures: dots want two positive values, periods a period."""
        fit = {
            "bars": True,
            "dots": int(table["value"].gt(0).sum()) > 1,
            "periods": bool(table["period"].notna().any()),
        }
        return [kind for kind in KINDS if fit[kind]]

    def code(self, report: Report, other: Report | None = None, newest: bool = True) -> str:
        """The lines that draw this chart again in a new cell; `newest`: the report is the one that `read_report()` reads."""
        given = {key: value for key, value in asdict(self).items() if value != getattr(Choice(), key)}
        written = ", ".join(f"{key}={value!r}" for key, value in given.items())
        lines = ["import zjlib as zj", "", f"report = zj.read_report({'' if newest else repr(str(report.path))})"]
        if other is not None:
            lines.append(f"other = zj.read_report({str(other.path)!r})")
        return "\n".join([*lines, f"zj.Choice({written}).chart(report{', other' if other is not None else ''})"])

    def to_json(self) -> str:
        """The choice as JSON; `from_json` reads it."""
        return json.dumps(asdict(self), ensure_ascii=False)

    @classmethod
    def from_json(cls, text: str) -> Self:
        """A choice that was saved. ValueError when the text is no choice."""
        loaded = json.loads(text)
        kinds = {field.name: type(field.default) for field in fields(cls)}
        if not isinstance(loaded, dict) or not all(
            isinstance(value, (int, float) if kinds.get(key) is float else kinds.get(key, ()))
            for key, value in loaded.items()
        ):
            raise ValueError(f"{text[:80]!r} is no choice; expected an object with some of {', '.join(kinds)}")
        return cls(**loaded)

    def _fits(self, table: pd.DataFrame, report: Report) -> "pd.Series[bool]":
        fits = pd.Series(True, index=table.index)
        for name, column in FILTERS.items():
            if value := getattr(self, name):
                fits &= table[column].eq(value)
        derived, missing = table["formula"].notna(), table["value"].isna()
        fits &= {"stated": ~derived, "derived": derived, "missing": missing}.get(self.origin, True)
        if self.words.strip():
            fits &= search(self.words, report, table) > 0
        return fits

    def _nothing(self, report: Report, other: Report | None) -> str:
        """That nothing fits, and for the filter that leaves most when it goes, how much that is."""
        said = words(self.language)
        if other is not None and self.changed:
            return str(said["no_change"]).format(other=name_of(other, report), report=name_of(report, other))
        used = [name for name in (*FILTERS, "origin", "words") if getattr(self, name)]
        frames = {name: _without(self, name).frame(report, other) for name in used}
        wider = {name: int(frame["value"].notna().sum()) for name, frame in frames.items()}
        best = max(wider, key=wider.__getitem__, default="")
        more = said["wider"].format(filter=said[best], count=wider[best]) if wider.get(best) else ""
        return f"{said['empty']} {more}".strip()


def _without(choice: Choice, name: Any) -> Choice:
    emptied: dict[str, Any] = {name: ""}
    return replace(choice, **emptied)
