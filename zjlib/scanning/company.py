"""What the amounts of a sentence say of one another: lists and comparisons."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from zjlib.scanning.numbers import EXACT, HALF
from zjlib.scanning.reading import Reading
from zjlib.units import MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral


class Company:
    """Carries what is said of one amount to those beside it."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        self.reading, self.rules, self.text, self.low = reading, reading.rules, reading.text, reading.low

    def lists(self, quantities: list[Numeral]) -> None:
        """In a list ('4%, 5% and 6% over the previous year') what is said once holds for all."""
        pairs = list(pairwise(quantities))
        for a, b in reversed(pairs):
            gap = self.low[a.end : b.start]
            # '5.2 million hectares, 14,600 hectares more than in 2022' is no list
            pair_only = (
                self.rules.spaced
                and bool(self.rules.comma.fullmatch(gap))
                and (len(pairs) == 1 or bool(self.rules.more_than.match(self.low, b.end)))
            )
            if self.rules.list.fullmatch(gap) and a.unit == b.unit and not pair_only:
                own = b.surface[0] not in "+-" and a.start not in self.reading.levels
                a.direction = a.direction or (b.direction if own else None)
                a.basis = a.basis or b.basis
                if (
                    b.qualifier == "about"
                    and a.qualifier == "exact"
                    and self.rules.list_comma.fullmatch(gap)
                    and self.rules.about_all.match(self.low, b.end)
                ):
                    a.qualifier = "about"
        for a, b in pairs:
            gap = self.low[a.end : b.start]
            if b.unit in MONEY and a.unit != b.unit and b.qualifier == "exact" and self.rules.money_again.fullmatch(gap):
                b.qualifier = a.qualifier  # 'more than 7 billion yuan ($1 billion)'
            bound = a.qualifier in ("more_than", "at_most") and a.unit in (*MONEY, "count", "%")
            if a.unit == b.unit and bound and b.qualifier == "exact" and self._goes_on(a, gap):
                b.qualifier = a.qualifier  # '突破5亿元、10亿元', 'passed 3 billion yuan in 2011 and 4 billion in 2014'
            if a.unit == b.unit and self.rules.list.fullmatch(gap):
                own = a.surface[0] not in "+-" and b.start not in self.reading.levels
                b.direction = b.direction or (a.direction if own else None)
                b.basis = b.basis or a.basis
            elif (
                a.direction
                and a.unit == b.unit == "%"
                and self.rules.from_here.search(self.low, max(0, a.start - 6), a.start)
                and self.rules.pair.fullmatch(gap)
            ):
                b.direction = a.direction  # 'growth is to pick up from 3.2 percent to 4.1 percent'
            elif (
                a.direction
                and a.unit == b.unit == "%"
                and self.rules.spaced
                and not b.direction
                and self.rules.counterpart.search(self.low, max(a.end, b.start - 40), b.start)
            ):
                b.direction = a.direction  # 'rose 4.9 percent, against 8.8 percent in November'
            elif a.basis == "share" and b.unit == "pp" and b.direction:
                b.basis = "share"  # '占比68.4%，比上年提高1.1个百分点'
            elif a.basis == "share" and b.unit == "%" and self.rules.share_before.fullmatch(gap):
                b.basis = b.basis or "share"
            elif a.direction and a.unit != b.unit and b.unit in MONEY and self.rules.money_again.fullmatch(gap):
                b.direction, b.basis = a.direction, a.basis  # 'cut by 6.9 billion yuan ($1 billion)'
            elif b.unit in (a.unit, "%") and self.rules.pair.fullmatch(gap):
                b.basis = b.basis or (a.basis if a.unit == b.unit or a.basis == "share" else None)
            elif (
                a.direction
                and not b.direction
                and self.rules.list_and.fullmatch(gap)
                and self.rules.each_of.search(self.low, max(0, a.start - 4), a.start)
            ):
                b.direction, b.basis = a.direction, b.basis or a.basis  # '同比分别减少12家和0.9亿元'
            elif self.rules.also.fullmatch(
                self.low, self.reading.stops.get(a.start, a.end), b.start
            ):  # 'by 19.6 billion dollars, or 0.6 percent'
                if {a.unit, b.unit} != {"%", "pp"}:
                    a.direction, b.direction = a.direction or b.direction, b.direction or a.direction
                    a.basis, b.basis = a.basis or b.basis, b.basis or a.basis
            elif self._continues(a, b, gap):
                b.direction = a.direction

        rate = None
        for n in quantities:
            parts = (n.unit or "").split("/")
            alike = rate and rate.unit and len(parts) == 1 and rate.unit.startswith(f"{n.unit}/")
            if rate and alike and self._told_alike(rate, n):
                n.unit = rate.unit
            rate = n if len(parts) > 1 else rate
        for a, b in reversed(pairs):
            hi = min(b.end + 60, self._end(b, quantities))
            if b.direction and b.basis is None and b.unit == a.unit and self.rules.yearly.search(self.low, b.end, hi):
                b.basis = "yoy"
            if (
                self.rules.chain.fullmatch(self.low[a.end : b.start])
                and a.direction
                and b.basis == "yoy"
                and a.unit == b.unit
            ):
                a.basis = a.basis or "yoy"

    def _told_alike(self, rate: Numeral, n: Numeral) -> bool:
        """'71 yuan per square metre, slid 13 percent to 62 yuan', '28 yuan a month in towns, 19 yuan in villages'."""
        rules, low = self.rules, self.low
        if rules.price.fullmatch(low, rate.end, n.start):
            return True
        if rules.difference.fullmatch(low, rate.end, n.start) and rules.more_than.match(low, n.end):
            return True
        return bool(rules.also_per.fullmatch(low, rate.end, n.start)) and not rules.said.search(low, rate.end, n.start)

    def _goes_on(self, a: Numeral, gap: str) -> bool:
        """Whether the bound of an amount holds for the next one too: marks that were passed one after another."""
        if self.rules.goes_on.fullmatch(gap):
            return True
        passed = self.rules.passing_marks.search(self.low, max(0, a.start - 24), a.start)
        return bool(passed and self.rules.list.fullmatch(gap))

    def _end(self, n: Numeral, quantities: list[Numeral]) -> int:
        """Where the amount after one begins, or the sentence ends."""
        following = next((q.start for q in quantities if q.start >= n.end), None)
        stop = self.low.find(". ", n.end, n.end + 80)
        return following or (stop if stop > 0 else n.end + 80)

    def _continues(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'up 5% in Hangzhou and 4% in Ningbo', '新增五星级饭店16家、等级民宿638家': the change goes on."""
        if not a.direction or b.direction or a.unit != b.unit:
            return False
        if self.rules.spaced and a.unit != "%" and not self.rules.by_gap.search(gap):
            return bool(self.rules.item_of.fullmatch(gap))
        item = self.rules.item.fullmatch(gap) or (a.unit == "%" and self.rules.item_rate.fullmatch(gap))
        return bool(item) and not self.rules.said.search(gap)


def interval(n: Numeral) -> None:
    """Set the interval that the bound, or the rounding of the printed digits, allows."""
    if n.value is None:
        n.low = None
        return
    half, n.low = n.low or Decimal(0), None
    if n.value_max is not None:
        n.low, n.high = n.value, n.value_max
    elif n.qualifier in ("more_than", "at_least"):
        n.low = n.value
    elif n.qualifier in ("less_than", "at_most"):
        n.high = n.value
    else:
        if n.qualifier == "about" and n.value and n.unit != "ratio":
            half = max(half, Decimal(1).scaleb(int(n.value.normalize(EXACT).as_tuple().exponent)) * HALF)
        n.low, n.high = EXACT.subtract(n.value, half), EXACT.add(n.value, half)
