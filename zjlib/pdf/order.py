"""The lines of a page in the order in which they are read, where a program draws them in another one."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from zjlib.pdf.grid import Grid, Span
from zjlib.pdf.line import Line, had_no_room
from zjlib.pdf.page import Page

_GUTTER = 0.5  # of an em
_NARROWEST = 12  # ems of a column of prose
_LEAST = 3  # lines of it that go on below


def in_order(page: Page) -> list[Line]:
    """The lines as they are drawn, but those in a cell between rules that is above what was drawn of its grid before: with its row."""
    drawn: dict[float, tuple[list[float], list[int]]] = defaultdict(
        lambda: ([], [])
    )  # by grid: how far down, and at which place
    places: list[float] = []
    for place, line in enumerate(page.lines):
        places.append(place)
        if not (cell := _cell(line, page.grid)):
            continue
        grid, top, bottom = cell
        depths, at = drawn[grid]
        if depths and -depths[-1] < bottom + 1:
            before = bisect_left(depths, -bottom - 1)
            places[-1] = at[before - 1] + 0.5 if before else at[0] - 0.5
        else:
            depths.append(max([-top, *depths[-1:]]))
            at.append(place)
    return [page.lines[place] for place in sorted(range(len(places)), key=lambda place: (places[place], place))]


def _cell(line: Line, grid: Grid) -> tuple[int, float, float] | None:
    """Where the grid begins that has rules on all sides of a line, and the top and the bottom of its cell."""
    band = grid.band((line.left, line.right), line.base, line.base, 1)
    if line.turn or not band or not grid.slot(line.left, line.right, line.base + 1):
        return None
    return round(min(grid.crossing(line.base + 1, line.base + 1)) / 5), band[1], band[0]


def by_columns(lines: list[Line]) -> list[Line]:
    """The lines with columns one after the other, of which a program draws a line each in turn."""
    found: list[Line] = []
    first = 0
    while first < len(lines):
        after, gutters = _beside_gutters(lines, first)
        edges = pairwise([float("-inf"), *gutters, float("inf")])
        columns = [[*_between(lines[first:after], each)] for each in edges if after - first > _LEAST]
        are_prose = len(columns) > 1 and all(map(_is_prose, columns))
        found += [line for column in columns for line in column] if are_prose else lines[first:after]
        first = after
    return found


def _beside_gutters(lines: list[Line], first: int) -> tuple[int, list[float]]:
    """How far the lines go on below one another with the same room between their pieces, and its middles."""
    gaps = [(a.right, b.left) for a, b in pairwise(lines[first].pieces)]
    after = first + 1
    while gaps and after < len(lines) and lines[after].base < lines[after - 1].base:
        free = [*_without(gaps, lines[after])]
        if not free:
            break
        gaps, after = free, after + 1
    return after, [(left + right) / 2 for left, right in gaps]


def _without(gaps: list[Span], line: Line) -> Iterator[Span]:
    """What of some gaps the pieces of a line leave free."""
    edges = [float("-inf"), *(end for piece in line.pieces for end in (piece.left, piece.right)), float("inf")]
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        for gap in gaps:
            if min(right, gap[1]) - max(left, gap[0]) > _GUTTER * line.size:
                yield max(left, gap[0]), min(right, gap[1])


def _between(lines: list[Line], edges: Span) -> Iterator[Line]:
    for line in lines:
        if pieces := [piece for piece in line.pieces if edges[0] < piece.left < edges[1]]:
            yield replace(line, pieces=pieces)


def _is_prose(column: list[Line]) -> bool:
    """Whether most lines of a column begin where the others do and end where the next one's first word had no room."""
    if len(column) <= _LEAST:
        return False
    left, right = min(line.left for line in column), max(line.right for line in column)
    begun = sum(line.left - left < _GUTTER * line.size for line in column)
    filled = sum(len(a.pieces) == 1 and had_no_room(b, a, right) for a, b in pairwise(column))
    return min(begun, filled) >= max(_LEAST, len(column) / 2) and right - left > _NARROWEST * column[0].size
