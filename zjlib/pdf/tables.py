"""The tables of a page: rows of figures that stand below one another, ruled or not."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import groupby, pairwise

from zjlib.lines import REPEATABLE
from zjlib.pdf.grid import Grid, Span
from zjlib.pdf.heads import heads_of, over_columns
from zjlib.pdf.line import Line, Piece, Word, are_apart, joined, parted
from zjlib.pdf.order import in_order
from zjlib.pdf.page import Page

_LEVEL = 0.85  # of an em: so far apart are two lines of one cell from the single one of its neighbour
_FURTHEST = 7  # rows between the first line of a cell and its neighbour
_FIGURE = re.compile(
    r"[-+−–(]{0,2}[$€£¥]?\s?\d(?:[\d,.\s]*\d)?\s?[%‰]?[)]?[*a-z]?|[-–—.…*xX]{1,3}|n\.?/?a\.?|\d[\d./:-]*\d", re.I
)
_YEAR = re.compile(r"(?:19|20)\d\d")
_MOST_LINES, _MOST_IN_ROW = 8, 60  # of a cell, of a row
_MOST_HEADS, _MOST_LABELS = 4, 2  # rows of heads, of labels below them
_CLOSER = 0.9  # of the least room between rows is more than that between the lines of a label
_LONGEST_HEAD, _LONGEST_CELL = 60, 80


@dataclass
class Row:
    """Lines that stand side by side, as the cells of a row do; or a single one."""

    lines: list[Line]
    is_ruled: bool = False  # has rules above, below and between its cells

    def __post_init__(self) -> None:
        """Its cells from left to right, its bounds, and whether it has figures beside a label."""
        self.cells = sorted((piece for line in self.lines for piece in line.pieces), key=lambda piece: piece.left)
        self.top, self.bottom = max(line.base for line in self.lines), min(line.base for line in self.lines)
        self.left, self.right = self.cells[0].left, max(cell.right for cell in self.cells)
        self.size = max(line.size for line in self.lines)
        figures = [cell for cell in self.cells if cell.left > self.cells[0].right and _FIGURE.fullmatch(cell.text)]
        low = self.top - self.bottom < _MOST_LINES * self.size
        short = all(len(cell.text) <= _LONGEST_CELL for cell in self.cells)
        texts, gaps = len(self.cells) - 1 - len(figures), [b.left - a.right for a, b in pairwise(self.cells)]
        is_filled = len(gaps) > 1 and max(gaps) - min(gaps) < 0.2 * self.size  # to both margins, as prose is
        is_prose = len(self.lines) == 1 and (texts > len(figures) or (texts > 0 and is_filled))
        self.has_figures = low and short and not is_prose and not all(_YEAR.fullmatch(cell.text) for cell in figures)
        self.is_tabular = self.has_figures or self.is_ruled


def rows_of(page: Page) -> list[Row]:
    """The lines of a page with those together that stand beside one another, though others of a cell come between."""
    rows: list[list[Line]] = []
    for line in in_order(page):
        near = range(len(rows) - 1, max(-1, len(rows) - 1 - _FURTHEST), -1)
        beside = min((place for place in near if _stands_beside(rows[place], line)), default=len(rows))
        rows[beside:] = [[*(each for row in rows[beside:] for each in row), line]]
    single = [Row(part) for row in rows for part in _unless_tables(row)]
    bands = groupby(single, lambda row: _band(row, page.grid) or id(row))
    whole = _with_stubs([row for _, band in bands for row in _one_row([*band])])
    return [replace(row, is_ruled=_is_ruled(row, page.grid)) for row in whole]


def _unless_tables(lines: list[Line]) -> list[list[Line]]:
    """Lines that stand side by side, or each if several are rows of figures: two tables stand so, or a table and a text."""
    figures = sum(sum(bool(_FIGURE.fullmatch(piece.text)) for piece in line.pieces[1:]) > 0 for line in lines)
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
    if len(band) == 1 or high or sum(row.has_figures for row in band) > 1 or cells < len(band) + 1:
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
        while rows[last].is_tabular and (step := _next(rows, first, last)):
            last += step
        after = last + 1
        columns = _columns(rows[first:after], page.grid)
        figures = next((place for place in range(first, after) if rows[place].has_figures), first)
        head, body = _head(rows, figures, columns, page.grid, found) if len(columns) > 1 else (first, first)
        if after - min(head, first) > 1 and len(columns) > 1:
            found |= {place: _told(rows[place], columns) for place in range(first, head)}
            found |= _with_labels({place: _told(rows[place], columns) for place in range(body, after)}, rows)
            cells = [cell for row in rows[head:body] for cell in _heads(row, columns)]
            heads = "\n".join("\t".join(texts) for texts in heads_of(cells, columns, page.grid))
            found |= {place: heads if place == head else "" for place in range(head, body)}
        first = after
    return found


def _with_labels(told: dict[int, str], rows: list[Row]) -> dict[int, str]:
    """The rows with the first lines of a label before the last, which the figures stand beside: 'Retail sales', '(million yuan)'."""
    apart = [rows[a].bottom - rows[b].top for a, b in pairwise(told) if rows[a].has_figures and rows[b].has_figures]
    for a, b in pairwise(told):
        label, below = told[a].rstrip("\t"), told[b]
        close = rows[a].bottom - rows[b].top < _CLOSER * min(apart, default=0)
        if label and "\t" not in label and (close or below[:1].islower() or below[:1] in "(（"):
            told |= {a: "", b: joined(label, below)}
    return told


def _next(rows: list[Row], first: int, last: int) -> int:
    """How many rows further the next one with figures of the same table is; 0 where there is none."""
    figures = min(cell.left for row in rows[first : last + 1] if row.is_tabular for cell in row.cells[1:])
    for step, row in enumerate(rows[last + 1 : last + _MOST_HEADS + 1], 1):
        if row.top > rows[last].top + row.size:
            return 0  # that of another table beside it
        if row.is_tabular:
            return step
        if (
            len(row.cells) > 1
            or row.left > figures
            or len(row.cells[0].text) > _LONGEST_CELL
            or (step > 2 and row.right > figures)
        ):
            return 0  # no label
    return 0


def _head(rows: list[Row], body: int, columns: list[Span], grid: Grid, taken: dict[int, str]) -> tuple[int, int]:
    """The first of the rows that head those of figures, and the one after them; a label may stand below them: 'Of which'."""
    first = after = body
    for place in range(body - 1, max(-1, body - 1 - _MOST_HEADS), -1):
        if place in taken:
            break
        if _is_head(rows[place], rows[place + 1], columns, grid) or _is_of_head(
            rows[place - 1 : place + 2], columns, grid
        ):
            first, after = place, after if first < body else place + 1
        elif first < body or place < body - _MOST_LABELS or len(rows[place].cells) > 1:
            break
    return first, after


def _is_head(row: Row, below: Row, columns: list[Span], grid: Grid) -> bool:
    near = row.top > below.top and row.bottom - below.top < 3 * row.size
    if not near or any(len(cell.text) > _LONGEST_HEAD for cell in row.cells):
        return False
    return len(_heads(row, columns)) > 1 or _is_over_figures(row, below, columns, grid)


def _is_over_figures(row: Row, below: Row, columns: list[Span], grid: Grid) -> bool:
    """Whether a single cell stands in the middle over some columns of figures, and not of the whole table, as a caption does."""
    under = (rule for rule in grid.level if below.top < rule.at < row.bottom)
    rules = [rule for rule in under if rule.start < row.left and rule.end > row.right]
    if row.left < columns[0][1] or row.bottom - below.top > 2 * row.size or row.cells[0].text[0] in "(（":
        return False
    if rules:
        return all(rule.start > columns[0][1] for rule in rules)
    middles = [(a[0] + b[1]) / 2 for n, a in enumerate(columns[1:], 1) for b in columns[n + 1 :]]
    of_table, *off = (
        abs((row.left + row.right) / 2 - middle) for middle in [(columns[0][0] + columns[-1][1]) / 2, *middles]
    )
    return min(off, default=of_table) < min(row.size, of_table / 2)


def _is_of_head(around: list[Row], columns: list[Span], grid: Grid) -> bool:
    """Whether a single cell is the last line of a head above it, or the label that stands beside two levels of heads."""
    if len(around) < 3 or not _is_head(around[0], around[1], columns, grid) or len(around[0].cells) < 2:
        return False
    above, row, below = around
    near = above.bottom - row.top < (2 if row.left > columns[0][1] else 1.2) * row.size
    between = row.left > columns[0][1] or row.top - below.top < 1.2 * row.size
    return len(row.cells) == 1 and near and between and row.bottom - below.top > 0


def _columns(rows: list[Row], grid: Grid) -> list[Span]:
    """Where the columns of a table stand: between its upright rules, or where cells are above one another."""
    rows = [row for row in rows if row.has_figures] or [row for row in rows if row.is_tabular]
    if not rows:
        return []
    ends = {round(end) for row in rows for cell in row.cells[1:] for end in (cell.left, -cell.right)}
    parts = [part for row in rows for cell in row.cells for part in _parts(cell, row.size, ends)]
    cells = sorted((part.left, part.right) for part in parts)
    found: list[Span] = []
    for left, right in cells:
        if found and left < found[-1][1]:
            found[-1] = found[-1][0], max(found[-1][1], right)
        else:
            found.append((left, right))
    ruled = sorted({round(at) for at in grid.crossing(rows[-1].bottom + 5, rows[0].top - 1)})
    inner = [at for at in ruled if cells[0][0] < at < max(right for _, right in cells)]
    if inner and len(inner) + 1 >= len(found):
        edges = [min(cells[0][0], ruled[0]), *inner, max(max(right for _, right in cells), ruled[-1])]
        return list(pairwise(edges))
    return found


def _told(row: Row, columns: list[Span]) -> str:
    """A row with a tab between its cells; a single one heads the rows below it."""
    texts = [""] * len(columns)
    cells = [
        part
        for line in row.lines
        for cell in line.pieces
        for part in _by_columns(cell, line.size, columns, figures=True)
    ]
    for cell in cells:
        over = [0] if len(cells) == 1 and not _FIGURE.fullmatch(cell.text) else over_columns(cell, columns)
        for n in over if REPEATABLE.fullmatch(cell.text) else over[:1]:
            texts[n] = joined(texts[n], cell.text) if texts[n] else cell.text
    return "\t".join(texts)


def _heads(row: Row, columns: list[Span]) -> list[tuple[Line, Piece]]:
    """The cells of a row with their lines; words of a line over a single column are one cell."""
    found: list[tuple[Line, Piece]] = []
    for line in row.lines:
        parts = (part for cell in line.pieces for part in _by_columns(cell, line.size, columns))
        for over, cells in groupby(parts, lambda part: over_columns(part, columns)):
            alike = [*cells]
            merged = [Piece([word for cell in alike for word in cell.words])]
            found += [(line, cell) for cell in (merged if len(over) == 1 else alike)]
    return found


def _parts(cell: Piece, size: float, ends: set[int]) -> Iterator[Piece]:
    """A cell, or those that it may be: they begin or end where others of their column do, or are figures."""

    def are_parted(a: Word, b: Word) -> bool:
        signs = bool(_FIGURE.fullmatch(b.text)), are_apart(a, b, size), bool({round(b.left), round(-b.right)} & ends)
        return sum(signs) > 1

    return parted(cell.words, are_parted)


def _by_columns(cell: Piece, size: float, columns: list[Span], *, figures: bool = False) -> Iterator[Piece]:
    """A cell, or those that only the columns of a table tell apart, where the room is wide or before a figure."""

    def are_parted(a: Word, b: Word) -> bool:
        may = are_apart(a, b, size) or (figures and _FIGURE.fullmatch(b.text))
        return bool(may) and _column(a, columns) < _column(b, columns)

    return parted(cell.words, are_parted)


def _column(word: Word, columns: list[Span]) -> int:
    return over_columns(Piece([word]), columns)[0]
