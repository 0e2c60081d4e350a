"""The tables of a page: rows of figures that stand below one another, ruled or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby, pairwise

from zjlib.lines import REPEATABLE
from zjlib.pdf.line import Line, Piece, Word, are_apart, joined
from zjlib.pdf.page import Page, Rule

_LEVEL = 0.85  # of an em: so far apart are two lines of one cell from the single one of its neighbour
_FURTHEST = 7  # rows between the first line of a cell and its neighbour
_FIGURE = re.compile(r"[-+−–(]{0,2}[$€£¥]?\d(?:[\d,.\s]*\d)?\s?[%‰]?[)]?[*a-z]?|[-–—.…*xX]{1,3}|n\.?/?a\.?", re.I)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_LINES, _MOST_IN_ROW = 5, 60  # of a cell, of a row
_MOST_HEADS, _MOST_LABELS = 4, 2  # rows of heads, of labels below them
_LONGEST_HEAD, _LONGEST_CELL = 60, 80

Column = tuple[float, float]


@dataclass
class Row:
    """Lines that stand side by side, as the cells of a row do; or a single one."""

    lines: list[Line]

    def __post_init__(self) -> None:
        """Its cells from left to right, its bounds, and whether it has figures beside a label."""
        self.cells = sorted((piece for line in self.lines for piece in line.pieces), key=lambda piece: piece.left)
        self.top, self.bottom = max(line.base for line in self.lines), min(line.base for line in self.lines)
        self.left, self.right = self.cells[0].left, max(cell.right for cell in self.cells)
        self.size = max(line.size for line in self.lines)
        figures = [cell for cell in self.cells if cell.left > self.cells[0].right and _FIGURE.fullmatch(cell.text)]
        low = self.top - self.bottom < _MOST_LINES * self.size
        short = all(len(cell.text) <= _LONGEST_CELL for cell in self.cells)
        self.has_figures = low and short and not all(_YEAR.fullmatch(cell.text) for cell in figures)


def rows_of(page: Page) -> list[Row]:
    """The lines of a page with those together that stand beside one another, though others of a cell come between."""
    rows: list[list[Line]] = []
    for line in page.lines:
        near = range(len(rows) - 1, max(-1, len(rows) - 1 - _FURTHEST), -1)
        beside = min((place for place in near if _stands_beside(rows[place], line)), default=len(rows))
        rows[beside:] = [[*(each for row in rows[beside:] for each in row), line]]
    return _with_stubs([row for band in _bands([Row(row) for row in rows], page.level) for row in _one_row(band)])


def _stands_beside(row: list[Line], line: Line) -> bool:
    return len(row) < _MOST_IN_ROW and any(
        (line.left > other.right or line.right < other.left)
        and other.turn == line.turn
        and abs(other.base - line.base) < _LEVEL * min(other.size, line.size)
        for other in row
    )


def _bands(rows: list[Row], level: list[Rule]) -> list[list[Row]]:
    """The rows by the rules that stand above and below the whole of them."""

    def band(row: Row) -> tuple[float, float] | int:
        whole = [rule.at for rule in level if rule.start < row.left + row.size and rule.end > row.right - row.size]
        above = min((at for at in whole if at > row.top), default=None)
        below = max((at for at in whole if at < row.bottom), default=None)
        return id(row) if above is None or below is None else (above, below)

    return [list(group) for _, group in groupby(rows, band)]


def _one_row(band: list[Row]) -> list[Row]:
    """Rows between two rules are one if no more than one of them has figures: its labels and heads take several lines."""
    cells = sum(len(row.cells) for row in band)
    if len(band) == 1 or sum(row.has_figures for row in band) > 1 or cells < len(band) + 1:
        return band
    return [Row([line for row in band for line in row.lines])]


def _with_stubs(rows: list[Row]) -> list[Row]:
    """The rows with what stands beside two of them at once, a head over one column, in the first of both."""
    found: list[Row] = []
    for row in rows:
        stub = found[-1] if found else None
        if stub and stub.bottom < row.top < stub.bottom + 2 * stub.size and stub.right < row.left:
            found[-1] = Row([*stub.lines, *row.lines])
        else:
            found.append(row)
    return found


def tables_of(rows: list[Row], page: Page) -> dict[int, str]:
    """The rows that are of a table, by their places, with a tab between their cells."""
    found: dict[int, str] = {}
    first = 0
    while first < len(rows):
        last = first
        while rows[last].has_figures and (step := _next(rows, first, last)):
            last += step
        after = last + 1
        columns = _columns(rows[first:after], page.upright)
        body = first
        first = _head(rows, first, found) if columns else first
        if after - first > 1 and len(columns) > 1:
            told = {place: _told(rows[place], columns, page.upright, place < body - 1) for place in range(first, after)}
            found |= _with_labels(told)
        first = after
    return found


def _with_labels(told: dict[int, str]) -> dict[int, str]:
    """The rows with the first line of a label before the second, which the figures stand beside: 'Retail sales', '(million yuan)'."""
    for place in [*told][:-1]:
        label, below = told[place].rstrip("\t"), told[place + 1]
        if "\t" not in label and (below[:1].islower() or below[:1] in "(（"):
            told |= {place: "", place + 1: joined(label, below)}
    return told


def _next(rows: list[Row], first: int, last: int) -> int:
    """How many rows further the next one with figures of the same table is; 0 where there is none."""
    figures = min(cell.left for row in rows[first : last + 1] if row.has_figures for cell in row.cells[1:])
    for step, row in enumerate(rows[last + 1 : last + 4], 1):
        if row.has_figures:
            return step
        if len(row.cells) > 1 or row.cells[0].left > figures or len(row.cells[0].text) > _LONGEST_CELL:
            return 0  # no label
    return 0


def _head(rows: list[Row], body: int, taken: dict[int, str]) -> int:
    """The first of the rows that head those of figures; a label may stand between: 'Of which'."""
    first = body
    for place in range(body - 1, max(-1, body - 1 - _MOST_HEADS), -1):
        is_label = len(rows[place].cells) == 1 and place >= body - _MOST_LABELS
        if place in taken or not (is_label or _is_head(rows[place], rows[place + 1])):
            break
        first = first if is_label else place
    return first


def _is_head(row: Row, below: Row) -> bool:
    near = 0 < row.bottom - below.top < 3 * row.size
    return near and len(row.cells) > 1 and all(len(cell.text) <= _LONGEST_HEAD for cell in row.cells)


def _columns(rows: list[Row], upright: list[Rule]) -> list[Column]:
    """Where the columns of a table stand: between its upright rules, or where cells are above one another."""
    rows = [row for row in rows if row.has_figures]
    if not rows:
        return []
    ends = {round(end) for row in rows for cell in row.cells[1:] for end in (cell.left, -cell.right)}
    parts = [part for row in rows for cell in row.cells for part in _parts(cell, row.size, ends)]
    cells = sorted((part.left, part.right) for part in parts)
    found: list[Column] = []
    for left, right in cells:
        if found and left < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    top, bottom = rows[0].top, rows[-1].bottom
    ruled = sorted({round(rule.at) for rule in upright if rule.start < bottom + 5 and rule.end > top - 1})
    inner = [at for at in ruled if cells[0][0] < at < max(right for _, right in cells)]
    if inner and len(inner) + 1 >= len(found):
        edges = [min(cells[0][0], ruled[0]), *inner, max(max(right for _, right in cells), ruled[-1])]
        return list(pairwise(edges))
    return found


def _told(row: Row, columns: list[Column], upright: list[Rule], is_head_of_heads: bool) -> str:
    """A row with a tab between its cells; what heads several heads stands over each of them."""
    texts = [""] * len(columns)
    cells = [part for line in row.lines for cell in line.pieces for part in _by_columns(cell, line.size, columns)]
    if is_head_of_heads:
        cells = [_between(cell, row, upright) for cell in _stacked(cells)]
    for cell in cells:
        over = _over(cell, columns)
        for n in over if REPEATABLE.fullmatch(cell.text) else over[:1]:
            texts[n] = joined(texts[n], cell.text) if texts[n] else cell.text
    heads = [cell for cell in cells if cell.left > columns[0][1]]
    if is_head_of_heads and heads and all(REPEATABLE.fullmatch(cell.text) for cell in heads):
        for n, column in enumerate(columns[1:], 1):
            texts[n] = texts[n] or min(heads, key=lambda cell: abs(cell.left + cell.right - sum(column))).text
    return "\t".join(texts)


def _parts(cell: Piece, size: float, ends: set[int]) -> Iterator[Piece]:
    """A cell, or those that it may be: they begin or end where others of their column do, or are figures."""
    first = 0
    for place, (a, b) in enumerate(pairwise(cell.words), 1):
        signs = bool(_FIGURE.fullmatch(b.text)), are_apart(a, b, size), bool({round(b.left), round(-b.right)} & ends)
        if sum(signs) > 1:
            yield Piece(cell.words[first:place])
            first = place
    yield Piece(cell.words[first:])


def _by_columns(cell: Piece, size: float, columns: list[Column]) -> Iterator[Piece]:
    """A cell, or those that only the columns of a table tell apart."""
    first = 0
    for place, (a, b) in enumerate(pairwise(cell.words), 1):
        if (_FIGURE.fullmatch(b.text) or are_apart(a, b, size)) and _column(a, columns) < _column(b, columns):
            yield Piece(cell.words[first:place])
            first = place
    yield Piece(cell.words[first:])


def _column(word: Word, columns: list[Column]) -> int:
    return _over(Piece([word]), columns)[0]


def _piece(text: str, left: float, right: float) -> Piece:
    return Piece([Word(text, left, right)])


def _stacked(cells: list[Piece]) -> list[Piece]:
    """The cells with those as one that stand below one another."""
    found: list[Piece] = []
    for cell in cells:
        above = next((n for n, other in enumerate(found) if other.left < cell.right and cell.left < other.right), None)
        if above is None:
            found.append(cell)
        else:
            top = found[above]
            found[above] = _piece(joined(top.text, cell.text), min(top.left, cell.left), max(top.right, cell.right))
    return found


def _between(cell: Piece, row: Row, upright: list[Rule]) -> Piece:
    """A cell as wide as the rules beside it leave it room."""
    rules = [rule.at for rule in upright if rule.start < row.top and rule.end > row.top]
    left = max((at for at in rules if at <= cell.left + 1), default=cell.left)
    right = min((at for at in rules if at >= cell.right - 1), default=cell.right)
    return _piece(cell.text, left + 1, right - 1)


def _over(cell: Piece, columns: list[Column]) -> list[int]:
    """The columns that a cell stands over, or the nearest."""
    over = [n for n, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
    return over or [min(range(len(columns)), key=lambda n: abs(sum(columns[n]) - cell.left - cell.right))]
