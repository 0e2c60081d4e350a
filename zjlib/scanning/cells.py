"""Tables in plain text: a unit named once above them, and what the head of a column says of its cells."""

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from zjlib.languages import Language
from zjlib.report import Sentence, Span
from zjlib.scanning.numbers import EXACT, plain

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral


class Cells:
    """What the lines read so far say of the tab-separated lines below them."""

    def __init__(self, rules: Language, low: str, paragraphs: list[Span]) -> None:
        """`low` is the text in the plain form that the rules are written for, `paragraphs` its lines."""
        self.rules, self.low, self.paragraphs = rules, low, paragraphs
        self.line = 0  # the number of the paragraph read last
        self.unit: tuple[Decimal, str | None] | None = None
        self.periods: dict[int, str | None] = {}
        self.growth: set[int] = set()

    def head(self, line: str) -> None:
        """A line without cells: it may name the unit of the table below, or end the one above."""
        self.periods, self.growth = {}, set()
        m = self.rules.unit_line.search(line)
        self.unit = None
        if m and m["unit"] in self.rules.units:
            unit, factor = self.rules.units[m["unit"]]
            for word in self.rules.scale_words.findall(m["scale"] or ""):
                factor = EXACT.multiply(factor, self.rules.scales[word])
            self.unit = factor, unit

    def _columns(self, line: str) -> None:
        self.growth = {i for i, cell in enumerate(line.split("\t")) if self.rules.growth_head.search(cell)}

    def read(self, sentence: Sentence, found: "list[Numeral]") -> None:
        """Give the numbers of a line with cells the unit, period and direction of their columns."""
        line = self.low[sentence.start : sentence.end]
        for skipped in range(max(self.line, sentence.paragraph - 4), sentence.paragraph - 1):
            start, end = self.paragraphs[skipped]  # lines without a numeral
            line_before = self.low[start : min(end, start + 400)]
            if "\t" in line_before:
                self._columns(line_before)
            else:
                self.head(line_before)
        self.line = sentence.paragraph
        if "\t" not in line:
            self.head(line)
            return
        quantities = [n for n in found if n.kind == "quantity"]
        if not quantities:
            self.periods = {line.count("\t", 0, n.start - sentence.start): n.period for n in found if n.kind == "date"}
            self._columns(line)
            return
        for n in quantities:
            column = line.count("\t", 0, n.start - sentence.start)
            n.period = n.period or self.periods.get(column)
            if column in self.growth and n.unit == "%":
                n.direction = n.direction or "up"
            bare = n.unit is None or (n.unit == "count" and n.surface[-1:].isdigit())
            if self.unit and bare and n.value is not None and re.fullmatch(r"[\d,.]+", n.surface):
                factor, n.unit = self.unit
                n.noun = None
                n.value, n.low = plain(EXACT.multiply(n.value, factor)), n.low and EXACT.multiply(n.low, factor)
