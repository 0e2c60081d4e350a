"""What the words around an amount say of it: bound, direction, basis."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zjlib.scanning.after import After
from zjlib.scanning.before import Before
from zjlib.scanning.reading import Reader, Reading
from zjlib.units import LENGTHS

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral


class Surroundings(Reader):
    """Reads the neighbourhood of the amounts of one document."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        super().__init__(reading)
        self.before, self.after = Before(reading), After(reading)

    def read(self, n: Numeral, start: int, lo: int, hi: int) -> None:
        """Qualifier, direction and basis of a quantity, from the words of its sentence before and after it.

        The sentence begins at `start`; the amounts next to it end at `lo` and begin at `hi`.
        """
        rules, low = self.rules, self.low
        left = self.before.read(n, lo)
        direction = left.direction
        if (
            n.unit != "pp"
            and left.by
            and direction is None
            and not left.level
            and rules.object_by.fullmatch(low, lo, n.start)
        ):
            direction = self.before.read(n, start).direction  # 'lowers the prices of 43 drugs by 58 percent'
        if (
            n.unit in ("%", "ratio")
            and not left.basis
            and rules.share_of.search(low, max(start, n.start - 36), n.start)
        ):
            left.basis = "share"  # '占到全网三条线路客流总量的四分之一'
        if n.unit == "pp" and not left.basis:
            moved = rules.moved_whole.search(low, max(start, n.start - 36), n.start)
            left.basis = "contribution" if moved else None
            direction = "none" if moved and moved.lastgroup else direction  # '带动投资增长11个百分点'
        if left.compared and left.basis == "yoy" and direction is None:
            direction = left.compared  # '价格比去年同期高近一成'
        if direction is None and n.unit in ("%", "pp"):
            left_of = (low, max(start, n.start - 90), n.start)
            told = rules.ranked.search(*left_of)
            told = told or (rules.set_off if n.unit == "pp" else rules.outgrown).search(*left_of)
            direction = told.lastgroup if told else None
        if direction is None and not left.level:
            told = rules.more_done.search(low, max(start, n.start - 60), n.start)
            direction = told.lastgroup if told else None
        if n.qualifier == "exact" and rules.capped.search(low, max(lo, n.start - 60), n.start):
            n.qualifier = "at_most"
        large = n.unit in ("%", "times") or (n.unit not in LENGTHS and (n.value or 0) >= 100)
        passed = rules.passed.search(low, max(lo, n.start - 4), n.start) if large and n.qualifier == "exact" else None
        if passed and not (passed.lastgroup and rules.mark.match(low, n.end)):
            n.qualifier = "more_than"  # '件数首次过400', but '跨过400万户大关'
        if n.qualifier == "more_than" and (
            rules.no_one.search(low, lo, n.start) or rules.not_above.search(low, lo, n.start)
        ):
            n.qualifier = "at_most"  # 'no applicant may receive more than 5 million yuan'
        elif n.qualifier == "less_than" and rules.not_below.search(low, lo, n.start):
            n.qualifier = "at_least"  # 'may not be set below 26 degrees'
        if n.qualifier == "more_than" and rules.exceeding.search(low, max(start, n.start - 50), n.start):
            n.qualifier = "exact"
        if n.qualifier in ("more_than", "less_than") and rules.compared_then.match(low, n.end):
            than = rules.comparative.search(low, max(start, n.start - 40), n.start)
            n.qualifier = "exact" if than else n.qualifier  # 'slower than 6.5 percent a year earlier'
        if n.value_max is not None and n.qualifier == "at_least":
            n.qualifier = "exact"  # 'cost from 96 to 168 yuan'
        if rules.spaced and n.unit in LENGTHS:
            moved_by = left.linked or rules.moving.search(low, n.start - 6, n.start)
            moved_by = moved_by or rules.adding.search(low, n.start - 16, n.start)
            named = "-" in n.surface and rules.rate_name.match(low, n.end)
            if not moved_by or named:
                direction = None
        elif direction and n.unit in LENGTHS and rules.kept_on.search(low, n.start - 12, n.start):
            direction = None  # '连续增长12个月'
        self.after.read(n, hi, direction if direction != "none" else None, left.basis)
        if left.level and direction is None and n.direction is None:
            self.reading.levels.add(n.start)


def passing(n: Numeral) -> bool:
    """Whether an amount stands within what is said of another: 'growth for the past two years of 1.7 percent', 'the seven-day rate'."""
    return n.period is not None or (n.unit in LENGTHS and "-" in n.surface)
