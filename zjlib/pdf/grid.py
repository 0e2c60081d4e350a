"""The rules that are drawn on a page, and which of them surround a place."""

import ctypes
from itertools import islice
from typing import Any, NamedTuple

_MOST_DRAWN = 5_000  # a map or a chart has more
_THIN = 2.5  # points

Span = tuple[float, float]


class Rule(NamedTuple):
    """A drawn line: where it stands, and from where to where it goes."""

    at: float
    start: float
    end: float


class Grid(NamedTuple):
    """The level and the upright rules of a page."""

    level: list[Rule]
    upright: list[Rule]

    def crossing(self, bottom: float, top: float) -> list[float]:
        """Where the upright rules stand that go past a place on a line, or on several."""
        return [rule.at for rule in self.upright if rule.start < bottom and rule.end > top]

    def slot(self, left: float, right: float, base: float) -> Span | None:
        """The nearest upright rules on both sides of a place."""
        beside = self.crossing(base, base)
        before = max((at for at in beside if at < left + 1), default=None)
        after = min((at for at in beside if at > right - 1), default=None)
        return None if before is None or after is None else (before, after)

    def band(self, across: Span, bottom: float, top: float, slack: float) -> Span | None:
        """The nearest level rules below and above a place that go over the whole width of it."""
        whole = [rule.at for rule in self.level if rule.start < across[0] + slack and rule.end > across[1] - slack]
        below = max((at for at in whole if at < bottom), default=None)
        above = min((at for at in whole if at > top), default=None)
        return None if below is None or above is None else (below, above)


def read_grid(page: Any) -> Grid:
    """The rules of a page that PDFium has opened; a box has two of each."""
    import pypdfium2.raw as pdfium

    level, upright = [], []
    sides = [ctypes.c_float() for _ in range(4)]
    for drawn in islice(page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_PATH]), _MOST_DRAWN):
        pdfium.FPDFPageObj_GetBounds(drawn.raw, *sides)
        left, bottom, right, top = (side.value for side in sides)
        if top - bottom < _THIN:
            level.append(Rule((top + bottom) / 2, left, right))
        elif right - left < _THIN:
            upright.append(Rule((left + right) / 2, bottom, top))
        else:
            level += [Rule(top, left, right), Rule(bottom, left, right)]
            upright += [Rule(left, bottom, top), Rule(right, bottom, top)]
    return Grid(_merged(level), _merged(upright))


def _merged(rules: list[Rule]) -> list[Rule]:
    """The rules with those as one that go on from one another."""
    found: list[Rule] = []
    for rule in sorted(rules, key=lambda rule: (round(rule.at / _THIN), rule.start)):
        last = found[-1] if found else None
        if last and abs(last.at - rule.at) < _THIN and rule.start <= last.end + _THIN:
            found[-1] = Rule(last.at, last.start, max(last.end, rule.end))
        else:
            found.append(rule)
    return [rule for rule in found if rule.end - rule.start > 2 * _THIN]
