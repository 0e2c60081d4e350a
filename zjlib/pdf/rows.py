"""The rows of a page: its lines with those together that stand side by side, as the cells of a table do."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, pairwise

from zjlib.lines import ITEM
from zjlib.pdf.grid import Grid, Span
from zjlib.pdf.line import Line, Word, are_apart, parted
from zjlib.pdf.order import in_order
from zjlib.pdf.page import Page

FIGURE = re.compile(
    r"[-+−–(]{0,2}[$€£¥]?\s?\d(?:[\d,.\s]*\d)?\s?[%‰]?[)]?[*a-z]?|[-–—.…*xX]{1,3}|n\.?/?a\.?|\d[\d./:-]*\d", re.I
)
LONGEST_CELL = 80
_YEAR = re.compile(r"(?:19|20)\d\d")
_LEVEL = 0.85  # of an em: so far apart are two lines of one cell from the single one of its neighbour
_FURTHEST = 7  # rows between the first line of a cell and its neighbour
_MOST_LINES, _MOST_IN_ROW = 8, 60  # of a cell, of a row
_ALIKE = 3  # rows of words that are aligned are a table
_ALIGNED = 0.2  # of an em
_CLOSE = 1.6  # of an em: so far apart are two lines of a cell
_MARK = re.compile(r"[\W\d_]*|[(（]?\w{1,3}[.)）、]")  # before an item, a note


@dataclass
class Row:
    """Lines that stand side by side, as the cells of a row do; or a single one."""

    lines: list[Line]
    is_aligned: bool = False  # with rows near it, though it has no figures
    is_ruled: bool = False  # has rules above, below and between its cells

    def __post_init__(self) -> None:
        """Its cells from left to right, its bounds, and whether it has figures beside a label."""
        self.cells = sorted((piece for line in self.lines for piece in line.pieces), key=lambda piece: piece.left)
        self.top, self.bottom = max(line.base for line in self.lines), min(line.base for line in self.lines)
        self.left, self.right = self.cells[0].left, max(cell.right for cell in self.cells)
        self.size = max(line.size for line in self.lines)
        figures = [cell for cell in self.cells if cell.left > self.cells[0].right and FIGURE.fullmatch(cell.text)]
        low = self.top - self.bottom < _MOST_LINES * self.size
        short = all(len(cell.text) <= LONGEST_CELL for cell in self.cells)
        texts, gaps = len(self.cells) - 1 - len(figures), [b.left - a.right for a, b in pairwise(self.cells)]
        is_filled = len(gaps) > 1 and max(gaps) - min(gaps) < 0.2 * self.size  # to both margins, as prose is
        is_prose = len(self.lines) == 1 and (texts > len(figures) or (texts > 0 and is_filled))
        self.has_figures = low and short and not is_prose and not all(_YEAR.fullmatch(cell.text) for cell in figures)
        self.blocks = apart((cell.left, cell.right) for cell in self.cells)

    @property
    def is_tabular(self) -> bool:
        """Whether it may be a row of a table."""
        return self.has_figures or self.is_aligned or self.is_ruled


def rows_of(page: Page) -> list[Row]:
    """The lines of a page with those together that stand beside one another, though others of a cell come between."""
    rows: list[list[Line]] = []
    for line in in_order(page):
        near = range(len(rows) - 1, max(-1, len(rows) - 1 - _FURTHEST), -1)
        beside = min((place for place in near if _stands_beside(rows[place], line)), default=len(rows))
        rows[beside:] = [[*(each for row in rows[beside:] for each in row), line]]
    found = _whole([Row(part) for row in rows for part in _unless_tables(row)])
    _align(found)
    bands = groupby(found, lambda row: _band(row, page.grid) or id(row))
    found = [row for _, band in bands for row in _one_row([*band])]
    for row in found:
        row.is_ruled = _is_ruled(row, page.grid)
    return found


def apart(spans: Iterable[Span]) -> list[Span]:
    """From where to where cells stand, with those together that stand above one another."""
    found: list[Span] = []
    for left, right in sorted(spans):
        if found and left < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    return found


def parts_of(rows: Sequence[Row], *, figures: bool) -> list[list[Span]]:
    """From where to where the cells of each row stand, or those that one may be: they begin or end where others do, or are figures."""
    ends = {round(end) for row in rows for cell in row.cells[1:] for end in (cell.left, -cell.right)}

    def spans(row: Row) -> Iterator[Span]:
        def are_parted(a: Word, b: Word) -> bool:
            are_aligned = bool({round(b.left), round(-b.right)} & ends)
            if not figures:
                return are_aligned and are_apart(a, b, row.size)
            return bool(FIGURE.fullmatch(b.text)) + are_apart(a, b, row.size) + are_aligned > 1

        return ((part.left, part.right) for cell in row.cells for part in parted(cell.words, are_parted))

    return [[*spans(row)] for row in rows]


def _align(rows: list[Row]) -> None:
    """Mark the rows of words that are in line with others near; the first lines of a label may stand between."""
    several = [row for row in rows if len(row.blocks) > 1]
    for near in zip(*(several[n:] for n in range(_ALIKE)), strict=False):
        if all(map(_may_be_words, near)) and _are_aligned(near):
            for row in near:
                row.is_aligned = True


def _are_aligned(rows: Sequence[Row]) -> bool:
    """Whether rows that follow one another have cells that begin, end, or have their middle at the same places."""
    if not all(0 < a.bottom - b.top < _FURTHEST * a.size for a, b in pairwise(rows)):
        return False
    blocks = [apart(spans) for spans in parts_of(rows, figures=False)]
    columns = apart(block for row in blocks for block in row)
    if len(columns) > max(map(len, blocks)):
        return False
    for left, right in columns:
        within = [block for row in blocks for block in row if left <= block[0] < right]
        ends = zip(*((a, b, (a + b) / 2) for a, b in within), strict=True)
        if min(max(end) - min(end) for end in ends) > _ALIGNED * rows[0].size:
            return False
    return True


def _may_be_words(row: Row) -> bool:
    """Whether a row is neither an item of a list after its mark, nor texts side by side."""
    first = row.cells[0].text
    is_item = len(row.blocks) == 2 and (ITEM.fullmatch(first) or _MARK.fullmatch(first))
    return not is_item and sum(len(cell.text) > LONGEST_CELL for cell in row.cells) < 2


def _unless_tables(lines: list[Line]) -> list[list[Line]]:
    """Lines that stand side by side, or each if several are rows of figures: two tables stand so, or a table and a text."""
    figures = sum(sum(bool(FIGURE.fullmatch(piece.text)) for piece in line.pieces[1:]) > 0 for line in lines)
    return [lines] if figures < 2 else [[line] for line in lines]


def _is_ruled(row: Row, grid: Grid) -> bool:
    band = _band(row, grid)
    reach = _MOST_LINES * row.size
    if not band or max(row.top - row.bottom, row.bottom - band[0], band[1] - row.top) >= reach:
        return False
    crossing = grid.crossing(row.bottom + 1, row.top)
    return any(a.right <= at + 1 and at - 1 <= b.left for at in crossing for a, b in pairwise(row.cells))


def _band(row: Row, grid: Grid) -> Span | None:
    return grid.band((row.left, row.right), row.bottom, row.top, row.size)


def _stands_beside(row: list[Line], line: Line) -> bool:
    return len(row) < _MOST_IN_ROW and any(
        other.turn == line.turn
        and abs(other.base - line.base) < _LEVEL * min(other.size, line.size)
        and not any(a.left <= b.right and b.left <= a.right for a in other.pieces for b in line.pieces)
        for other in row
    )


def _one_row(band: list[Row]) -> list[Row]:
    """Rows between two rules are one if no more than one of them has figures: its labels and heads take several lines."""
    cells = sum(len(row.cells) for row in band)
    high = band[0].top - band[-1].bottom > _MOST_LINES * band[0].size
    full = sum(row.is_tabular for row in band)
    if len(band) == 1 or high or full > 1 or cells < len(band) + 1:
        return band
    return [Row([line for row in band for line in row.lines], is_aligned=any(row.is_aligned for row in band))]


def _whole(rows: list[Row]) -> list[Row]:
    """The rows with what stands beside two of them at once, a head over one column, in the first of both, and the last lines of a cell."""
    found: list[Row] = []
    for row in rows:
        last = found[-1] if found else None
        if last and (_is_stub(last, row) or _goes_on(last, row)):
            found[-1] = Row([*last.lines, *row.lines])
        else:
            found.append(row)
    return found


def _is_stub(row: Row, beside: Row) -> bool:
    return row.bottom < beside.top < row.bottom + 2 * row.size and row.right < beside.left


def _goes_on(row: Row, below: Row) -> bool:
    """Whether a line is the next of a cell that is not the first of its row."""
    if len(below.blocks) > 1 or len(row.blocks) < 2 or FIGURE.fullmatch(below.lines[0].text):
        return False
    if not 0 < row.bottom - below.top < _CLOSE * row.size or below.left < row.blocks[0][1]:
        return False
    above = [cell for cell in row.cells if cell.left < below.right and below.left < cell.right]
    return any(
        min(
            abs(cell.left - below.left),
            abs(cell.right - below.right),
            abs(cell.left + cell.right - below.left - below.right),
        )
        < _ALIGNED * row.size
        for cell in above
    )
