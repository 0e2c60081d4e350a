"""The heads of a table: which columns each stands over, by the rules around it, or in whose middle it is."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import pairwise

from zjlib.lines import REPEATABLE
from zjlib.pdf.grid import Grid, Rule, Span
from zjlib.pdf.line import Line, Piece, joined

_LEADING, _WIDE_LEADING = 1.4, 1.9  # of an em: so far apart are the lines of a head
_ALIGNED = 0.4  # of an em
_UNHEADED = 0.15  # of a column's width: what it costs to leave a column without a head


@dataclass
class _Head:
    """A head of one or several lines: from where to where it stands, or the rules let it stand."""

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    ruled: bool = False

    def room(self, column: Span) -> float:
        """How much of a column it stands over."""
        return min(self.right, column[1]) - max(self.left, column[0])

    def over(self, columns: list[Span]) -> list[int]:
        """The columns below it, or the nearest."""
        middle = self.ruled and [
            n for n, (left, right) in enumerate(columns) if self.left < (left + right) / 2 < self.right
        ]
        return middle or over_columns(self, columns)


def _middle(column: Span) -> float:
    return sum(column) / 2


def over_columns(cell: _Head | Piece, columns: list[Span]) -> list[int]:
    """The columns that a cell stands over, or the nearest."""
    over = [n for n, (left, right) in enumerate(columns) if cell.left < right and cell.right > left]
    return over or [min(range(len(columns)), key=lambda n: abs(sum(columns[n]) - cell.left - cell.right))]


def heads_of(cells: Iterable[tuple[Line, Piece]], columns: list[Span], grid: Grid) -> list[list[str]]:
    """The heads over each column, a row for each level, from the cells with the lines they stand on."""
    found: list[_Head] = []
    for line, cell in cells:
        slot = _slot(line, cell, columns, grid)
        last = found[-1] if found else None
        if slot and last and last.ruled and last.top == line.base and last.left == slot[0]:
            last.text = joined(last.text, cell.text)
        else:
            left, right = slot or (cell.left, cell.right)
            found.append(_Head(cell.text, left, right, line.base, line.base, line.size, slot is not None))
    heads = [head if head.ruled else _over_rule(head, found, grid.level) for head in found]
    stacks: list[list[str]] = [[] for _ in columns]  # from the lowest
    wide, closed = [*columns], [float("-inf") for _ in columns]  # with their lowest heads, and up to where these reach
    lowest = min((head.bottom for head in found), default=0)
    for level in _levels(_whole(heads, grid.level)):
        over = [_own(head, level, columns) for head in level]
        free = {n for places in over for n in places if not stacks[n]}
        above = [head for head, places in zip(level, over, strict=True) if not free & {*places}]
        headed = [
            n for n, stack in enumerate(stacks) if stack and (n or any(n in head.over(columns) for head in above))
        ]
        headed = [n for n in headed if closed[n] < level[0].bottom]
        spans = _spans([head for head in above if not head.ruled], {n: wide[n] for n in headed})
        for head, places in zip(level, over, strict=True):
            if not head.ruled and head in above:
                places = spans.pop(0) or places[:1]
            elif not REPEATABLE.fullmatch(head.text):
                places = places[:1]
            for n in places:
                stacks[n].append(head.text)
                if len(stacks[n]) == 1:  # beside all the levels in whose middle it is
                    closed[n] = head.top + head.bottom - lowest
                if len(places) == 1:
                    wide[n] = min(wide[n][0], head.left), max(wide[n][1], head.right)
    rows = max(map(len, stacks))
    return [[stack[row] if row < len(stack) else "" for stack in stacks] for row in range(rows - 1, -1, -1)]


def _own(head: _Head, level: list[_Head], columns: list[Span]) -> list[int]:
    """The columns below a head that no other beside it stands over more."""
    over = head.over(columns)
    return [n for n in over if head is max(level, key=lambda other: other.room(columns[n]))] or over[:1]


def _slot(line: Line, cell: Piece, columns: list[Span], grid: Grid) -> Span | None:
    """From where to where the upright rules beside a cell let it stand, if they part all columns there."""
    slot = grid.slot(cell.left, cell.right, line.base)
    middles = [middle for middle in map(_middle, columns) if slot and slot[0] < middle < slot[1]]
    below = [rule.at for rule in grid.upright if rule.start < line.base]
    return slot if all(any(a < at < b for at in below) for a, b in pairwise(middles)) else None


def _over_rule(head: _Head, heads: list[_Head], level: list[Rule]) -> _Head:
    """A head as wide as the rule below it that no other head beside it stands on."""
    beside = [other for other in heads if other is not head and abs(other.top - head.top) < head.size]
    least = max((other.right for other in beside if other.right <= head.left), default=float("-inf"))
    most = min((other.left for other in beside if other.left >= head.right), default=float("inf"))
    below = (rule for rule in level if _is_below(rule, head) and least < rule.start + 1 and rule.end - 1 < most)
    rule = next(below, None) if beside else None
    return replace(head, left=rule.start, right=rule.end, ruled=True) if rule else head


def _is_below(rule: Rule, head: _Head) -> bool:
    near = 0 < head.bottom - rule.at < head.size
    return near and rule.start <= head.left + 1 and rule.end >= head.right - 1


def _whole(heads: list[_Head], level: list[Rule]) -> list[_Head]:
    """The heads with those as one that are lines of one: each the only one above or below the other, and in line with it."""
    found: list[_Head] = []
    for head in sorted(heads, key=lambda head: -head.top):
        above = [
            other for other in found if _meet(other, head) and 0 < other.bottom - head.top < _WIDE_LEADING * head.size
        ]
        below = [
            other for other in heads if above and _meet(above[0], other) and abs(other.top - head.top) < 0.5 * head.size
        ]
        if len(above) == len(below) == 1 and _goes_on(above[0], head, heads, level):
            above[0].text, above[0].bottom = joined(above[0].text, head.text), head.bottom
            above[0].left, above[0].right = min(above[0].left, head.left), max(above[0].right, head.right)
        else:
            found.append(head)
    return found


def _meet(a: _Head, b: _Head) -> bool:
    return a is not b and a.left < b.right and b.left < a.right


def _goes_on(a: _Head, b: _Head, heads: list[_Head], level: list[Rule]) -> bool:
    ends = abs(a.left - b.left), abs(a.right - b.right), abs(a.left + a.right - b.left - b.right) / 2
    ruled = any(b.top < rule.at < a.bottom and rule.start < b.right and rule.end > b.left for rule in level)
    if ruled or min(ends) > _ALIGNED * a.size:
        return False
    return a.ruled or not _are_parents(a, b, heads)


def _are_parents(a: _Head, b: _Head, heads: list[_Head]) -> bool:
    """Whether the heads of a line stand in the middle of those on another, some over each; a single one not right above it."""
    first = min(head.right for head in heads)
    upper, lower = (
        [head for head in heads if abs(head.top - at) < 0.5 * a.size and head.left > first] for at in (a.bottom, b.top)
    )
    upper = [head for head in upper if any(_meet(head, other) for other in lower)]
    if not upper or len(lower) < 2 * len(upper) or (len(upper) == 1 and a.bottom - b.top < _LEADING * a.size):
        return False
    width = (lower[-1].right - lower[0].left) / len(lower)
    ways = _ways(upper, {n: (head.left, head.right) for n, head in enumerate(lower)})
    return any(
        cost < _UNHEADED * width * len(upper) and all(len(group) > 1 for group in groups) for cost, groups in ways
    )


def _levels(heads: list[_Head]) -> list[list[_Head]]:
    """The heads that stand beside one another, from the lowest."""
    found: list[list[_Head]] = []
    for head in sorted(heads, key=lambda head: head.bottom):
        if found and head.bottom < found[-1][0].bottom + 0.5 * head.size:
            found[-1].append(head)
        else:
            found.append([head])
    return [sorted(level, key=lambda head: head.left) for level in found]


def _spans(heads: list[_Head], columns: dict[int, Span]) -> list[list[int]]:
    """The columns that each head stands over: it is in their middle, or all heads begin or end with them, as well as that can be."""
    if not heads:
        return []
    if not columns:
        return [[] for _ in heads]
    if len(heads) > len(columns):
        return [[min(columns, key=lambda n: abs(sum(columns[n]) - head.left - head.right))] for head in heads]
    return min(_ways(heads, columns), key=lambda way: (round(way[0]), max(map(len, way[1])) - min(map(len, way[1]))))[1]


def _ways(heads: list[_Head], columns: dict[int, Span]) -> list[tuple[float, list[list[int]]]]:
    return [_parted(heads, columns, weights) for weights in ((0.5, 0.5), (1, 0), (0, 1))]


def _parted(
    heads: list[_Head], columns: dict[int, Span], weights: tuple[float, float]
) -> tuple[float, list[list[int]]]:
    """The columns in groups, one for each head, with how far those are from them; a column may be left without a head."""
    places = sorted(columns)
    alone = _UNHEADED * (columns[places[-1]][1] - columns[places[0]][0]) / len(places)
    # What it costs to part the first columns among the first heads, and how.
    best: dict[tuple[int, int], tuple[float, list[list[int]]]] = {
        (n, 0): (n * alone, []) for n in range(len(places) + 1)
    }
    for k, head in enumerate(heads, 1):
        at = weights[0] * head.left + weights[1] * head.right
        for n in range(k, len(places) + 1):
            ways = [(best[n - 1, k][0] + alone, best[n - 1, k][1])] if n > k else []
            for first in range(k - 1, n):
                middle = weights[0] * columns[places[first]][0] + weights[1] * columns[places[n - 1]][1]
                cost, groups = best[first, k - 1]
                ways.append((cost + abs(at - middle), [*groups, places[first:n]]))
            best[n, k] = min(ways, key=lambda way: way[0])
    return best[len(places), len(heads)]
