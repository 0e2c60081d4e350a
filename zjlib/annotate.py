"""The report with every numeral marked in place: what it is, which figure it gives, and which charts draw it."""

from collections.abc import Mapping
from html import escape
from typing import Any

from zjlib.catalogue import Claim
from zjlib.drawing.words import Wording
from zjlib.scan import Numeral
from zjlib.tables import Report

# Colour is never the only channel: each kind has its own underline too, and its name in the hover.
_STYLE = """
<style>
.zj-text { max-width: 44rem; line-height: 1.65; overflow-wrap: anywhere }
.zj-text p { position: relative; padding-left: 2.4rem; margin: 0 0 .9rem }
.zj-text .zj-number { position: absolute; left: 0; color: inherit; opacity: .75; font-size: .8rem; text-decoration: none }
.zj-text mark { color: inherit; padding: 0 .1em; border-radius: .15em; border-bottom: 2px solid; background: rgba(128, 128, 128, .12) }
.zj-text mark.figure { border-color: #0072b2; background: rgba(0, 114, 178, .14) }
.zj-text mark.quantity { border-color: #d55e00; border-bottom-style: double; background: rgba(213, 94, 0, .12) }
.zj-text mark.date { border-color: #009e73; border-bottom-style: dashed }
.zj-text mark.ordinal { border-color: #b8568f; border-bottom-style: dotted }
.zj-text mark.name { border-color: #777; border-bottom-style: dotted }
.zj-text mark.word { border-color: #999; border-bottom-width: 1px; background: none }
.zj-text mark:target, .zj-text p:target { outline: 3px solid #e69f00; outline-offset: 2px }
</style>
"""
KINDS = {
    "figure": ("numeral that gives a figure", "指标数字"),
    "quantity": ("quantity that gives no figure", "非指标数量"),
    "date": ("date", "日期"),
    "ordinal": ("ordinal or rank", "序数与位次"),
    "name": ("name", "名称"),
    "word": ("word that counts nothing", "不表数量的词"),
}


class Annotated:
    """The annotated report; shows itself as HTML in a notebook. All text of the report is escaped."""

    def __init__(self, report: Report, *, language: str = "en", uses: Mapping[str, list[str]] | None = None):
        """`uses` says for a figure's id which charts draw it."""
        self.report = report
        self._zh = language == "zh"
        self._wording = Wording(language)
        self._uses = uses or {}
        self._claims: dict[int, Claim] = {}
        self._anchored: set[str] = set()
        for claim in report.claims:
            self._claims.setdefault(claim.numeral.start, claim)

    def kind(self, numeral: Numeral) -> str:
        """One of `KINDS`: as the numeral's own kind, and `figure` for one that the catalogue claims as such."""
        claim = self._claims.get(numeral.start)
        return "figure" if claim and claim.entry.id in self.report.catalogue.figures else numeral.kind

    def counts(self) -> dict[str, int]:
        """How many numerals of each kind the text holds."""
        kinds = [self.kind(numeral) for numeral in self.report.numerals]
        return {kind: kinds.count(kind) for kind in KINDS}

    def __repr__(self) -> str:
        """The same words in every run."""
        return f"{self.report.id}, annotated"

    def _repr_html_(self) -> str:
        self._anchored.clear()
        counts = self.counts()
        legend = " ".join(
            f'<mark class="{kind}">{counts[kind]}</mark> {escape(words[self._zh])}&emsp;'
            for kind, words in KINDS.items()
        )
        numerals = iter(self.report.numerals)
        numeral = next(numerals, None)
        paragraphs = []
        for number, (start, end) in enumerate(self.report.paragraphs, 1):
            parts = []
            while numeral is not None and numeral.start < end:
                parts += [escape(self.report.text[start : numeral.start]), self._mark(numeral)]
                start = numeral.end
                numeral = next(numerals, None)
            parts.append(escape(self.report.text[start:end]))
            paragraphs.append(
                f'<p id="p{number}"><a class="zj-number" href="#p{number}">{number}</a>{"".join(parts)}</p>'
            )
        language = escape(self.report.language)
        return f'{_STYLE}<div class="zj-text"><p>{legend}</p><div lang="{language}">{"".join(paragraphs)}</div></div>'

    def _mark(self, numeral: Numeral) -> str:
        claim = self._claims.get(numeral.start)
        kind = self.kind(numeral)
        lines = [KINDS[kind][self._zh]]
        anchor = ""
        if claim and claim.entry.id:
            entry = claim.entry
            lines = [entry.label_zh if self._zh else entry.label, entry.id]
            if entry.id not in self._anchored:
                anchor = f' id="{escape(entry.id)}"'
                self._anchored.add(entry.id)
        if numeral.kind == "quantity":
            lines += self._facts(numeral)
        elif numeral.period:
            lines.append(self._wording.period(numeral.period))
        if claim and claim.entry.reason:
            lines.append(claim.entry.reason)
        if charts := self._uses.get(claim.entry.id if claim else ""):
            lines.append(("图表：" if self._zh else "charts: ") + ", ".join(charts))
        title = escape("\n".join(lines))
        return f'<mark class="{kind}"{anchor} tabindex="0" title="{title}">{escape(numeral.surface)}</mark>'

    def _facts(self, numeral: Numeral) -> list[str]:
        facts: dict[str, Any] = {
            key: getattr(numeral, key) for key in ("unit", "noun", "qualifier", "direction", "basis", "period")
        }
        return [f"{key}: {value}" for key, value in facts.items() if value]
