"""Tables in plain text: a unit named once for a table, a row or a column, and what the head of a column says of its cells."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property
from typing import NamedTuple

from zjlib.languages import Language
from zjlib.report import Sentence, Span
from zjlib.scanning.calendar import is_year
from zjlib.scanning.measures import Measure, Measures, is_round
from zjlib.scanning.numbers import digits
from zjlib.scanning.numeral import Numeral
from zjlib.units import LENGTHS

_RATE: Measure = Decimal(1), "%"
_LONGEST_ROW = 2_000
_LABEL = re.compile(r"(?P<of>[^:;,.\n]{2,60}): (?=[^a-z\n]*\d)")
_BARE = re.compile(r"[-+]?[\d,.]+")
_YEAR = re.compile(r"(?:19|20)\d\d")
_WORDS_NEXT = re.compile(r" ?\t ?[^\W\d_]{2}")
_NUMBERED = re.compile(r"\(?\d{1,3}[.、)）] ?[^\d\s]")  # '1. Output'
_BRACKETED = re.compile(r"\(\d{1,2}\)")
_DASHES = ("-", "–", "—", "•", "·")
_ALONE = re.compile(r"(?m)^ *(\d{1,4})\.? *$|^")  # the number of a line that has nothing else
_CELL_ENDS = re.compile(r"[,;)]| \(|$")


class _Run(NamedTuple):
    """Numbers that stand alone in their lines and count on: the last, and those told so far, at most two."""

    line: int
    order: int  # which of the numbers that stand alone it is
    far: int  # how many lines after the one before, 0 for the first, -1 where that differs
    next_one: bool  # whether no other number stood alone between
    starts: tuple[int, ...]


@dataclass
class Row:
    """What a row of a table says of its cells."""

    label: str
    own: Measure | None
    table: Measure | None  # what its section or the table says
    rates: bool  # whether the table tells by how much things grew


class Cells:
    """What the lines read so far say of the tab-separated lines below them."""

    def __init__(self, rules: Language, low: str, paragraphs: list[Span]) -> None:
        """`low` is the text in the plain form that the rules are written for, `paragraphs` its lines."""
        self.rules, self.low, self.paragraphs = rules, low, paragraphs
        self.measures = Measures(rules)
        self.line = 0  # the number of the paragraph read last
        self.caption = ""  # the last line without cells
        self.prose = False  # whether that line tells amounts of its own
        self.heads: list[str] = []  # of the columns below it
        self.open = False  # whether the last line was one of heads
        self.periods: dict[int, str | None] = {}
        self.section: Measure | None = None  # what a heading between the rows names
        self.listed: bool | None = None  # whether its rows have dashes

    def _caption(self, line: str) -> None:
        """A line without cells: it may name the unit of the table below, or end the one above."""
        self.caption, self.prose = line, False
        self.heads, self.periods, self.section, self.open = [], {}, None, False

    def _columns(self, line: str, periods: dict[int, str | None]) -> None:
        """A line of heads, and the times that they name; heads of heads go on in those directly below them."""
        heads = [cell.strip() for cell in line.split("\t")]
        if self.open and len(heads) == len(self.heads):
            pairs = zip(self.heads, heads, strict=True)
            self.heads = [f"{above}\n{own}" if above != own else own for above, own in pairs]
            self.periods |= periods
        else:
            self.heads, self.periods, self.section = heads, periods, None
        self.open = len(heads) > 1

    def _head(self, column: int) -> str:
        return self.heads[column] if column < len(self.heads) else ""

    def _captioned(self) -> Measure | None:
        """The unit that the line above a table names: one that tells amounts of its own, only in brackets."""
        return self.measures.in_brackets(self.caption) if self.prose else self.measures.named(self.caption)

    def _row(self, cells: list[str], label: str) -> Measure | None:
        """The unit that a row names, in a cell of its own or after its label."""
        own = (self.measures.in_cell(cell) for cell in (*cells[1:3], cells[-1]))
        return next((u for u in own if u), self.measures.named(label))

    def _section(self, label: str) -> None:
        """A row with nothing but a label heads those below it: it may name their unit."""
        self.section, self.listed = self.measures.named(label), None

    def _in_section(self, label: str) -> Measure | None:
        """The unit of the section that a row is in; one whose rows have dashes ends with them."""
        if self.section and self.listed is None:
            self.listed = label[:1] in _DASHES
        if self.listed and label[:1] not in _DASHES:
            self.section = None
        return self.section

    def read(self, sentence: Sentence, found: list[Numeral]) -> None:
        """Give the numbers of a line with cells the unit, period and direction of their row and columns."""
        start, end = self.paragraphs[sentence.paragraph - 1]
        if end - start > _LONGEST_ROW:
            start, end = sentence.start, sentence.end
        start = self._begin(start)
        line = self.low[start:end]  # the whole row, though a label in it ends like a sentence: 'other, etc.'
        for skipped in range(max(self.line, sentence.paragraph - 4), sentence.paragraph - 1):
            above, below = self.paragraphs[skipped]  # lines without a numeral
            line_before = self.low[self._begin(above) : min(below, above + 400)]
            if "\t" not in line_before:
                self._caption(line_before)
            elif line_before.partition("\t")[0].strip() and not line_before.partition("\t")[2].strip():
                self._section(line_before.strip())
            else:
                self._columns(line_before, {})
        self.line = sentence.paragraph
        if "\t" in line:
            self._cells(line, start, found)
        elif not self._labelled(line, start, found):
            self._caption(line)
            self._base(line, start, found)
            if len(found) == 1 and line.strip(" .").isdigit() and found[0].start in self._line_numbers:
                found[0] = self._instead(found[0], "ordinal", found[0].value)
            self.prose = any(n.kind == "quantity" for n in found)

    @cached_property
    def _line_numbers(self) -> set[int]:
        """Where 1, 2, 3 stand alone in lines, with no other number alone between or all as far apart: those of a table's rows."""
        runs: dict[int, _Run] = {}  # by the number read last
        out, order = set[int](), 0
        for line, m in enumerate(_ALONE.finditer(self.low)):
            if not m[1]:
                continue
            order, value = order + 1, int(m[1])
            last = runs.get(value - 1)
            if value == 1:
                runs[1] = _Run(line, order, 0, True, (m.start(1),))
            elif last and line - last.line < 60 and self._words_between(last.starts[-1], m.start(1)):
                next_one = last.next_one and last.order == order - 1
                far = line - last.line if last.far in (0, line - last.line) else -1
                if next_one or far > 0:
                    starts = (*last.starts, m.start(1))
                    out.update(starts if len(starts) == 3 else ())
                    runs[value] = _Run(line, order, far, next_one, starts[-2:])
        return out

    def _words_between(self, start: int, end: int) -> bool:
        """Whether lines that are no numbers stand between two: the cells of a column may count 1, 2 and 3."""
        return bool(self.low[start:end].strip("0123456789. \r\n"))

    def _begin(self, start: int) -> int:
        """Where a row begins that has empty cells at its left."""
        while self.low[start - 1 : start] == "\t":
            start -= 1
        return start

    def _labelled(self, line: str, start: int, found: list[Numeral]) -> bool:
        """'Turnover (RMB million): 6,418.2', or 'New orders: 49.2' below 'PMI (percent)': a line of a list, read by its label."""
        label = _LABEL.match(line) if len(line) <= 160 else None
        if not label or self.rules.unit_line.search(line):
            return False
        parts = re.split("[;,]", self.caption)  # '(yuan; change in brackets)'
        above = map(self.measures.in_brackets, parts)
        unit = self.measures.named(label["of"]) or self._captioned() or next((u for u in above if u), None)
        for n in found:
            if line.startswith(": ", n.start - start - 2) and _CELL_ENDS.match(line, n.end - start):
                self._tell(n, unit)
        return True

    def _tell(self, n: Numeral, measure: Measure | None) -> None:
        """Give a bare number the unit that stands elsewhere."""
        bare = n.unit is None or (n.unit == "count" and n.surface[-1:].isdigit())
        if measure and bare and n.kind == "quantity":
            factor, n.unit = measure
            n.noun = None
            n.multiply(factor)

    def _base(self, line: str, start: int, found: list[Numeral]) -> None:
        """'Unit: 100 million yuan' names no amount."""
        told = self.rules.unit_line.search(line) if len(line) < 80 and "." not in line else None
        if told is None or not told["base"] or not (told["told"] or is_round(told["base"]) or told[0][0] != "("):
            return
        for i, n in enumerate(found):
            if n.start >= start + told.start():
                found[i] = self._instead(n, "word")

    def _instead(self, n: Numeral, kind: str, value: Decimal | None = None, period: str | None = None) -> Numeral:
        """What a numeral is where it is no quantity."""
        return Numeral(
            n.start, n.end, n.surface, kind, value, period=period, sentence=n.sentence, paragraph=n.paragraph
        )

    def _cells(self, line: str, start: int, found: list[Numeral]) -> None:
        cells = self._in_cells(line, start, found)
        texts = [cell.strip() for cell in line.strip().split("\t")]
        self._no_amounts(cells, found, texts[0])
        if self._are_heads(cells, found):
            if not self.rules.begun.match(f"{texts[0]}:"):  # 'Founded | 1987'
                self._columns(line, self._dated(start, cells, found))
            return
        self.open = False
        first = next(filter(None, self.heads), "")
        table = self._in_section(texts[0]) or self._captioned() or self.measures.named(first)
        rates = bool(self.rules.rate_caption.search(self.caption))
        row = Row(texts[0], self._row(texts, texts[0]), table, rates)
        year = next((n.period for n in found if n.kind == "date" and not self.periods), None)
        share = self.rules.share_head.search(self.caption)
        for n, (column, cell) in zip(found, cells, strict=True):
            if n.kind == "quantity":
                n.period = n.period or year
                self._tell_cell(n, column, cell, row)
                if share and n.unit == "%" and n.direction is None:
                    n.basis = n.basis or "share"

    def _are_heads(self, cells: list[tuple[int, str]], found: list[Numeral]) -> bool:
        """Whether a row tells no amount, but for lengths of time: 'FY24 - 52 weeks', 'Change on the last 3 months'."""
        if found and found[0].kind == "ordinal" and self._runs(found[0], cells[0][1]):
            return False
        return all(
            n.kind != "quantity" or (n.unit in LENGTHS and cell != self.low[n.start : n.end])
            for n, (_, cell) in zip(found, cells, strict=True)
        )

    def _runs(self, n: Numeral, cell: str) -> bool:
        """'3 | Growth in services of 6%': whether a number at the left is that of its row, with words in the next cell."""
        return cell.isdigit() and len(cell) < 3 and _WORDS_NEXT.match(self.low, n.end) is not None

    def _dated(self, start: int, cells: list[tuple[int, str]], found: list[Numeral]) -> dict[int, str | None]:
        """The times that heads name, by column; not the year that growth is told over."""
        over, dates = self.rules.reference, dict[int, str | None]()
        for n, (column, _) in zip(found, cells, strict=True):
            if n.kind == "date" and not over.search(self.low, max(start, n.start - 24), n.start):
                dates[column] = n.period
        return dates

    def _tell_cell(self, n: Numeral, column: int, cell: str, row: Row) -> None:
        """Give the number of a cell the unit, period and direction that its column, its row or the table names."""
        rules = self.rules
        head = self._head(column)
        growth = rules.growth_head.search(head) or row.rates
        if growth and column not in self.periods:  # '2022 | 2023 | growth', '2023 | 2022 | growth'
            before = [self.periods[c] or "" for c in sorted(self.periods) if c < column][-2:]
            newer = max(before, default="") if all(map(is_year, before)) else before[-1]
            n.period = n.period or newer or None
        n.period = n.period or self.periods.get(column) or (None if head else self.periods.get(column - 1))  # '$ | 12'
        own = self.measures.named(head) or (_RATE if row.rates else None)
        rate = own and own[1] in ("%", "pp")  # 'GDP (billion yuan)', but in this column by how much it grew
        table = None if rules.index_head.search(head) else row.table
        self._tell(n, own if rate else row.own or self._fitting(own or table, row.label))
        changes = n.unit in ("%", "pp") and (growth or (n.unit == "%" and rules.growth_head.search(row.label)))
        if cell == f"({self.low[n.start : n.end]})" and (growth or n.unit != "%"):
            n.direction = "down"  # as accounts print what is below zero
        elif changes:
            n.direction = n.direction or "up"

    def _fitting(self, measure: Measure | None, label: str) -> Measure | None:
        """The unit of a column or a table for a row of it, which may count things or tell amounts by the share among millions of euros."""
        if measure is None or measure[1] not in self.rules.currency.values():
            return measure
        if self.rules.count_label.match(label):
            return None
        return (Decimal(1), measure[1]) if self.rules.per_label.search(label) else measure

    def _in_cells(self, line: str, start: int, found: list[Numeral]) -> list[tuple[int, str]]:
        """The column of each numeral, and what stands in its cell."""
        columns = [line.count("\t", 0, n.start - start) for n in found]
        texts = line.split("\t")
        return [(c, texts[c].strip()) for c in columns]

    def _no_amounts(self, cells: list[tuple[int, str]], found: list[Numeral], label: str) -> None:
        """What counts nothing in a row: units in cells and heads of their own, years, ranks and numbers of rows."""
        rules = self.rules
        bare = any(n.kind == "quantity" and _BARE.fullmatch(n.surface) for n in found)
        years = len(found) > 1 and not self.periods and all(_YEAR.fullmatch(cell) for _, cell in cells)
        for i, (n, (column, cell)) in enumerate(zip(found, cells, strict=True)):
            head = self._head(column)
            number = self.low[n.start : n.end].strip()
            if bare and self.measures.is_base(cell):
                found[i] = self._instead(n, "word")  # 'Output | 100 million yuan | 82,553'
            elif n.kind == "quantity" and self.measures.tells_scale(cell, number):
                found[i] = self._instead(n, "word")  # 'Output (10,000 tons)', '出口，亿元', '(thousands of yuan)'
            elif (base := rules.index_base.search(cell)) and number in base[0]:
                found[i] = self._instead(n, "word")  # 'prices (2010=100)'
            elif years or (cell == n.surface and rules.year_head.search(head) and _YEAR.fullmatch(cell)):
                found[i] = self._instead(n, "date", period=cell)
            elif (cell == n.surface and (rules.rank_head.search(head) or rules.rank_head.search(label))) or (
                column == 0 and (_NUMBERED.match(cell) or (not head and self._runs(n, cell)))
            ):
                found[i] = self._instead(n, "ordinal", n.value)
            elif n.kind == "name" and {column, column - 1} & self.periods.keys() and _BRACKETED.fullmatch(cell):
                found[i] = self._instead(n, "quantity", digits(number.strip("()"), rules))  # '(3)', below zero
                found[i].start, found[i].end, found[i].qualifier = n.start + 1, n.end - 1, "exact"
                found[i].surface = n.surface.strip("()")
