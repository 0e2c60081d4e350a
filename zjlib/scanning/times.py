"""The times that a text names: which of them tell of figures, and how far each reaches."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from zjlib.scanning.calendar import contains, ends_before, is_day, is_month, is_of_months, is_year, previous, years_on

if TYPE_CHECKING:
    from zjlib.report import Sentence
    from zjlib.scanning.calendar import Calendar
    from zjlib.scanning.numeral import Numeral

_YEAR = re.compile(r"\d{3}")  # of the calendar, or of an era: 112年


class Time(NamedTuple):
    """A period that a text names, where it names it; the surface in the plain form that rules are written for."""

    start: int
    end: int
    period: str | None
    surface: str


class Times:
    """Sorts the times of a sentence: what is compared with, what stands in an aside, and what its amounts are of."""

    def __init__(self, calendar: Calendar, low: str) -> None:
        """`low` is the text in the plain form that the rules are written for."""
        self.calendar, self.rules, self.low = calendar, calendar.rules, low
        self.today = calendar.today.isoformat() if calendar.today else None

    def of_figures(self, t: Time) -> str | None:
        """'By the end of 2023' tells a figure of 2023, 'in the week to May 12' one of seven days."""
        if self.rules.week_to.search(self.low, t.start - 13, t.start) and is_day(t.period):
            day = Date.fromisoformat(t.period or "")
            return f"{day - timedelta(6)}/{day}"
        last = (t.period or "").partition("/")[2]
        year_to = is_month(last) and self.rules.year_to.match(t.surface)
        before = t.start - 90
        forecast = self.rules.year_ending.match(t.surface) and self.rules.will.search(self.low, before, t.start)
        if year_to and not forecast and self.rules.inflation.search(self.low, before, t.start):
            return last
        if t.period is None or not is_month(t.period):
            return t.period
        year, month = t.period.split("-")
        if month != "01" and self._cumulated(t):
            return f"{year}-01/{t.period}"
        return year if month == "12" and self.rules.year_end.search(t.surface) else t.period

    def _cumulated(self, t: Time) -> bool:
        """'7月,收入累计完成38416万元': whether a month is told with what there was from January."""
        to_date = self.rules.to_date.search(self.low, t.start - 3, t.start)
        return bool(not to_date and self.rules.cumulated.match(self.low, t.end))

    def of_one_year(self, times: list[Time]) -> list[Time]:
        """'In the January-June period last year' is one time: months, and their year."""
        out: list[Time] = []
        for t in times:
            last = out[-1] if out else None
            of_last = last and self.rules.of_year.fullmatch(self.low, last.end, t.start)
            year = t.surface in self.calendar.relative or t.surface.isdecimal()
            span = last.period if of_last and last and year and not self.names_year(last) else None
            if last and span and "-" in span and t.period:
                ends = int(span.rpartition("/")[2][:4])
                out[-1] = last._replace(period=years_on(span, int(t.period[:4]) - ends))
            else:
                out.append(t)
        return out

    def in_order(self, times: list[Time]) -> list[Time]:
        """'Q1, Q2 and Q3', told in March, 'the third quarter of 2024 and the fourth': what is told one after another is of one year."""
        out, going = times[:1], False  # whether the last one was told of another's year
        last = out[-1] if out else None  # not the time of a record: '2020年一季度下降5%，为2008年以来最大；二季度…'
        for t in times[1:]:
            assert last
            year = (last.period or "")[:4]
            alike = any(previous(last.period, months) and previous(t.period, months) for months in (1, 3))
            alike = alike or (is_of_months(t.period) and (self._leading_year(last, t) or self._under_way(last, t)))
            of_then = years_on(t.period or "", int(year) - int((t.period or "")[:4])) if alike else ""
            told = bool(_YEAR.search(last.surface)) or (going and not self.rules.spaced)
            if self.rules.spaced and self.today and self._began(t) and (t.period or "") <= self.today < of_then:
                told = False  # 'in January 2026 prices dipped 0.8 percent from December'
            going = told and not self.names_year(t) and of_then > (last.period or "")
            out.append(t._replace(period=of_then) if going else t)
            if self.rules.spaced or not self.rules.reference_after.match(self.low, t.end):
                last = out[-1]
        for i in reversed(range(len(out) - 1)):
            before = years_on(out[i].period or "", -1)
            if before == previous(out[i + 1].period, 3) and not self.names_year(out[i]):
                out[i] = out[i]._replace(period=before)
        return out

    def both_years(self, named: list[Time], quantities: list[Numeral], line: str) -> list[Time]:
        """'Sales of 3.9 trillion yuan in 2024 and 2025': two years told of one amount are one time."""
        alike = pairwise(quantities)
        in_turn = any(self.rules.list.fullmatch(self.low, a.end, b.start) for a, b in alike)
        if len(named) < 2 or in_turn or self.rules.respectively.search(line):
            return named
        out = named[:1]
        for t in named[1:]:
            last = out[-1]
            if self.rules.both_months.match(self.low, last.end) and previous(t.period, 1) == last.period:
                # '5月份、6月份均环比增长1.2%'
                out[-1] = t._replace(start=last.start, period=f"{last.period}/{t.period}")
                continue
            joined = self.rules.both_years.fullmatch(self.low, last.end, t.start) and is_year(last.period)
            next_year = t.period == years_on(last.period or "", 1)
            if joined and next_year and not self.rules.next_clause.match(self.low, t.end):
                t = Time(last.start, t.end, f"{last.period}/{t.period}", self.low[last.start : t.end])
                out.pop()
            out.append(t)
        return out

    def _began(self, t: Time) -> bool:
        """Whether a time is the one from which something is told."""
        return self.rules.from_then.search(self.low, t.start - 6, t.start) is not None

    def _leading_year(self, t: Time, month: Time) -> bool:
        """'2023年，全县收入35亿元，8月收入5亿元，其中四季度…': whether a year leads its clause, so that a month after it is its own."""
        leads = is_year(t.period) and (
            self.rules.clause_start.search(self.low, t.start - 1, t.start)
            or self.rules.of_which.search(self.low, month.start - 4, month.start)
        )
        return bool(leads) and not self.rules.due.search(self.low, month.start - 6, month.end + 8)

    def _under_way(self, year: Time, months: Time) -> bool:
        """'启动2023年首批项目，一季度新开工266个', told in January: whether months that name no year are those that it is in."""
        now, then = (self.today or "")[:7], years_on(months.period or "", 1)
        return not self.rules.spaced and year.period == now[:4] and then[:7] <= now <= then[-7:]

    def names_year(self, t: Time) -> bool:
        """Whether a time tells its year, be it as the last one."""
        return bool(_YEAR.search(t.surface)) or any(word in t.surface for word in self.calendar.relative)

    def tells(self, t: Time, sentence: Sentence, heading: bool) -> bool:
        """Whether a time may be that of a figure: it is not what a figure is compared with, nor the day that it was told."""
        rules, low, start = self.rules, self.low, sentence.start
        if rules.opens.fullmatch(low, start, t.start) or rules.effective.search(low, start, t.start):
            return True  # 'From July 1, approval can be had within half a day'
        if is_day(t.period) and rules.in_force.match(low, t.end):
            return True  # '自11月14日零时起'
        if rules.since.match(t.surface) and t.start > start + 1:
            if rules.since.match(low, t.start) and rules.superlative.search(low, start, t.start):
                return self.tells_of_then(t)  # 'after touching its highest since November'
            told = rules.since_day.match(t.surface) and rules.just_told.search(low, start, t.start)
            told = told or rules.perfect.search(low, start, t.start)
            return bool(told or rules.perfect_after.match(low, t.end))
        began = not rules.spaced and rules.starts_at.search(low, t.start - 1, t.start)
        whose = (began or self._may_own(t)) and rules.possessive_amount.match(low, t.end)
        whose = whose or (began and rules.began_with.match(low, t.end))  # '从2015年的32亿元增加到'
        if not (whose or self._lasting(t, sentence) or self._when(t)) and self._compared(t, sentence):
            return False
        if rules.stretch_of_years.search(t.surface) and rules.superlative.search(low, start, t.start):
            return False  # 'the slowest rate in the past six years'
        if low.startswith(" that ", t.end) and rules.said_then.search(low, start, t.start):
            return False  # 'said last week that'
        if is_day(t.period) and self._told_on(t, start):
            return False
        if rules.nth_of.match(low, t.end) and rules.after_day.search(low, start, t.start):
            return False
        priced = rules.prices_after.match(low, t.end) and rules.prices_of.search(low, t.start - 20, t.start)
        month = t.start + 4 * low.startswith("for ", t.start)  # 'futures for June'
        if priced or rules.reference_after.match(low, t.end) or rules.untold.search(low, t.start - 40, month):
            return False
        plan = rules.rules["plans_are_names"] and self.calendar.is_plan(t.surface)
        return not plan or heading or bool(rules.plan_time.search(t.surface))

    def _may_own(self, t: Time) -> bool:
        """'June's 3.9 percent', '2022's 2.7 percent': whether a time is one that an amount can be said to be of."""
        return is_month(t.period) or t.surface.isdecimal() or self.own_then(t)

    def own_then(self, t: Time) -> bool:
        """'More than last year's 735 billion': whether what is compared with is of a time told from the report's."""
        past = self.rules.spaced and self.calendar.relative.get(t.surface, 0) < 0
        than = past and self.rules.than_then_own.search(self.low, t.start - 16, t.start)
        return bool(than) and self.rules.then_amount.match(self.low, t.end) is not None

    def _told_on(self, t: Time, start: int) -> bool:
        """Whether a day is the one on which what the sentence that begins at `start` says was told."""
        rules, low, far = self.rules, self.low, t.start - start
        if (far < 60 and rules.dateline.match(low, t.end)) or rules.told_in.match(low, t.end):
            return True
        return bool((far < 6 and rules.told_then.match(low, t.end)) or rules.reported.search(low, start, t.start))

    def _lasting(self, t: Time, sentence: Sentence) -> bool:
        """Whether a time is a stretch of years that amounts are told over: nothing is compared with it."""
        over = self.rules.over_time.match(self.low, sentence.start) and t.start - sentence.start < 12
        return bool(over or self.rules.stretch.search(t.surface))

    def _compared(self, t: Time, sentence: Sentence) -> bool:
        """Whether a time is what something is compared with: 'than in June'; one that is moving begins or ends a change."""
        rules, low = self.rules, self.low
        on_day = is_day(t.period) and rules.moved_on.search(low, t.start - 12, t.start)
        if on_day or self._from_then(t):
            return False
        if rules.of_whole_in.search(low, max(sentence.start, t.start - 90), t.start):
            return False  # 'accounted for 42 percent of the total in 2023'
        if rules.compared.search(low, max(sentence.start, t.start - 90), t.start):
            return True
        before = low, max(sentence.start, t.start - 40), t.start
        if (is_year(t.period) or is_month(t.period)) and rules.over_year.search(*before):
            return True
        if rules.their_level.match(low, t.end) and rules.part_of_it.search(low, t.start - 20, t.start):
            return True
        if self.to_come(t):
            return False
        told = t.surface in self.calendar.relative  # '自今年以来', '从年初以来'
        now = told and (rules.until_now.match(low, t.end) or rules.since_then.search(t.surface))
        whole = (now or "/" in (t.period or "")) and rules.whole.search(low, t.start - 9, t.start)
        until = rules.until.search(low, t.start - 7, t.start) and rules.an_end.search(t.surface)
        if whole or until or rules.moving_on.match(low, t.end):
            return False
        return bool(rules.reference.search(*before))

    def _from_then(self, t: Time) -> bool:
        """'The rate goes up to 15 percent from April 2025': whether a time to come is the one from which something holds."""
        if not self._began(t):
            return False
        acted = is_day(t.period) and self.rules.acted.search(self.low, max(0, t.start - 90), t.start)
        acted = acted or (is_month(t.period) and self.rules.will_from.search(self.low, max(0, t.start - 120), t.start))
        return bool(self.to_come(t) or acted)

    def _when(self, t: Time) -> bool:
        return bool(self.rules.when.match(self.low, t.end))

    def tells_of_then(self, t: Time) -> bool:
        """'Since 2010, when it was above 12 percent', 'since March's 4.1 percent': whether the beginning of a stretch has an amount."""
        return self._when(t) or bool(self.rules.spaced and self.rules.possessive_amount.match(self.low, t.end))

    def _aside(self, t: Time, sentence: Sentence) -> bool:
        return bool(self.rules.aside.search(self.low, max(sentence.start, t.start - 24), t.start))

    def scope(self, t: Time, sentence: Sentence, quantities: list[Numeral]) -> tuple[int, int]:
        """The stretch of a sentence whose amounts a time may be of: all of it, unless it stands in an aside or a comparison."""
        if self._when(t) and self._compared(t, sentence):
            return t.end, sentence.end  # 'slower than in June, when it was 5 percent'
        opened, closed = self.low.rfind("(", sentence.start, t.start), self.low.find(")", t.end, sentence.end)
        bracketed = opened > self.low.rfind(")", sentence.start, t.start) and closed > 0
        if bracketed and any(opened < n.start < closed for n in quantities):
            return opened, closed  # '1,204 (2022: 1,150)'
        alone = not self.rules.spaced and (opened, closed) == (t.start - 1, t.end)
        if own := next((n for n in quantities if alone and n.end == opened), None):
            return own.start, own.end  # '起点为310亿元(2015年)'
        following = next((n for n in quantities if n.start >= t.end), None)
        if following and self._may_own(t) and self.rules.possessive.fullmatch(self.low, t.end, following.start):
            return following.start, self._list_end(following, quantities)  # 'slower than June's 3.9 percent'
        if following and self._bound(t, following):
            # '由2020年的6.3%提高到2025年的10%', '分别从2012年的7亿人、1亿人增加到'
            return following.start, self._list_end(following, quantities)
        last = next((n for n in reversed(quantities) if n.end <= t.start), None)
        if last and self._of_counterpart(t, last, sentence, quantities):
            return last.start, last.end  # 'up from 28.8 percent in July'
        if last and self.rules.thing_of.search(self.low, last.end, t.start):
            return last.start, last.end
        clause = self.low.rfind(", ", sentence.start, t.start)
        if (
            self.rules.relative_clause.match(self.low, max(clause, 0))
            and (end := self.low.find(",", t.end, sentence.end)) > 0
        ):
            return clause, end  # 'pork, whose price had doubled in 2019, was cheaper'
        if before := self.rules.before_it.search(self.low, sentence.start, t.start):
            return before.start(), sentence.end  # 'sales rose 12 percent before the subsidy ended in December'
        if clause > 0 and self.rules.having.match(self.low, clause):
            return clause, sentence.end  # 'rose 3 percent, having risen 4 percent in 2022'
        now = not t.period and self.low.startswith(", ", t.start - 2)  # 'private firms, now 3,629 of them, …'
        if now or self._aside(t, sentence):
            closes = self.rules.aside_end.search(self.low, t.end, sentence.end)
            return t.start, closes.start() if closes else sentence.end  # 'built in 1987 for 12 million yuan, …'
        return sentence.start, sentence.end

    def _list_end(self, n: Numeral, quantities: list[Numeral]) -> int:
        """Where the list ends that an amount begins, or the amount itself, where words stand apart."""
        end = n.end
        if self.rules.spaced:
            return end
        for q in quantities:
            if q.start > n.start and q.unit == n.unit and self.rules.list_and.fullmatch(self.low, end, q.start):
                end = q.end
        return end

    def opens_clause(self, t: Time, since: int) -> bool:
        """'报废汽车1.8万辆，其中9月0.4万辆': whether a time begins a clause, after `since`, that has an amount of its own."""
        if not self.rules.own_start.search(self.low, since, t.start):
            return False
        return bool(self.rules.amount_of_clause.match(self.low, t.end) or self.rules.until_now.match(self.low, t.end))

    def till_part_ends(self, t: Time, lead: Time, scope: tuple[int, int]) -> tuple[int, int]:
        """'“十四五”期间投资5亿元，2022年以来每年过亿元；开工181项': where a time that began within the one leading its sentence ends."""
        within = contains(lead.period, (t.period or "")[:4]) and self.rules.since_then.search(t.surface)
        # '10月1日至7日，出游5亿人次，2019年7天为7亿人次；实现收入3亿元'
        before = not self.rules.spaced and ends_before(t.period, lead.period) and self._leads_part(t)
        aside = within or (before and self._leads_part(lead))
        ends = self.rules.part_end.search(self.low, t.end, scope[1]) if aside else None
        return (scope[0], ends.start()) if ends else scope

    def _leads_part(self, t: Time) -> bool:
        """Whether a time stands at the beginning of its clause."""
        return self.rules.clause_start.search(self.low, t.start - 1, t.start) is not None

    def _bound(self, t: Time, n: Numeral) -> bool:
        """Whether a time is of the amount after it alone."""
        if not self.rules.time_of.fullmatch(self.low, t.end, n.start):
            return False
        left = self.rules.at_time.search(self.low, t.start - 1, t.start)
        return bool(left or self.rules.of_that_goal.match(self.low, n.end))

    def _of_counterpart(self, t: Time, last: Numeral, sentence: Sentence, quantities: list[Numeral]) -> bool:
        """Whether a time is of the amount before it alone, since that is what another is compared with."""
        rules, low, left = self.rules, self.low, max(sentence.start, last.start - 40)
        if is_day(t.period) and rules.acted.search(low, max(sentence.start, last.start - 90), last.start):
            return False  # 'cut the rate to 1.5 percent from 1.7 percent on Tuesday'
        if rules.cut_off.search(low, last.end, t.start):
            return False
        if not rules.counterpart.search(low, left, last.start):
            # 'compared with 44 million in 2024 and 41 million in 2023'
            before = next((n for n in reversed(quantities) if n.end <= last.start and n.unit == last.unit), None)
            then = before and rules.then_and.fullmatch(low, before.end, last.start)
            return bool(before and then and rules.counterpart.search(low, before.start - 40, before.start))
        ends = self.low.find(";", t.end, sentence.end)
        alike = any(n is not last and n.unit == last.unit for n in quantities if ends < 0 or n.start < ends)
        if rules.main_passes.search(low, left, last.start) and not any(n.end <= last.start for n in quantities):
            return False  # 'loans exceeded 4.2 trillion yuan in 2022, including 2.4 trillion to small firms'
        return alike or bool(rules.against.search(low, left, last.start))

    def passing(self, t: Time) -> bool:
        """Whether a time holds for its own sentence only: a decade, one to come, and 'since 2016'."""
        return self.to_come(t) or bool(self.rules.passing_time.search(t.surface))

    def to_come(self, t: Time) -> bool:
        """Whether a time begins after the day of the report, or is told as one to come where that day is not known."""
        if self.today is not None:
            return (t.period or "")[:10] > self.today
        before = self.low, max(0, t.start - 40), t.start
        return bool(self.rules.will.search(*before) or self.rules.by_then.search(*before))

    def binds(self, t: Time, gap: str) -> bool:
        """Whether a time is of the amount before it, with only `gap` between: '0.7 percent year on year in February'."""
        if self.rules.own_preposition.match(t.surface) and self.rules.plain_words.fullmatch(gap):
            return True
        if self._from_then(t) and self.rules.plain_words.fullmatch(gap):
            return True
        if not gap.strip() and self.rules.of_month.match(t.surface):
            return True  # 'more than the 2.4% of May'
        if gap == "(" and not self.rules.spaced and self.low.startswith(")", t.end):
            return True
        if self.rules.by_day.fullmatch(gap):
            return is_day(t.period)  # 'stood at 41.5% on 31 December'
        if gap.startswith(",") and self.rules.clause_of_time.match(self.low, t.end):
            return False  # 'in Q1 2014 it was 7%, in 2016 it was 7.2%'
        if self.rules.alone.match(self.low, t.end) and self.rules.plain_words.fullmatch(gap):
            return True  # '140 billion yuan to be spent this year alone'
        told = t.surface in self.calendar.relative or t.surface in self.calendar.words.get("month", ())
        if told and self.rules.done_gap.fullmatch(gap):
            return True  # 'opened 12 on Monday, while 40 closed last year'
        alone = self.rules.spaced and t.surface in self.calendar.relative and self.rules.growth_gap.fullmatch(gap)
        return bool(alone or self.rules.binding.fullmatch(gap))

    def reaches(self, t: Time, n: Numeral) -> bool:
        """'2022年收入12亿元，近3年增长8%' holds for its own clause only."""
        return not (
            self.rules.own_clause.match(self.low, t.start) and self.rules.clause_end.search(self.low, t.end, n.start)
        )
