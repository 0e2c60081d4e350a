"""Amounts that stand together: ranges, and units and scales that a list names once."""

from __future__ import annotations

from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from zjlib.scanning.reading import Reader, denominators
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_NO_MARKS = str.maketrans("", "", "., -")


class Ranges(Reader):
    """Joins and completes the amounts of a sentence, before what is said of them is read."""

    def join(self, found: list[Numeral]) -> list[Numeral]:
        """Join '5' 'to' '5.5 percent' into one quantity with an upper end."""
        out: list[Numeral] = []
        for n in found:
            last = out[-1] if out else None
            if last and self._hours_and_minutes(last, n):
                assert last.value is not None and n.value is not None
                if last.value_max is None:
                    last.value += n.value
                else:
                    last.value_max += n.value  # 'five to six hours and 30 minutes'
                last.half = n.half
                self.reading.end_at(last, n.end)
            elif last and last.kind == n.kind == "quantity" and n.start - last.end < 6 and self._joined(last, n):
                assert last.value is not None and n.value is not None
                if last.value * 1000 < n.value or last.unit != n.unit:
                    self.reading.scale_like(last, n, ordered=True)
                unit = n.unit if n.unit or self.reading.other_unit(n) else last.unit  # '$6 to $8 a barrel' has none
                by = self.reading.amount(n) if last.unit in MONEY and not n.unit else None
                last.value_max, last.noun = n.value, n.noun if n.unit else last.noun
                self.reading.end_at(last, n.end)
                if by and denominators(by):  # '$30-50 a tonne', where the bare number was not told by anything
                    self.reading.tell_alike(last, n)
                    self.reading.end_at(last, by.end())
                else:
                    last.unit = unit
                if last.value > n.value:  # '-66%至-57%'
                    last.value, last.value_max = n.value, last.value
                self.reading.stops[last.start] = self.reading.noun_end(n)
            else:
                out.append(n)
        return out

    def _hours_and_minutes(self, a: Numeral, b: Numeral) -> bool:
        """'1 hour and 50 minutes', '2 minutes 20 seconds', '3小时20分钟' are one length."""
        if not (a.unit == b.unit == "hour" and self.rules.hour_and.fullmatch(self.low, a.end, b.start)):
            return False
        minutes, seconds = self.rules.minutes, self.rules.seconds
        if seconds.search(self.low, b.start, b.end):
            return not seconds.search(self.low, a.start, a.end)
        return not minutes.search(self.low, a.start, a.end) and bool(minutes.search(self.low, b.start, b.end))

    def _joined(self, a: Numeral, b: Numeral) -> bool:
        """Whether two amounts are the ends of one range: they may share a unit, rise, and are no change from one to the other."""
        rules, gap = self.rules, self.low[a.end : b.start]
        if a.value is None or b.value is None or a.value_max is not None or not self._of_one_unit(a, b):
            return False
        if len(gap) == 1 and rules.either.match(self.low, a.start):
            return True  # '二、三十年', '800、900元'
        both, alternative = rules.both_ends.fullmatch(gap), rules.alternative.fullmatch(gap)
        if not (both or rules.range.fullmatch(gap)):
            return False
        if self.reading.other_unit(a) and (alternative or not self._same_money(a, b)):
            return False
        left, to = self.low[max(0, a.start - 24) : a.start], rules.changed_to.fullmatch(gap)
        if to and rules.from_both.search(left):
            return False  # 'from 0.6 million and 0.9 million to 4 million'
        if not self._rises(a, b):
            return False
        if both:
            return bool(rules.between.search(left))
        own, other = self.reading.printed_both(a, b)
        if alternative and self._large(a) and not self._large(b):
            return False
        if alternative and own and other and own[0] + 1 == other[0]:
            return True  # 'amounts to four or five dollars'
        bare = to and own and other and own[1] == 1 < other[1] and other[0] < own[0] * 3
        if bare and rules.change_of.search(left):
            return True  # 'a loss of 1.2 to 1.5 billion yuan'
        scaled = bool(own and other and a.value >= 1000 and own[1] < other[1])  # 'rose 131,000 to 17.3 million'
        if self._changed_by(a, b, gap, left, scaled):
            return False
        if rules.down_from.search(left):
            return True  # 'down from 1% to 2%', which rises
        if to and (scaled or self._in_full(a, b)) and self._changed(left) and not self._growing(a, b):
            return False  # 'dipped S$210 million to S$8.94 billion'
        if rules.varying.match(self.low, b.end):
            return True  # '由280至550平方呎不等'
        return not gap.strip().isalpha() or self._ranging(a, left) or not rules.moved.search(left)

    def _of_one_unit(self, a: Numeral, b: Numeral) -> bool:
        """Whether the unit of the second of two amounts may be that of both."""
        if a.unit in (None, "count", b.unit) or (b.unit or "").startswith(f"{a.unit}/"):
            return True
        if a.unit in MONEY:
            return b.unit is None  # '$5-6 billion'
        # 'aged 16 to 24', 'aged 6-11 months'
        return a.unit == "year" and a.surface[-1].isdigit() and (b.unit is None or b.unit in LENGTHS)

    def _rises(self, a: Numeral, b: Numeral) -> bool:
        """Whether the second of two amounts is the larger one, as they are printed or in their units."""
        assert a.value is not None and b.value is not None
        if a.value < b.value:
            return True
        if a.unit in (None, "count") and b.unit is not None:
            own, other = self.reading.printed_both(a, b)
            return bool(own and other and own[1] == 1 and own[0] < other[0])  # '10 to 15 bps'
        return a.unit == "%" and a.surface[0] == b.surface[0] == "-"  # '-66%至-57%'

    def _changed_by(self, a: Numeral, b: Numeral, gap: str, left: str, scaled: bool) -> bool:
        """Whether the first of two amounts is by how much something changed, and the second what it is now."""
        assert a.value is not None and b.value is not None
        rules = self.rules
        apart, moved = b.unit not in ("%", "pp") and a.value * 3 < b.value, rules.moved_by.search(left)
        if apart and moved and rules.moves_to.fullmatch(gap):
            return True  # 'rose by 30 to 150', '增加236万股至17926.15万股'
        if apart and a.unit is None and b.unit is None and self._changed(left):
            return True  # 'new orders lost 1.0 to 49.5'
        if a.value * 20 < b.value and not self._large(b) and rules.moves_to.fullmatch(gap) and self._changed(left):
            return True  # 'employment increased 14,200 to 11,771,500'
        if moved and self._bare(a) and self._bare(b) and rules.list_ends.match(self.low, b.end):
            return True  # 'was cut by 142 to 389, and'
        if not rules.changed_to.fullmatch(gap):
            return False
        if apart and rules.change_and_level.search(self.low, a.start - 60, a.start):
            return True  # 'fell by 4 per cent or 12p to 288p', 'a drop in filings of 23,331 to 262,619'
        # 'narrowed by 4.6 billion yuan to 12.7 billion yuan', 'increased by 410,000 to 1.1 million'
        amount = a.unit != "%" and a.value * 3 < b.value * 2 and self._in_full(a, b)
        # or 'revised down by 80,000 to 105,000'
        return bool((moved and (amount or scaled)) or rules.revised_by.search(left))

    def _in_full(self, a: Numeral, b: Numeral) -> bool:
        """Whether the first of two amounts of one measure is printed with its unit, or both begin with one."""
        told = not a.surface[-1].isdigit() or not (a.surface[0].isdigit() or b.surface[0].isdigit())
        return told and (b.measure or a.measure) == (a.unit or "")

    def _growing(self, a: Numeral, b: Numeral) -> bool:
        """'Up 35% to 45% year on year', 'is expected to be up 5% to 7%': whether two rates may be one range of growth."""
        if not (a.unit == b.unit == "%" and a.value and b.value and a.value * 2 > b.value):
            return False
        will = self.rules.will.search(self.low, a.start - 80, a.start)
        return bool(will or self.rules.yearly.match(self.low, b.end + 1))

    def _bare(self, n: Numeral) -> bool:
        """Whether a number of some size has neither a unit nor a noun beside it."""
        return n.surface.isdecimal() and (n.value or 0) >= 20 and self.reading.noun_end(n) == n.end

    def _ranging(self, a: Numeral, left: str) -> bool:
        """'Increases ranging from 0.3 to 8.6 percent', but not 'raised charges from £2 to £3'."""
        raised = self.rules.raising.search(self.low, a.start - 60, a.start)
        return bool(self.rules.from_range.search(left) or (self.rules.ranging.search(left) and not raised))

    def _as_large(self, a: Numeral, b: Numeral) -> bool:
        """'1,226.3 and 1,476.3 billion': whether two numbers are printed of about one size, the scale with the second."""
        other = self.reading.printed(b)
        if not (other and a.value and other[0]):
            return False
        return other[1] < 1 or (
            other[0] >= 100 and Decimal("0.05") < a.value / other[0] < 20
        )  # '5 and 10 basis points'

    def _no_noun_after(self, a: Numeral, b: Numeral) -> bool:
        """Whether a number counts nothing that stands beside it: a noun further away gives way to the unit of a list."""
        if a.noun is None:
            return True
        beside = self.reading.noun_end(a) != a.end or not self.rules.spaced
        # 'sales of toys and games fell 12 and 14 percent'
        return not beside and (b.unit not in ("%", "pp") or self._changed(self.low[max(0, a.start - 30) : a.start]))

    def _large(self, n: Numeral) -> bool:
        return bool(self.rules.large.search(self.low, n.start, n.end))

    def _changed(self, left: str) -> bool:
        """Whether a text ends with a verb of change."""
        pattern, table = self.rules.before
        left = left[::-1].lstrip()
        while (m := pattern.match(left)) and table[m[0]][0] == "qualifier":
            left = left[m.end() :].lstrip()  # 'rose almost 3p to 141p'
        if m and table[m[0]][0] == "noun":
            return bool(self.rules.noun_or_verb.fullmatch(m[0][::-1]))
        return bool(m and table[m[0]][0] in ("verb", "lift"))

    def sums(self, quantities: list[Numeral]) -> None:
        """'补助20万', '449亿、121亿元': a number on a scale that says no more is money, where money is told of or stands beside it."""
        rules, low = self.rules, self.low
        for i, n in enumerate(quantities):
            bare = n.unit == "count" and rules.on_scale.match(low, n.end - 1)
            if not bare or self.reading.noun_end(n) != n.end:
                continue
            beside = [
                q
                for q in quantities[i + 1 : i + 2]
                if rules.list.fullmatch(low, n.end, q.start) or rules.pair.fullmatch(low, n.end, q.start)
            ]
            beside += [q for q in quantities[:i][-1:] if rules.sum_again.fullmatch(low, q.end, n.start)]
            if beside and beside[0].unit in MONEY:
                n.unit, n.noun = beside[0].unit, None
            elif rules.sum_of.search(low, n.start - 16, n.start) or rules.sum_floor.match(low, n.end):
                n.unit, n.noun = self.reading.money or self.reading.money_at_home(rules.rules["bare_sums"]), None

    def units(self, quantities: list[Numeral]) -> None:
        """In a list ('0.6, 1.0 and 1.1 percentage points') the unit that is named once is that of all."""
        for a, b in reversed(list(pairwise(quantities))):
            gap = self.low[a.end : b.start]
            moved = bool(self.rules.changed_to.fullmatch(gap))
            if self._new_clause(a, gap, quantities):
                continue
            if self._before_and_after(a, b, gap):
                if (a.value or 0) < 1000:
                    self.reading.scale_like(a, b)
                a.unit, a.noun = b.unit, b.noun
            elif (
                a.unit
                and (b.unit or "").startswith(f"{a.unit}/")
                and (moved or self._from_to(a, gap) or self.rules.lower_at.fullmatch(gap))
            ):
                self.reading.tell_alike(a, b)  # 'from £2.40 to £3.10 an hour'
            elif (
                a.unit in LENGTHS
                and moved
                and (self._from(a) or self._moved_by(a))
                and b.surface.translate(_NO_MARKS).isalnum()
            ):
                if b.unit in (None, "count", "person") and self.reading.noun_end(b) == b.end:
                    self.reading.measure_like(b, a)  # 'cut from 12 days to four'
            elif a.unit == "%" and moved and self._from(a) and b.unit is None and b.surface.isdecimal():
                b.unit = a.unit  # 'from 12 percent to 9'
            elif (
                moved
                or self.rules.list.fullmatch(gap)
                or (self.rules.chain.fullmatch(gap) and self._turned(a))
                or (b.unit == "pp" and self.rules.next_change.fullmatch(gap))  # '提高1.2个、下降0.4个百分点'
            ):
                points = b.unit == "pp" and not self.rules.spaced  # '6.2个、7.9个和12.4个百分点'
                alone = (
                    a.unit in (None, "count")
                    and (points or self._no_noun_after(a, b))
                    and not self.reading.other_unit(a)
                )
                alone = alone and not (b.unit in LENGTHS and self._large(a))
                many = self._large(a) or (a.value or 0) >= 1000
                alone = alone and not (many and b.unit in ("%", "pp", "times", "ratio"))
                last = self.low[a.end - 1]
                measured = not self.rules.spaced and last in self.rules.measures
                alone = alone and (not measured or (points and last in self.low[b.start : b.end]))
                if alone and b.unit and a.value is not None and b.value is not None:
                    if a.value < 1000 <= b.value or self._as_large(a, b):  # '30, 50 and 100 million yuan'
                        self.reading.scale_like(a, b)
                    a.unit, a.noun = b.unit, b.noun

    def _same_money(self, a: Numeral, b: Numeral) -> bool:
        """Whether two amounts are printed in one currency, though the vocabulary has no name for it: 'C$3.90 to C$4.25'."""
        m, other = self.reading.amount(a), self.reading.amount(b)
        if not (m and other and m["currency"]):
            return False
        once = self.low[a.end : b.start] == "-" and not other["currency"]  # 'DKK 310-330 million'
        return once or m["currency"] == other["currency"]

    def _new_clause(self, a: Numeral, gap: str, quantities: list[Numeral]) -> bool:
        """'The projects total 214, and 39.6 billion yuan were paid': a comma and a word after an amount that is in no list."""
        if not (self.rules.spaced and self.rules.clause_and.fullmatch(gap)):
            return False
        listed = any(self.rules.comma.fullmatch(self.low[q.end : a.start]) for q in quantities if q.end <= a.start)
        return not listed

    def _before_and_after(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'from 412 in 2015 to 355 cubic metres': the first of the two has the unit of the second."""
        bare = (
            a.unit is None
            and a.noun is None
            and b.unit is not None
            and b.unit not in LENGTHS
            and not self.reading.other_unit(a)
        )
        return bare and self._from_to(a, gap)

    def _from_to(self, a: Numeral, gap: str) -> bool:
        """'from $14,000 in 2016 to $42,000 a tonne': whether `gap` parts the ends of one change."""
        return self._from(a) and bool(self.rules.pair.fullmatch(gap))

    def _turned(self, n: Numeral) -> bool:
        """'Up 12.4, 6.3 and down 2.2 percent': whether an amount is one of changes that are told in a list."""
        listed = self.rules.moving.search(self.low, n.start - 6, n.start)
        return bool(listed or self.rules.list.search(self.low, n.start - 2, n.start))

    def _moved_by(self, n: Numeral) -> bool:
        return bool(self.rules.moved_by.search(self.low, n.start - 4, n.start))

    def _from(self, n: Numeral) -> bool:
        return bool(self.rules.from_here.search(self.low, n.start - 18, n.start))
