"""Which periods amounts are of that are told beside one another: before and after, one by one."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from zjlib.scanning.calendar import is_year, previous, quarter_before, years_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zjlib.scanning.calendar import Calendar
    from zjlib.scanning.numeral import Numeral
    from zjlib.scanning.times import Time

_BRACKETS = re.compile(r" ?\([^()]*\)")
_YEARS = re.compile(r"\D*\d{4}\D+\d{2,4}\D*")
_OVER_YEARS = re.compile(r"(\d{4})/(\d{4})")  # over which both ends of a change lie


class Pairs:
    """Mends the periods of a sentence's amounts by what the words between two of them say."""

    def __init__(self, calendar: Calendar, low: str) -> None:
        """`low` is the text in the plain form that the rules are written for."""
        self.calendar, self.rules, self.low = calendar, calendar.rules, low

    def read(self, line: str, quantities: list[Numeral], times: list[Time]) -> None:
        """Mend the periods of the amounts of the sentence `line`, which tells of `times`."""
        for a, b in reversed(list(pairwise(quantities))):
            if a.unit == b.unit == "%" and b.period and self.rules.list.fullmatch(self.low, a.end, b.start):
                clause = self.rules.another_clause.fullmatch(self.low, a.end, b.start)
                own = clause and any(t.period == a.period and t.end <= a.start for t in times)
                a.period = a.period if own else b.period  # 'up 41, 12 and 37 percent in May'
        self._one_by_one(line, quantities, times)
        self._from_to(quantities, times)
        self._began_with(quantities)
        self._led_to(quantities)
        self._by_the_year(quantities)
        if not self.rules.spaced:
            self._goes_on(quantities, times)
        self._year_before(quantities)
        self._lists_before(quantities)
        self._period_before(quantities)
        self._nth_quarter(quantities)
        self._both_beside(quantities)

    def _one_by_one(self, line: str, quantities: list[Numeral], times: list[Time]) -> None:
        """'4.2 and 4.6 percent in 2024 and 2025 respectively': as many times as amounts, in their order."""
        if not times or len(quantities) < 2:
            return
        dates, amounts = self._runs(times), self._runs(quantities)
        for run in amounts:
            self._by_quarter(run)
        if by_year := list(filter(None, (self._years(t, run[0]) for t in times for run in amounts))):
            dates = by_year
        elif self.rules.respectively.search(line):
            dates += filter(None, map(self._months, times))
        elif len(dates) != 1 or len(amounts) != 1:
            return
        for run in amounts:
            for told in dates:
                if len(run) == len(told) and len({n.unit for n in run}) == 1:
                    for n, t in zip(run, told, strict=True):
                        n.period = t.period

    def _by_quarter(self, run: list[Numeral]) -> None:
        """'2025年四个季度，利用率分别为74%、75%、76%和75%': four amounts of a year that its quarters have."""
        four = len(run) == 4 and is_year(run[0].period)
        if four and self.rules.four_quarters.search(self.low, run[0].start - 40, run[0].start):
            for q, n in enumerate(run, 1):
                n.period = quarter_before(n.period or "", q)

    def _months(self, t: Time) -> list[Time]:
        """'In May and June', 'December, January and February' as the months that it names, one by one."""
        in_turn = len(t.period or "") == 15 and self.rules.months_told.search(t.surface)
        if not in_turn or self.rules.in_turn_already.search(self.low, t.start - 20, t.start):
            return []
        if not self.rules.spaced and not self.rules.each_in_turn.match(self.low, t.end):
            return []
        months = self._by_month(t)
        return months if len(self.rules.month_name.findall(t.surface)) == len(months) else []

    def _by_month(self, t: Time) -> list[Time]:
        """The months from one to another, one by one."""
        first, last = (12 * int(end[:4]) + int(end[5:]) - 1 for end in (t.period or "").split("/"))
        return [t._replace(period=f"{m // 12}-{m % 12 + 1:02}") for m in range(first, last + 1)]

    def _years(self, t: Time, first: Numeral) -> list[Time]:
        """'2019年至2021年' as its years, a quarter as its months, where the amounts that begin with the `first` are told by them."""
        if len(t.period or "") == 15 and self.rules.each_month.search(self.low[t.end : first.start]):
            return self._by_month(t)
        ends = _OVER_YEARS.fullmatch(t.period or "")
        if not (ends and self.rules.each_year.search(self.low, max(t.end, first.start - 8), first.start)):
            return []
        return [t._replace(period=f"{year}") for year in range(int(ends[1]), int(ends[2]) + 1)]

    def _runs(self, items: list[Any]) -> list[list[Any]]:
        """The lists of two and more among things that stand one after another: 'A, B and C'."""
        runs: list[list[Any]] = [[]]
        for item in items:
            if runs[-1] and not self.rules.list.fullmatch(self.low[runs[-1][-1].end : item.start]):
                runs.append([])
            runs[-1].append(item)
        return [r for r in runs if len(r) > 1]

    def _from_to(self, quantities: list[Numeral], times: list[Time]) -> None:
        """'Between 2015 and 2022 it rose from 69 to 73 per cent': the ends of the amounts are those of the years."""
        again = [self.again(a, n) for a, n in pairwise(quantities)]
        lists = {run[-1].start: run for run in self._runs(quantities)}  # '分别从15%、25%提高到95%和90%'
        for a, b in pairwise(n for n, same in zip(quantities, (False, *again), strict=True) if not same):
            if not a.period or a.unit != b.unit:
                continue
            since = any(t.period == a.period and self.rules.since.match(t.surface) for t in times)
            alike = since or a.period == b.period
            begins = lists.get(a.start, [a])
            first = begins[0].start
            moved = alike and self.rules.from_to.search(self.low, first - 12, first)
            if not (moved and self.rules.pair.fullmatch(_BRACKETS.sub("", self.low[a.end : b.start]))):
                continue
            if any(t.period == a.period and "/" in (t.period or "") and _YEARS.fullmatch(t.surface) for t in times):
                a.period, b.period = a.period.split("/")
            elif not self.rules.spaced and self._restated(a, b):
                continue  # '将今年增速预测从4.6%上调至5%': both are of the year
            elif since or not _OVER_YEARS.fullmatch(a.period):
                # 'Cut from 11 days to 3.5 days in May': when it was 11 is not told, unless it is '由上年同期的11.3%'.
                last_year = self.rules.of_year_before.search(self.low, first - 12, first)
                began = years_on(a.period, -1) if last_year else None
                for n in begins:
                    n.period = began
        for (a, n), same in zip(pairwise(quantities), again, strict=True):
            n.period = a.period if same else n.period

    def _restated(self, a: Numeral, b: Numeral) -> bool:
        """Whether two amounts are the ends of one forecast's change."""
        told = self.rules.restated.search(self.low, a.start - 20, a.start)
        return bool(told or self.rules.restating.search(self.low, a.end, b.start))

    def again(self, a: Numeral, n: Numeral) -> bool:
        """Whether an amount is the one before it once more, in brackets: '480 billion yuan ($74 billion)'."""
        if not self.low.startswith(")", n.end):
            return False
        beside = self.low[a.end : n.start] in ("(", " (")
        return beside or bool(self.rules.money_again.fullmatch(self.low, a.end, n.start))

    def _began_with(self, quantities: list[Numeral]) -> None:
        """'Rose to 6.5 percent from 6.3': when a change began is not told, unless it is one of what is expected."""
        for a, b in pairwise(quantities):
            alike = a.unit == b.unit and a.period == b.period
            # '46 deaths in mines last year, down from 61'
            gap = self.low, a.end, b.start
            began = alike and (self.rules.from_gap.fullmatch(*gap) or self.rules.began_from.search(*gap))
            if began and self.rules.change_ends.match(self.low, b.end):
                told = self.rules.restated.search(self.low, a.start - 120, a.start)
                b.period = b.period if told else None

    def _led_to(self, quantities: list[Numeral]) -> None:
        """'Fell 14 percent in December, and rose 4 percent to 23 million in the full year': a change is of the time of its end."""
        rules, low = self.rules, self.low
        for a, b in pairwise(quantities):
            reached = a.direction and b.unit != "%" and not b.direction and b.period
            led = rules.to_what if a.unit == "%" else rules.times_to_what if a.unit == "times" else None
            if reached and led and led.fullmatch(low, a.end, b.start) and rules.in_a_time.match(low, b.end):
                a.period = b.period

    def _by_the_year(self, quantities: list[Numeral]) -> None:
        """'从2015年的32亿元增加到2023年的60亿元，年均增长8%': growth over several years is of the years from one to the other."""
        told = quantities[:1] + [n for a, n in pairwise(quantities) if not self.again(a, n)]
        self._over_the_years(told)
        for a, b, n in zip(told, told[1:], told[2:], strict=False):
            years = _over_years(a, b)
            either = years or _over_years(b, a)
            if either and n.unit in ("%", "pp") and self._yearly(b.end, n.start):
                n.period = either
                if a.value and b.value and not n.direction:
                    n.direction = "up" if (b.value > a.value) == bool(years) else "down"
            elif years and n.direction and n.unit in ("%", "pp", "times", a.unit) and self._in_all(a, b, n):
                n.period = _of_change(years)

    def _yearly(self, start: int, end: int) -> bool:
        """Whether what comes behind a change over years, from `start` to a rate at `end`, tells how much it was a year."""
        if self.rules.by_the_year.fullmatch(self.low, start, end):
            return True
        rate = self.rules.yearly_rate.match(self.low, start)
        return rate is not None and rate.end() == end

    def _over_the_years(self, told: list[Numeral]) -> None:
        """'Sales more than tripled, from 12 billion in 2012 to 41 billion in 2021': a change told before the ends that it has."""
        for n, a, b in zip(told, told[1:], told[2:], strict=False):
            years = _over_years(a, b) if n.direction and n.unit in ("%", "times", a.unit) else None
            from_there = years and self.rules.grown_from.fullmatch(self.low, n.end, a.start)
            if years and from_there and self.rules.pair.fullmatch(_BRACKETS.sub("", self.low[a.end : b.start])):
                n.period = _of_change(years)

    def _in_all(self, a: Numeral, b: Numeral, n: Numeral) -> bool:
        """'从2017年的178列，到2022年的8820列，增长了49倍': whether a change is the one from an amount to the next."""
        moved = self.rules.pair.fullmatch(self.low, a.end, b.start)
        return bool(moved and self.rules.in_all.fullmatch(self.low, b.end, n.start))

    def _goes_on(self, quantities: list[Numeral], times: list[Time]) -> None:
        """'从2017年的112亿元提高到2021年的160亿元，累计完成545亿元，人均突破15万元': what goes on is of these years, or of the last."""
        years: list[str] = []  # of the change told last
        over = False  # whether this part of the sentence tells of all of them
        for i, (a, n) in enumerate(pairwise(quantities)):
            gap = self.low, a.end, n.start
            moved = a.unit == n.unit and self.rules.pair.fullmatch(*gap)
            multiple = a.unit == "times" and is_year(a.period)
            then = self.rules.times_then.search(self.low, a.start - 9, a.start) if multiple else None
            if moved and is_year(a.period) and is_year(n.period):
                years = sorted({a.period or "", n.period or ""})
            elif then:
                years = [then["year"], a.period or ""]  # '2012年12885亿元，是2007年的2.5倍，年均增长16.1%'
            if len(years) != 2:
                continue
            told = self.rules.of_those_years.search(*gap)
            over = bool(told and told["over"]) or (over and not self.rules.part_end.search(*gap))
            if told and told["over"] and n.period == years[1]:
                n.period = "/".join(years)
            elif n.period and not any(t.period == n.period and t.start > n.start for t in times):
                years = years if n.period in years or n.period == "/".join(years) else []
            elif n.unit == "year" or self.rules.sum_floor.match(self.low, n.end):
                continue
            elif moved or n.basis == "yoy" or (told and (told["first"] or told["last"])):
                n.period = years[0 if told and told["first"] else 1]  # '同期收入从18亿元提高到21亿元'
            elif self.rules.list.fullmatch(*gap):
                n.period = a.period
            elif told and a.unit == "year" and a.value and told.start() == a.end:  # '五年累计'
                n.period = f"{int(years[1]) - int(a.value) + 1}/{years[1]}"
            elif (
                told or (over and not self._begins(n)) or (i and n.direction and self._in_all(quantities[i - 1], a, n))
            ):
                n.period = "/".join(years)

    def _begins(self, n: Numeral) -> bool:
        """Whether an amount is what a change begins with."""
        return bool(self.rules.from_here.search(self.low, n.start - 8, n.start))

    def _year_before(self, quantities: list[Numeral]) -> None:
        """'$1.34 bn, against $1.21 bn a year earlier': the amount that another is compared with is of the year before."""
        beside: dict[int, Numeral] = {}  # where an amount begins: that with which it is compared
        for n in quantities:
            if n.period and self.rules.turned_from.search(self.low, n.start - 12, n.start):
                n.period = years_on(n.period, -1)
        joined = {b.start: a for a, b in pairwise(quantities) if self._beside(a, b)}
        for a, b in _alike(quantities):
            before = self.rules.year_before.match(self.low, b.end)
            compared = self.rules.counterpart.search(self.low, b.start - 40, b.start) is not None
            compared = compared or b.start in joined
            if compared:
                beside[b.start] = a
            elif self.rules.year_earlier.match(self.low, b.end + 1) and self._and_apart(a, b):
                # 'against 5.1 percent in June and 4.9 percent a year ago'
                a, compared = beside.get(a.start, a), True
            if not a.period:
                continue
            if before and compared:
                b.period = self._years_before(a.period, before)
            elif a.period != b.period and (self.rules.spaced or not is_year(b.period)):
                continue  # a whole year may be told of a part of it: '11月5亿元，较去年同期4亿元增长25%'
            elif self.rules.of_year_before.search(self.low, max(a.end, b.start - 60), b.start):
                # '高于上年同期0.2个百分点': a difference is of its own time
                b.period = years_on(a.period, 0 if b.unit == "pp" else -1)
            elif a.period == b.period and self.rules.year_after.match(self.low, b.end):
                b.period = years_on(a.period, 1)

    def _beside(self, a: Numeral, b: Numeral) -> bool:
        """'Against 9 brokers and 41 million yuan in 2024': whether what is set beside something is told by two amounts."""
        unlike = a.unit != b.unit and self.rules.beside_it.fullmatch(self.low, a.end, b.start)
        return bool(unlike and self.rules.counterpart.search(self.low, a.start - 40, a.start))

    def _both_beside(self, quantities: list[Numeral]) -> None:
        """Two amounts that are set beside something are of one time, which stands after the second."""
        for a, b in pairwise(quantities):
            if a.period and b.period and a.period != b.period and self._beside(a, b):
                a.period = b.period

    def _lists_before(self, quantities: list[Numeral]) -> None:
        """'18 and 11 percent in May, against 16 and 9 percent a year earlier': all of a list that another is compared with."""
        for run in self._runs(quantities):
            told = next((n for n in reversed(quantities) if n.end <= run[0].start and n.unit == run[0].unit), None)
            before = self.rules.year_before.match(self.low, run[-1].end)
            if not (told and told.period and before):
                continue
            if self.rules.counterpart.search(self.low, run[0].start - 40, run[0].start):
                for n in run:
                    n.period = self._years_before(told.period, before)

    def _years_before(self, period: str, before: re.Match[str]) -> str | None:
        """The period that 'a year earlier', 'a decade ago', 'in the same period of 2019' are of, told beside another."""
        if before["base"]:
            return re.sub(r"\d{4}", before["base"], period)
        return years_on(period, -self.calendar.years_ago(before))

    def _and_apart(self, a: Numeral, b: Numeral) -> bool:
        """Whether an amount is joined to another that has a time of its own."""
        gap = self.low, a.end, b.start
        return bool(self.rules.and_gap.search(*gap)) and not self.rules.list.fullmatch(*gap)

    def _period_before(self, quantities: list[Numeral]) -> None:
        """'Rebounding from a 0.6% drop in the prior month': the month or quarter before that of the amount told first."""
        firsts = {n.unit: n for n in reversed(quantities)}.values()
        for a, b in (*((n, n) for n in firsts), *_alike(quantities)):
            if not a.period:
                continue
            before = self.rules.period_before.match(self.low, b.end)
            before = before or self.rules.of_period_before.search(self.low, max(a.end, b.start - 60), b.start)
            if before:
                length = self.calendar.words["runs"].get(before[before.lastgroup or 0], 1)
                b.period = previous(a.period, length) or b.period

    def _nth_quarter(self, quantities: list[Numeral]) -> None:
        """'8.2 percent in the second quarter, from 18.7 percent in the first': a quarter of the year that is told."""
        quarters = [self.rules.nth_quarter.match(self.low, n.end) for n in quantities]
        left, right = quantities[0].start - 160, quantities[-1].end + 24
        if not any(quarters) or not self.rules.quarters.search(self.low, left, right):
            return
        told = quantities[0].period or ""
        for n, nth in zip(quantities, quarters, strict=True):
            if nth is None:
                told = n.period or told
            elif len(told) in (4, 15):
                compared = self.rules.counterpart.search(self.low, n.start - 40, n.start)
                year = told if compared else told[:4]  # 'in the first, 5.2 in the second' goes on in its year
                quarter = quarter_before(year, self.calendar.number(nth["nth"]))
                past = not self.calendar.today or quarter[:7] <= self.calendar.today.isoformat()[:7]
                n.period = quarter if past else quarter_before(told, self.calendar.number(nth["nth"]))


def _over_years(a: Numeral, b: Numeral) -> str | None:
    """The years from one amount to the other, where they are of one unit and each of a year, the earlier first."""
    years = _OVER_YEARS.fullmatch(f"{a.period}/{b.period}") if a.unit == b.unit else None
    return years[0] if years and years[1] < years[2] else None


def _of_change(years: str) -> str:
    """The period of what changed over years: all of them, but the last where it is the one after the first."""
    first, last = years.split("/")
    return last if int(last) - int(first) == 1 else years


def _alike(quantities: list[Numeral]) -> Iterator[tuple[Numeral, Numeral]]:
    """Each amount with the last before it of the same unit."""
    last: dict[str | None, Numeral] = {}
    for n in quantities:
        if n.unit in last:
            yield last[n.unit], n
        last[n.unit] = n
