"""The lines of a page in the order in which they are read, where a program draws some cells of a table after the others."""

from bisect import bisect_left
from collections import defaultdict

from zjlib.pdf.grid import Grid
from zjlib.pdf.line import Line
from zjlib.pdf.page import Page


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
