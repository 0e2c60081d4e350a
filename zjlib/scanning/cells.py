"""Tables in plain text: a unit named once for a table, a row or a column, and what the head of a column says of its cells."""

import re
from decimal import Decimal

from zjlib.languages import Language
from zjlib.report import Sentence, Span
from zjlib.scanning.numbers import digits
from zjlib.scanning.numeral import Numeral
from zjlib.units import EXACT

_LONGEST_ROW = 2_000
_LABEL = re.compile(r"(?P<of>[^:;,.\n]{2,60}): (?=[^a-z\n]*\d)")
_BARE = re.compile(r"[-+]?[\d,.]+")
_CELL_ENDS = re.compile(r"[,;)]| \(|$")
Measure = tuple[Decimal, str | None]  # a factor to a unit, and that unit


class Cells:
    """What the lines read so far say of the tab-separated lines below them."""

    def __init__(self, rules: Language, low: str, paragraphs: list[Span]) -> None:
        """`low` is the text in the plain form that the rules are written for, `paragraphs` its lines."""
        self.rules, self.low, self.paragraphs = rules, low, paragraphs
        self.line = 0  # the number of the paragraph read last
        self.caption = self.heads = ""  # the last line without cells, and the last one of heads after it
        self.periods: dict[int, str | None] = {}

    def _caption(self, line: str) -> None:
        """A line without cells: it may name the unit of the table below, or end the one above."""
        self.caption = line
        self._columns("")

    def _columns(self, line: str) -> None:
        """A line of heads."""
        self.heads, self.periods = line, {}

    def _measure(self, m: re.Match[str] | None) -> Measure | None:
        if m is None:
            return None
        told = m.groupdict()
        if told.get("money"):  # 'RMB million'
            return self.rules.scales[m["of"]], self.rules.currency[m["money"]]
        unit, factor = self.rules.units.get(m["unit"], ("count", Decimal(1)))
        factor = EXACT.multiply(factor, self.rules.scale(m["scale"] or told.get("bare")))
        return EXACT.multiply(factor, digits(m["base"] or "1", self.rules)), unit

    def _row(self, line: str) -> Measure | None:
        """The unit that a row names, in a cell of its own or after its label."""
        cells = line.split("\t")
        own = (self._measure(self.rules.unit_cell.fullmatch(cell.strip())) for cell in cells[:3])
        label = next((cell for cell in cells if cell.strip()), "")
        return next((u for u in own if u), self._measure(self.rules.unit_line.search(label)))

    def read(self, sentence: Sentence, found: list[Numeral]) -> None:
        """Give the numbers of a line with cells the unit, period and direction of their row and columns."""
        start, end = self.paragraphs[sentence.paragraph - 1]
        if end - start > _LONGEST_ROW:
            start, end = sentence.start, sentence.end
        line = self.low[start:end]  # the whole row, though a label in it ends like a sentence: 'other, etc.'
        for skipped in range(max(self.line, sentence.paragraph - 4), sentence.paragraph - 1):
            above, below = self.paragraphs[skipped]  # lines without a numeral
            line_before = self.low[above : min(below, above + 400)]
            if "\t" in line_before:
                self._columns(line_before)
            else:
                self._caption(line_before)
        self.line = sentence.paragraph
        if "\t" in line:
            self._cells(line, start, found)
        elif not self._labelled(line, start, found):
            self._caption(line)
            self._base(line, start, found)

    def _labelled(self, line: str, start: int, found: list[Numeral]) -> bool:
        """'Turnover (RMB million): 6,418.2', or 'New orders: 49.2' below 'PMI (percent)': a line of a list, read by its label."""
        label = _LABEL.match(line)
        if not label or len(line) > 160 or self.rules.unit_line.search(line):
            return False
        heads = (label["of"], self.caption, *re.split("[;,]", self.caption))  # '(yuan; change in brackets)'
        unit = next((u for head in heads if (u := self._measure(self.rules.unit_line.search(head)))), None)
        for n in found:
            if line.startswith(": ", n.start - start - 2) and _CELL_ENDS.match(line, n.end - start):
                self._tell(n, unit)
        return True

    def _tell(self, n: Numeral, measure: Measure | None) -> None:
        """Give a bare number the unit that stands elsewhere."""
        bare = n.unit is None or (n.unit == "count" and n.surface[-1:].isdigit())
        if measure and bare and n.kind == "quantity" and n.value is not None:
            factor, n.unit = measure
            n.noun = None
            n.multiply(factor)

    def _base(self, line: str, start: int, found: list[Numeral]) -> None:
        """'Unit: 100 million yuan' names no amount."""
        told = self.rules.unit_line.search(line) if found and len(line) < 80 and "." not in line else None
        if told is None or not told["base"] or not (told["told"] or _round(told["base"]) or told[0][0] != "("):
            return
        for i, n in enumerate(found):
            if n.start >= start + told.start():
                found[i] = self._word(n)

    def _word(self, n: Numeral) -> Numeral:
        return Numeral(n.start, n.end, n.surface, "word", sentence=n.sentence, paragraph=n.paragraph)

    def _cells(self, line: str, start: int, found: list[Numeral]) -> None:
        self._units(line, start, found)
        quantities = [n for n in found if n.kind == "quantity"]
        if not quantities:
            self._columns(line)
            dates = (n for n in found if n.kind == "date")  # not the year that growth is told over
            told = (n for n in dates if not self.rules.reference.search(self.low, max(start, n.start - 24), n.start))
            self.periods = {line.count("\t", 0, n.start - start): n.period for n in told}
            return
        rules, heads = self.rules, self.heads.split("\t")
        row, table = self._row(line), self._measure(rules.unit_line.search(self.caption))
        share = rules.share_head.search(self.caption)
        for n in quantities:
            column = line.count("\t", 0, n.start - start)
            head = heads[column] if column < len(heads) else ""
            growth = rules.growth_head.search(head)
            of = (
                max((c for c in self.periods if c < column), default=column)
                if growth and column not in self.periods
                else column
            )
            n.period = n.period or self.periods.get(of)  # '2022 | 2023 | growth': that of the column before
            own = self._measure(rules.unit_line.search(head))
            rate = own and own[1] in ("%", "pp")  # 'GDP (billion yuan)', but in this column by how much it grew
            self._tell(n, own if rate else row or own or table)
            if n.unit == "%" and growth:
                n.direction = n.direction or "up"
            if share and n.unit == "%" and n.direction is None:
                n.basis = n.basis or "share"

    def _units(self, line: str, start: int, found: list[Numeral]) -> None:
        """'Output | 100 million yuan | 82,553': a unit that has a cell of its own beside a bare number is no amount."""
        if not any(n.kind == "quantity" and _BARE.fullmatch(n.surface) for n in found):
            return
        for i, n in enumerate(found):
            cell = line[line.rfind("\t", 0, n.start - start) + 1 :].partition("\t")[0].strip()
            unit = self.rules.unit_cell.fullmatch(cell) if n.kind == "quantity" else None
            if unit and (_round(unit["base"]) if unit["base"] else not re.search(r"\d", cell)):
                found[i] = self._word(n)


def _round(number: str) -> bool:
    """Whether a number is ten, a hundred, …: amounts that tables are told in."""
    return number.strip().replace(",", "").strip("0") == "1"
