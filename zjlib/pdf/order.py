"""The lines of a page in the order in which they are read, where a program draws some cells of a table after the others."""

from bisect import bisect_left
from collections import defaultdict

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
        if not (cell := _cell(line, page)):
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


def _cell(line: Line, page: Page) -> tuple[float, float, float] | None:
    """Where the grid begins that has rules on all sides of a line, and the top and the bottom of its cell."""
    beside = [rule.at for rule in page.upright if rule.start < line.base + 1 < rule.end]
    if line.turn or not any(at < line.left + 1 for at in beside) or not any(at > line.right - 1 for at in beside):
        return None
    over = [rule for rule in page.level if rule.start < line.left + 1 and rule.end > line.right - 1]
    above = min((rule for rule in over if rule.at > line.base), default=None, key=lambda rule: rule.at)
    below = max((rule for rule in over if rule.at < line.base), default=None, key=lambda rule: rule.at)
    return (round(min(beside) / 5), above.at, below.at) if above and below else None
