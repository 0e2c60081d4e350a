"""What a sentence sets beside an amount: what was before, what was expected, and what else changed alike."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from zjlib.scanning.reading import Reader
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_MEASURES = {"t", "kg", "kW", "kWh", "km", "km2", "m2", "m3", "mu", "hectare"}  # what is made or built, told in a list
_WINDOW = 120  # characters before a list, or after an amount, that may say something of it


class Comparisons(Reader):
    """Gives amounts the direction of what they are set beside."""

    def read(self, quantities: list[Numeral]) -> None:
        """Complete the directions of the amounts of a sentence."""
        self._counterparts(quantities)
        self._parallel(quantities)

    def compares(self, n: Numeral) -> bool:
        """'9 percent higher than the national average': whether a rate is a difference from something else."""
        rate = n.unit == "%" or self.reading.in_points(n)
        return rate and bool(self.rules.comparison.match(self.low, n.end, n.end + _WINDOW))

    def _counterparts(self, quantities: list[Numeral]) -> None:
        """'rose 4.9 percent to 2.3 billion yuan, against 8.8 percent in November': growth is compared with growth."""
        rules, low = self.rules, self.low
        a: Numeral | None = None
        beside = False  # whether `a` is one that another was set beside
        for b in quantities:
            if b.unit in ("%", "pp", "times", "ratio") or b.unit in LENGTHS:
                continue
            # 'new loans of 390 billion yuan, against 220 billion in October and 580 billion a year earlier'
            again = a and beside and rules.then_and.fullmatch(low, a.end, b.start)
            beside = bool(a and b.unit in (a.unit, None) and not b.direction and (again or self._measured_by(a, b)))
            if a and beside:
                b.direction = a.direction
            a = b if b.direction and b.start not in self.reading.levels else a
        for a, b in pairwise(quantities):
            points = self.reading.in_points(a)
            reached = points and b.unit == "%" and not b.direction and rules.changed_to.fullmatch(low, a.end, b.start)
            of_growth = reached and rules.of_growth_by.search(low, a.start - 80, a.start)
            if of_growth and not rules.level_noun.search(low, of_growth.start(), a.start):
                b.direction = "up"
        rates = [n for n in quantities if n.unit == "%"]
        for a, b in pairwise(rates):
            left = max(a.end, b.start - 40)
            compared = rules.counterpart.search(low, left, b.start)
            expected = rules.expected.search(low, left, b.start) or rules.expected_after.match(low, b.end)
            goal = rules.goal_after.match(low, b.end)
            expected = expected or (goal and rules.beaten.search(low, left, b.start))
            if expected and rules.not_growth.search(low, a.end, b.start):
                expected = None
            if compared and self._begins_change(a, b, rates):
                continue  # 'use fell by 13 percent and the rate went from 38 percent to 39 percent'
            set_beside = rules.than_the.search(low, left, b.start) or self.reading.opened(b)
            of_then = set_beside and rules.of_date.match(low, b.end)
            way = a.direction or ("up" if a.basis == "yoy" else None)
            if way and not b.direction and (compared or of_then or expected):
                b.direction = way
            if self._level_again(a, b):
                b.direction, b.basis = a.direction, b.basis or a.basis
            elif a.direction and not (b.direction or b.basis or self.compares(b)) and self._foreseen(a, b, quantities):
                b.direction = a.direction
            if self.reading.opened(a) and rules.versus.fullmatch(low, a.end, b.start) and self._growing(quantities, a):
                for n in (a, b):  # 'growth quickened for cosmetics (7% vs 2.5% in December)'
                    n.direction = n.direction or "up"

    def _begins_change(self, a: Numeral, n: Numeral, rates: list[Numeral]) -> bool:
        """Whether a rate is the one that a change begins with: 'from 38 percent to 39 percent', 'the share went from 6 in 2020 to 8'."""
        following = next((r for r in rates if r.start >= n.end), None)
        if not following or not self.rules.from_here.search(*self.left(n, 18)):
            return False
        gap, rules = (self.low, n.end, following.start), self.rules
        level = rules.level_noun.search(self.low, a.end, n.start)
        return bool(rules.changed_to.fullmatch(*gap) or (level and rules.pair.fullmatch(*gap)))

    def _measured_by(self, a: Numeral, b: Numeral) -> bool:
        """'Added 151,000 jobs, fewer than the 170,000 expected': whether what was added is set beside what was before, or aimed at."""
        rules, low = self.rules, self.low
        if not (a.value and b.value and Decimal("0.1") < b.value / a.value < 10):
            return False
        other = rules.expected_after.match(low, b.end) or rules.of_date.match(low, b.end)
        than = other and rules.than_the.search(low, max(a.end, b.start - 20), b.start)
        new = rules.new_sum.match(low, a.end) or rules.new_before.search(*self.left(a, 70))
        again = new and rules.counterpart.search(low, a.end, b.start)
        return bool(than or again or rules.aimed_at.search(low, max(a.end, b.start - 40), b.start))

    def _level_again(self, a: Numeral, b: Numeral) -> bool:
        """'China is put at 7.8%, the euro area at 3.9%', 'grew 5.1% after 3%': whether a rate is of growth as the one before it is."""
        rules, low = self.rules, self.low
        growth = a.direction and a.basis in (None, "yoy") and not (b.direction or b.basis)
        again = growth and rules.level_again.fullmatch(low, a.end, b.start)
        return bool(again) and not rules.level_noun.search(low, a.end, b.start) and not rules.of_next.match(low, b.end)

    def _foreseen(self, a: Numeral, b: Numeral, quantities: list[Numeral]) -> bool:
        """Whether a rate goes on with the growth of the one before, in a sentence that tells of growth or of what is foreseen."""
        rules, low = self.rules, self.low
        if a.surface[0] in "+-" or rules.level_rate.search(low, a.end, b.start) or rules.level_after.match(low, b.end):
            return False
        return bool(rules.growth_told.search(low, quantities[0].start - _WINDOW, b.start))

    def _growing(self, quantities: list[Numeral], n: Numeral) -> bool:
        """Whether what stands before an amount tells of growth."""
        return bool(self.rules.growing.search(self.low, quantities[0].start - _WINDOW, n.start))

    def _parallel(self, quantities: list[Numeral]) -> None:
        """'Exports rose 9.6 percent to 862 billion yuan and imports 5.1 percent to 508 billion': so did the second."""
        rules, low = self.rules, self.low
        for a, b, c, d in zip(quantities, quantities[1:], quantities[2:], quantities[3:], strict=False):
            changes = rules.changed_to.search(low, a.end, b.start) and rules.changed_to.fullmatch(low, c.end, d.start)
            if (
                changes
                and a.unit == c.unit
                and not c.direction
                and rules.parallel.fullmatch(low, self.reading.noun_end(b), c.start)
            ):
                c.direction, c.basis = a.direction, c.basis or a.basis
        changed: list[Numeral] = []
        for n in quantities:
            unit = "pp" if self.reading.in_points(n) else n.unit
            sums = MONEY if n.unit is None and rules.large_amount.search(low, n.start, n.end) else ()
            alike = (
                q
                for q in reversed(changed)
                if q.unit == unit
                or q.unit in sums
                or {q.unit, unit} == {"%", "ratio"}
                or (q.unit in _MEASURES and unit in _MEASURES)
            )
            last = None if n.direction else next(alike, None)
            if last and rules.elliptic_by.search(low, max(last.end, n.start - 80), n.start):
                n.direction = last.direction  # 'fell by a tenth, and those of fish by 20%'
                n.basis = n.basis or last.basis
            if n.direction:
                changed.append(n)
        for a, b, n in zip(quantities, quantities[1:], quantities[2:], strict=False):
            if not n.direction:
                self._as_two_before(a, b, n)

    def _as_two_before(self, a: Numeral, b: Numeral, n: Numeral) -> None:
        """'Fell by 6 yuan to 11 yuan, and output by a third': what is said of an amount two before."""
        rules, low = self.rules, self.low
        gap = low[b.end : n.start]
        moved = a.unit == b.unit or (a.direction and a.unit == "%")
        reached = moved and rules.changed_to.fullmatch(low, a.end, b.start)
        rates = a.direction and a.unit == n.unit == "%"
        asides = ((rules.which_share, rules.which_share_ends), (rules.at_level, rules.at_level_ends))
        if reached and rules.elliptic_by.fullmatch(low[self.reading.noun_end(b) : n.start]):
            n.direction = a.direction or self._way(a, b)
        elif rates and any(aside.fullmatch(low, a.end, b.start) and ends.fullmatch(gap) for aside, ends in asides):
            n.direction, n.basis = a.direction, n.basis or a.basis
        elif rates and rules.fell_to.fullmatch(low, a.end, b.start) and rules.fell_next.fullmatch(gap):
            # 'sank 10 percent overnight to $1,590 and the index 9 percent'
            n.direction = None if rules.said.search(gap) else a.direction

    def _way(self, a: Numeral, b: Numeral) -> str | None:
        """'Cut from 5 hours to 90 minutes': the direction of a change that is told by its ends."""
        if not (a.value and b.value and self.rules.from_here.search(*self.left(a, 18))):
            return None
        return "down" if b.value < a.value else "up"
