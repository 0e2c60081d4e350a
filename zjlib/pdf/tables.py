"""The tables of a page: rows of figures that stand below one another, ruled or not."""

from collections.abc import Iterator
from itertools import groupby, pairwise

from zjlib.lines import REPEATABLE
from zjlib.pdf.grid import Grid, Span
from zjlib.pdf.heads import heads_of, over_columns
from zjlib.pdf.line import Line, Piece, Word, are_apart, joined, parted
from zjlib.pdf.rows import FIGURE, LONGEST_CELL, Row, apart, parts_of

_MOST_HEADS, _MOST_LABELS = 4, 2  # rows of heads, of labels below them
_CLOSER = 0.9  # of the least room between rows is more than that between the lines of a label
_LONGEST_HEAD = 60


def tables_of(rows: list[Row], grid: Grid) -> dict[int, str]:
    """The rows that are of a table, by their places, with a tab between their cells."""
    found: dict[int, str] = {}
    first = 0
    while first < len(rows):
        last = first
        while rows[last].is_tabular and (step := _next(rows, first, last)):
            last += step
        after = last + 1
        columns = _columns(rows[first:after], grid)
        figures = next((place for place in range(first, after) if rows[place].has_figures), first)
        head, body = _head(rows, figures, columns, grid, found) if len(columns) > 1 else (first, first)
        if after - min(head, first) > 1 and len(columns) > 1:
            found |= {place: _told(rows[place], columns) for place in range(first, head)}
            found |= _with_labels({place: _told(rows[place], columns) for place in range(body, after)}, rows)
            cells = [cell for row in rows[head:body] for cell in _heads(row, columns)]
            heads = "\n".join("\t".join(texts) for texts in heads_of(cells, columns, grid))
            found |= {place: heads if place == head else "" for place in range(head, body)}
        first = after
    return found


def _with_labels(told: dict[int, str], rows: list[Row]) -> dict[int, str]:
    """The rows with the first lines of a label before the last, which the figures stand beside: 'Retail sales', '(million yuan)'."""
    apart = [rows[a].bottom - rows[b].top for a, b in pairwise(told) if rows[a].is_tabular and rows[b].is_tabular]
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
            or len(row.cells[0].text) > LONGEST_CELL
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
    figures = [row for row in rows if row.has_figures]
    rows = figures or [row for row in rows if row.is_aligned] or [row for row in rows if row.is_ruled]
    if not rows:
        return []
    found = apart(span for spans in parts_of(rows, figures=bool(figures)) for span in spans)
    left, right = found[0][0], found[-1][1]
    ruled = sorted({round(at) for at in grid.crossing(rows[-1].bottom + 5, rows[0].top - 1)})
    inner = [at for at in ruled if left < at < right]
    if inner and (len(inner) + 1 >= len(found) or all(_are_parted(row, inner) for row in rows)):
        return list(pairwise([min(left, ruled[0]), *inner, max(right, ruled[-1])]))
    return found


def _are_parted(row: Row, upright: list[int]) -> bool:
    """Whether a rule stands between all cells of a row."""
    return all(any(a - 1 <= at <= b + 1 for at in upright) for (_, a), (b, _) in pairwise(row.blocks))


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
        over = [0] if len(cells) == 1 and not FIGURE.fullmatch(cell.text) else over_columns(cell, columns)
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


def _by_columns(cell: Piece, size: float, columns: list[Span], *, figures: bool = False) -> Iterator[Piece]:
    """A cell, or those that only the columns of a table tell apart, where the room is wide or before a figure."""

    def are_parted(a: Word, b: Word) -> bool:
        may = are_apart(a, b, size) or (figures and FIGURE.fullmatch(b.text))
        return bool(may) and _column(a, columns) < _column(b, columns)

    return parted(cell.words, are_parted)


def _column(word: Word, columns: list[Span]) -> int:
    return over_columns(Piece([word]), columns)[0]
