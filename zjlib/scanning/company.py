"""What the amounts of a sentence say of one another: lists, changes, and what is told again."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from zjlib.scanning.comparisons import Comparisons
from zjlib.scanning.prices import Prices
from zjlib.scanning.reading import Reader, Reading
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from decimal import Decimal

    from zjlib.scanning.numeral import Numeral


class Company(Reader):
    """Carries what is said of one amount to those beside it."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        super().__init__(reading)
        self.prices, self.comparisons = Prices(reading), Comparisons(reading)
        self.going: set[int] = set()  # starts of amounts whose bound goes on from the one before
        self.named: set[int] = set()  # and of rates that a noun behind the last of them tells
        self.taken: set[int] = set()  # and of those that one verb adds or takes
        self.rest: dict[int, Decimal] = {}  # and of those that are parts of a change: what is left of it

    def read(self, quantities: list[Numeral]) -> None:
        """Complete what is said of the amounts of a sentence."""
        told: dict[str, str] = {}  # the first change of each unit that the sentence tells
        for n in quantities:
            if n.unit not in ("%", "pp"):
                self._part_of_change(n)
                continue
            again = None if n.direction else (told or self.reading.headline).get(n.unit)
            if again and self._told_again(n):
                n.direction = again
            if n.direction:
                told.setdefault(n.unit, n.direction)
        self.reading.headline = told or self.reading.headline
        if len(quantities) > 1:
            self._share(quantities)
        else:
            self.prices.read(quantities)
        for n in quantities:
            if n.basis == "yoy" and n.unit == "%" and n.direction is None and self.rules.spaced:
                n.direction = "up"  # 'inflation, at 0.1 percent year on year'

    def _part_of_change(self, n: Numeral) -> None:
        """'Relief came to 3.2 billion yuan. Of that, 1.4 billion yuan went to makers': a part of a change is one."""
        whole, rules = self.reading.change, self.rules
        if whole and not n.direction and whole.unit == n.unit and n.value and whole.value and n.value < whole.value:
            if rules.part_of_it_all.match(self.low, n.end) or rules.of_this.search(*self.left(n, 60)):
                n.direction = whole.direction
        elif n.direction:
            self.reading.change = n

    def _told_again(self, n: Numeral) -> bool:
        """'GDP grew 4.9 percent. Economists had forecast 5.2 percent': whether a rate is of the change told before."""
        left = self.left(n, 80)
        if self.rules.level_noun.search(*left):
            return False
        return bool(self.rules.rate_again.search(*left) or self.rules.growth_goal.match(self.low, n.end))

    def _share(self, quantities: list[Numeral]) -> None:
        """In a list ('4%, 5% and 6% over the previous year') what is said once holds for all."""
        pairs = list(pairwise(quantities))
        self.going.clear()
        self.taken.clear()
        self.named.clear()
        self.rest.clear()
        if not self.rules.spaced:
            self.prices.read(quantities)  # '每公斤分别上涨0.5元、0.3元': so that a list is of one unit
        for a, b in reversed(pairs):
            self._as_the_next(a, b, alone=len(pairs) == 1)
        for a, b in pairs:
            gap = self.low[a.end : b.start]
            self._same_bound(a, b, gap)
            self._as_the_one_before(a, b, gap)
        if self.rules.spaced:
            self.comparisons.read(quantities)
            self.prices.read(quantities)
        for a, b in reversed(pairs):
            self._same_year(a, b, quantities)

    def _after_noun(self, a: Numeral, b: Numeral) -> str:
        """What stands between two amounts, after the noun that the first counts."""
        return self.low[self.reading.noun_end(a) : b.start]

    def _own(self, n: Numeral, other: Numeral) -> bool:
        """Whether the direction of `other` may be that of `n`: a sign is of its own number, and a level has none."""
        return other.surface[0] not in "+-" and n.start not in self.reading.levels and not self.comparisons.compares(n)

    def _as_the_next(self, a: Numeral, b: Numeral, alone: bool) -> None:
        """'4%, 5% and 6% over the previous year': what is said at the end of a list."""
        gap = self.low[a.end : b.start]
        if a.unit in MONEY and b.unit in MONEY and a.qualifier == "exact" and self.rules.or_else.fullmatch(gap):
            # '总投资5亿元或3000万美元及以上'
            a.qualifier = b.qualifier if self.rules.bound_after.match(self.low, b.end) else "exact"
        if a.unit == b.unit == "%" and not a.direction and self.rules.named_item.fullmatch(gap):
            told = self.rules.rate_noun.match(self.low, b.end) or b.start in self.named
            a.direction = b.direction if told else None
            self.named |= {a.start} if told else set()
        if a.unit != b.unit or not self.rules.list.fullmatch(gap):
            return
        if self.rules.comma.fullmatch(gap) and (alone or self.rules.more_than.match(self.low, b.end)):
            return  # '5.2 million hectares, 14,600 hectares more than in 2022' is no list
        lower = (
            b.direction and b.unit == "pp" and self.rules.both_ends.fullmatch(gap)
        )  # 'growth was 0.5 and 2.5 points lower'
        if not b.direction and (self.comparisons.compares(b) or (b.unit == "pp" and b.start in self.reading.levels)):
            a.direction = None  # '16.1, 9.4 and 12.6 points higher than the national rates'
            self.reading.levels.add(a.start)
        elif b.surface[0] not in "+-" and (lower or not a.direction):
            a.direction = b.direction
        a.basis = a.basis or b.basis
        about = b.qualifier == "about" and self.rules.list_comma.fullmatch(gap)
        of_both = about and self.rules.about_all.match(self.low, b.end)
        bounded = b.start in self.going or self.rules.bound_after.match(self.low, b.end)
        of_each = bounded and self.rules.list_of_each.search(*self.left(a, 40))
        if a.qualifier == "exact" and (of_both or of_each):
            self.going.add(a.start)
            a.qualifier = b.qualifier

    def _same_bound(self, a: Numeral, b: Numeral, gap: str) -> None:
        if b.qualifier != "exact":
            return
        if b.unit in MONEY and a.unit != b.unit and self.rules.money_again.fullmatch(gap):
            b.qualifier = a.qualifier  # 'more than 7 billion yuan ($1 billion)'
        elif gap == " (" and self.reading.closed(b) and self._again(a, b) and b.unit != "%":
            b.qualifier = a.qualifier  # 'over 12,000 mu (800 hectares)'
        bound = a.qualifier in ("more_than", "at_most")
        bare = None in (a.unit, b.unit)  # 'more than 2,100 trains in 2019, 3,100 in 2020'
        if bound and (
            self.rules.goes_on.fullmatch(self._after_noun(a, b)) if bare else a.unit == b.unit and self._goes_on(a, gap)
        ):
            b.qualifier = a.qualifier  # '突破5亿元、10亿元', 'passed 3 billion yuan in 2011 and 4 billion in 2014'
            self.going.add(b.start)
        elif a.qualifier != "exact" and a.unit == b.unit and self.rules.list.fullmatch(gap) and self._of_each(a, b):
            b.qualifier = a.qualifier
            self.going.add(b.start)

    def _of_each(self, a: Numeral, b: Numeral) -> bool:
        """'Above 60,000 and 30,000 yuan respectively', '分别超过6万元和3万元': whether a bound is the next one's too."""
        told = a.start in self.going or self.rules.each_bound.search(*self.left(a, 24))
        return bool(told or self.rules.each_told.match(self.low, b.end))

    def _goes_on(self, a: Numeral, gap: str) -> bool:
        """Whether the bound of an amount holds for the next one too: marks that were passed one after another."""
        if self.rules.goes_on.fullmatch(gap):
            return True
        passed = a.start in self.going or self.rules.passing_marks.search(*self.left(a, 24))
        return bool(passed and self.rules.list.fullmatch(gap))

    def _as_the_one_before(self, a: Numeral, b: Numeral, gap: str) -> None:
        """What is said at the beginning of a list, of a change from one amount to another, and of what is told again."""
        carried = (
            self._in_list(a, b, gap)
            or self._rate_beside(a, b, gap)
            or self._basis_beside(a, b, gap)
            or self._from_to(a, b, gap)
            or self._told_twice(a, b, gap)
            or self._of_workforce(a, b, gap)
        )
        if not carried and (self._taken_too(a, b) or self._continues(a, b, gap) or self._part_of(a, b, gap)):
            b.direction = b.direction or ("up" if a.surface[0] in "+-" else a.direction)

    def _in_list(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'Up by 4%, 5% and 6%': whether two amounts of one unit stand in a list; the second takes what the first has."""
        if a.unit != b.unit or not self.rules.list.fullmatch(gap):
            return False
        if "," in gap and self.rules.spaced and self.rules.subject_after.match(self.low, b.end):
            return False  # 'rose by 13 and 14 percent, and 99 percent of leavers have work'
        if not self.rules.of_total.match(self.low, b.end):  # 'up 4.6 percent, 24 percent of the total'
            b.direction = b.direction or (a.direction if self._own(b, a) else None)
            b.basis = b.basis or a.basis
        for n, other in ((a, b), (b, a)):
            if not n.direction and other.surface[0] == "-" and self._signed(a, b):
                n.direction = "up"
        return True

    def _rate_beside(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """Whether the change that an amount tells is that of one of its unit beside it; the second takes its direction."""
        rules = self.rules
        if not a.direction or a.unit != b.unit:
            return False
        if a.unit == "%" and rules.from_here.search(*self.left(a, 18)) and rules.pair.fullmatch(gap):
            b.direction = a.direction  # 'growth is to pick up from 3.2 percent to 4.1 percent'
        elif a.unit in ("%", "pp") and rules.and_gap.search(gap) and self._over_then(b):
            # 'rose 0.2 percent on the month and 4.9 percent from a year before'
            b.direction = b.direction or a.direction
        elif rules.than_then.fullmatch(gap):
            b.direction, b.qualifier = b.direction or a.direction, "exact"  # '上涨6.1%，低于4月的7.2%'
        else:
            return False
        return True

    def _basis_beside(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """Whether an amount is of what the one before it is of, a share say; the second takes its basis."""
        rules = self.rules
        if self._next_part(a, b, gap):
            b.basis = a.basis
        elif a.basis == "share" and b.unit == "pp" and b.direction:
            b.basis = "share"  # '占比68.4%，比上年提高1.1个百分点'
        elif a.basis == "yoy" and not b.basis and a.direction == b.direction and rules.change_again.fullmatch(gap):
            b.basis = "yoy"  # '同比增长8.1%，增收556万元'
        elif a.basis == "share" and b.unit == "%" and rules.share_before.fullmatch(gap):
            b.basis = b.basis or "share"
        else:
            return False
        return True

    def _from_to(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """Whether an amount is what the one before it changed to; the second takes its basis, for its direction is its own."""
        if b.unit not in (a.unit, "%") or not self.rules.pair.fullmatch(gap):
            return False
        level = a.direction and b.start in self.reading.levels  # '按年减少0.7晚至1.6晚'
        if (a.unit == b.unit and not level) or a.basis == "share":
            b.basis = b.basis or a.basis
        return True

    def _told_twice(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """Whether two amounts tell one change, in two units or of two things; each takes what the other has."""
        rules = self.rules
        if a.direction and a.unit != b.unit and b.unit in MONEY and rules.money_again.fullmatch(gap):
            b.direction, b.basis = a.direction, a.basis  # 'cut by 6.9 billion yuan ($1 billion)'
        elif a.direction and not b.direction and rules.list_and.fullmatch(gap) and self._each(a, b):
            b.direction, b.basis = a.direction, b.basis or a.basis  # 'up by 2.6 times and 25.1 percent, respectively'
        elif rules.also.fullmatch(self.low, self.reading.noun_end(a), b.start):
            if self._same_change(a, b):  # 'by 19.6 billion dollars, or 0.6 percent'
                # 'cost 3 yuan, or 5 percent more'
                level = rules.or_gap.search(gap) and not self.low.startswith(",", b.end)
                a.direction = a.direction or (None if level else b.direction)
                b.direction = b.direction or a.direction
                a.basis, b.basis = a.basis or b.basis, b.basis or a.basis
        elif a.direction and a.unit == b.unit == "%" and gap == " (" and rules.other_terms.match(self.low, b.end):
            b.direction, b.basis = (
                b.direction or a.direction,
                b.basis or a.basis,
            )  # 'up 7.6 percent (5.7 percent in real terms)'
        elif a.direction and self._in_brackets(b, gap) and self._again(a, b):
            # 'a decrease of 78 kg/ha (5.2 kg/mu)', 'up $308 million (40 percent)'
            b.direction, b.basis = b.direction or a.direction, b.basis or a.basis
        else:
            return False
        return True

    def _each(self, a: Numeral, b: Numeral) -> bool:
        """Whether two amounts are told of one thing each: 'by 2.6 times and 25.1 percent, respectively'."""
        told = self.rules.each_of.search(*self.left(a, 4)) or self.rules.each_told.match(self.low, b.end)
        return bool(told)

    def _of_workforce(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'Shed 24,500 jobs, 31% of the payroll', 'cut 15% of its workforce, some 17,500 jobs'."""
        rules = self.rules
        too = a.direction and rules.workforce_too.fullmatch(self._after_noun(a, b))
        of_it = too and rules.workforce.match(self.low, b.end)
        if not (of_it or (a.direction and rules.workforce_then.fullmatch(gap))):
            return False
        b.direction = a.direction
        return True

    def _over_then(self, n: Numeral) -> bool:
        """Whether an earlier time follows a rate, which it is told against."""
        return bool(self.rules.yearly.match(self.low, n.end + 1) or self.rules.over_then.match(self.low, n.end + 1))

    def _signed(self, a: Numeral, b: Numeral) -> bool:
        """'Changes of -2.5% and 3.7%': whether two amounts are changes that a sign alone tells up from down."""
        return bool(self.rules.signed_list.search(*self.left(a, 40)) or self.rules.signed_after.match(self.low, b.end))

    def _taken_too(self, a: Numeral, b: Numeral) -> bool:
        """'Lost 3,800 jobs, 2 ships and 9 percent of its income': what one verb adds or takes, in several units."""
        gap, again = self._after_noun(a, b), a.start in self.taken
        in_rates = b.unit in ("%", "pp", "times", "ratio") or b.unit in LENGTHS or b.unit in MONEY
        added = a.direction and not in_rates and self.rules.added_item.fullmatch(gap)
        if added and (again or self.rules.added.search(*self.left(a, 24))):
            self.taken.add(b.start)
            return True  # '新增铁路3400公里、机场12个、电力外送能力4400万千瓦'
        if not (a.direction and (again or self.rules.gave_or_took.search(*self.left(a, 24)))):
            return False
        if self.rules.list.fullmatch(gap):
            self.taken.add(b.start)
            b.basis = b.basis or a.basis  # '分别比上年提高3%和12公斤'
        ends = (self.rules.list_and if again or not self.rules.spaced else self.rules.both_ends).fullmatch(gap)
        return bool(ends) and a.unit != b.unit

    def _part_of(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'The network grew by 4,860 kilometres, including 1,120 of expressway': a part of a change is one."""
        if a.unit == "%" or b.unit not in (a.unit, None):
            return False
        of_them = self.rules.of_them.match(self.low, b.end) and self.rules.part_them.fullmatch(self._after_noun(a, b))
        if of_them or not (a.value and b.value):
            return bool(of_them)
        rest = self.rest.get(a.start, a.value)  # what the parts told so far leave of the whole
        going = a.start in self.rest
        part = self.rules.next_of_parts if going else self.rules.a_part
        fits = b.value < rest or (going and b.value == rest)  # the last of them may be all that is left
        if fits and a.basis != "yoy" and part.fullmatch(gap):
            self.rest[b.start] = rest - b.value
            return True
        return b.value < a.value and self.rules.part_again.fullmatch(gap) is not None

    def _next_part(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'Consumption contributed 62.1 percent and net exports 4.8 percent': parts of one whole."""
        alike = a.unit == b.unit and a.unit in ("%", "pp")
        if a.unit == "ratio" and b.unit == "%" and a.basis == "share" and "," not in gap:
            # 'half of the revenue and 70 percent of the profit'
            alike = bool(self.rules.of_next.match(self.low, b.end))
        parts = alike and a.basis in ("share", "contribution")
        return parts and not (b.basis or b.direction) and bool(self.rules.next_part.fullmatch(gap))

    def _same_change(self, a: Numeral, b: Numeral) -> bool:
        """Whether two amounts with 'or' between may tell one change: not points and per cent, a price, nor a part of the whole."""
        rules, low = self.rules, self.low
        part = b.unit in ("%", "ratio") and rules.of_whole.match(low, b.end) and not rules.workforce.match(low, b.end)
        priced = "/" in (a.unit or "") and not a.direction
        level = a.start in self.reading.levels and not rules.alternative.match(low, self.reading.noun_end(a))
        return {a.unit, b.unit} != {"%", "pp"} and not (part or priced or level)

    def _in_brackets(self, b: Numeral, gap: str) -> bool:
        """'减产32万吨(即64亿斤)': whether an amount stands alone in brackets, directly after the one before."""
        opened = gap.strip() == "(" or self.rules.told_again.fullmatch(gap)
        return bool(opened) and self.reading.closed(b)

    def _again(self, a: Numeral, b: Numeral) -> bool:
        """Whether an amount may be the one before it, told in another unit."""
        if b.unit == "%":
            return a.unit not in ("%", "pp", "times")
        counts = (None, "count", "person", "%", "pp", "times")
        return not {a.unit, b.unit} & {*counts} and a.unit not in MONEY

    def _continues(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'up 5% in Hangzhou and 4% in Ningbo', '新增五星级饭店16家、等级民宿638家': the change goes on."""
        gap = self.rules.basis_note.sub("", gap)
        bare = b.unit is None and a.unit in (None, "count", "person") and self.rules.item_of_list.fullmatch(gap)
        if bare and a.direction and not b.direction:
            return True
        # 'by 40,000 in the east and 30,000 in the west'
        moved = a.unit not in ("%", "pp", "ratio") and self.rules.moved_by.search(*self.left(a, 4))
        alike = a.unit == b.unit or (not self.rules.spaced and {a.unit, b.unit} == {"count", "person"})
        if not a.direction or b.direction or not (alike or (moved and b.unit is None)):
            return False
        if a.surface[0] in "+-" and ";" in gap:
            return False  # 'cargo: 61,300 tonnes, -4.8%; load factor 74.1%'
        if self.rules.of_whole.match(self.low, b.end) and b.unit == "%":
            return False  # 'down 30 percent from last year and 67 percent of the number in 2019'
        rate = a.unit in ("%", "pp", "times")
        if self.rules.spaced and not (rate or moved or self.rules.by_next.search(gap)):
            return bool(self.rules.item_of.fullmatch(gap) or self.rules.item_thing.fullmatch(gap))
        if rate and self.rules.item_among.fullmatch(gap):
            return True
        if self.rules.item_at.fullmatch(gap) and self.rules.at_here.search(*self.left(a, 6)):
            return True  # 'growth was highest in Mandera, at 84 percent, followed by Lamu at 77 percent'
        item = self.rules.item.fullmatch(gap) or (rate and self.rules.item_rate.fullmatch(gap))
        return bool(item) and not self.rules.said.search(gap) and not self.rules.subject_after.match(self.low, b.end)

    def _same_year(self, a: Numeral, b: Numeral, quantities: list[Numeral]) -> None:
        """'up 5% in towns and 6% in villages over the previous year'."""
        if b.direction and b.basis is None and b.unit == a.unit:
            hi = min(b.end + 60, self._end(b, quantities))
            b.basis = "yoy" if self.rules.yearly.search(self.low, b.end, hi) else None
        chained = a.direction and b.basis == "yoy" and a.unit == b.unit and a.basis is None
        if chained and self.rules.chain.fullmatch(self.low[a.end : b.start]):
            a.basis = "yoy"

    def _end(self, n: Numeral, quantities: list[Numeral]) -> int:
        """Where the amount after one begins, or the sentence ends."""
        following = next((q.start for q in quantities if q.start >= n.end), None)
        stop = self.low.find(". ", n.end, n.end + 80)
        return following or (stop if stop > 0 else n.end + 80)
