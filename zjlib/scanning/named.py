"""The times that a sentence names: its dates, and what only the text before tells: 'in the quarter', 全年, 当日, a holiday."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import timedelta
from typing import TYPE_CHECKING

from zjlib.scanning.calendar import contains, is_day, is_month, is_of_months, is_year, previous, years_on
from zjlib.scanning.times import Time, Times

if TYPE_CHECKING:
    from collections.abc import Iterator

    from zjlib.report import Sentence


class Named:
    """Finds the times that the sentences of one document name, as figures are told of them."""

    def __init__(self, times: Times) -> None:
        """Sorts and reads times as `times` does."""
        self.times, self.calendar, self.rules, self.low = times, times.calendar, times.rules, times.low
        self.today = times.calendar.today
        self.day: str | None = None  # named last, be it that of the report
        self.holidays = self._holidays()
        self.same_days = [m.span() for m in self.rules.same_day.finditer(self.low)]

    def of(self, sentence: Sentence, times: list[Time], context: str | None, section: str | None) -> list[Time]:
        """The times that a sentence names, in their order, `times` being its dates; `context` and `section` are what was told before."""
        before = context or section or ""
        holidays = self.holidays and [h for h in self.holidays if sentence.start <= h.start < sentence.end]
        if holidays:  # 'last year's May Day holiday'
            times = [t for t in times if not any(h.start <= t.start < h.end or self._is_when(h, t) for h in holidays)]
        if times and self.rules.since_it.fullmatch(self.low, sentence.start, times[0].start):
            times = [self._since(times[0]), *times[1:]]
        if len(times) > 1 and self.rules.spaced:
            times = self._as_then(self._from_to(times))
        times = [
            t._replace(period=(t.period or "").split("/")[0])  # 'since 2010, when it was above 12 percent'
            if self.rules.since.match(t.surface) and self.times.tells_of_then(t)
            else t
            for t in self._from_january(times, context)
        ]
        spaced = self.rules.spaced
        if len(times) > 1 and not spaced:
            times = self._this_year_till(self._until_day(times))
        times = [self._this_quarter(t, before, sentence) if spaced else self._until_now(t) for t in times]
        parts = [*self._whole_quarters(sentence, times, context), *self._same_months(sentence, times, before)]
        whole = [
            *self._whole_years(sentence, times, before),
            *parts,
            *holidays,
            *self._months_in_all(sentence, times, before),
        ]
        if self.same_days:
            whole += self._same_days(sentence, times)
        if not times and not whole:
            return []
        named = [
            t._replace(period=self.times.of_figures(t))
            for t in sorted(t for t in (*times, *whole) if t.period is not None)
        ]
        return self._year_by_year(sentence, before, self.times.in_order(self.times.of_one_year(named)))

    def _is_when(self, holiday: Time, t: Time) -> bool:
        """'The Spring Festival holiday from February 11 to 17 this year': whether a time behind a holiday tells when that is."""
        within = (holiday.period or "").startswith(t.period or "-")
        return within and 0 < t.start - holiday.end < 30 and "," not in self.low[holiday.end : t.start]

    def _since(self, t: Time) -> Time:
        """'Since the line opened in 2013', 'Since the service began in March 2011': the time from then to the telling."""
        year, month = t.surface.isdigit(), is_month(t.period) and re.search(r"\d{4}", t.surface)
        since = self._to_now(t.period or "") if year or month else None
        return t._replace(period=since, surface=f"since {t.surface}") if since or year else t

    def _to_now(self, first: str) -> str | None:
        """From a year or a month to the last one that a report of this day can tell of; None where there is none."""
        now = self.today.isoformat()[:7] if self.today else ""
        if is_year(first):
            return self.calendar.since(first)
        return f"{first}/{now}" if is_month(first) and first < now else None

    def _until_now(self, t: Time) -> Time:
        """'自2024年3月开工以来', '2017年首列开行以来', '去年四季度以来': a time from which something has been so till the report."""
        first = (t.period or "").partition("/")[0]
        told = is_day(first) and first != t.period  # '截至6月30日，今年以来新增11万户'
        if not first or told or not self.rules.until_now.match(self.low, t.end):
            return t
        last = self.today.isoformat()[:7] if self.today else ""
        if is_day(first):
            first = first[:7] if int(last[:4] or 0) - int(first[:4]) < 2 else first[:4]
        if last <= first or (is_year(first) and "/" in (t.period or "")):
            return t
        return t._replace(period=self._to_now(first) or t.period)

    def _until_day(self, times: list[Time]) -> list[Time]:
        """'5月6日起报名，到12日截止': two days are the stretch between them."""
        out = times[:1]
        for t in times[1:]:
            last = out[-1]
            day = re.fullmatch(r"(\d\d?)日", t.surface)
            # '12日' is of the month that was named
            until = f"{(last.period or '')[:8]}{int(day[1]):02}" if day else t.period or ""
            days = is_day(last.period) and is_day(until) and (last.period or "") < until
            near = t.start - last.end < 16 and self.rules.in_force.match(self.low, last.end)
            counted = len(last.period or "") == len(until) < 11 and (last.period or "") < until
            told = self.times.names_year(t) or until[:4] == (last.period or "")[:4]
            counted = counted and told and self.rules.counted_from.fullmatch(self.low, last.end, t.start) is not None
            if counted or (days and near and self.rules.until_day.search(self.low, last.end, t.start)):
                t = t._replace(period=f"{last.period}/{until}")
                out[-1] = last._replace(period=t.period)
            out.append(t)
        return out

    def _from_to(self, times: list[Time]) -> list[Time]:
        """'From its launch on December 3, 2021 until Jan. 2 this year', 'between July 1, when the quota rose, and September 30'."""
        out = times[:1]
        for t in times[1:]:
            last = out[-1]
            first, until = last.period or "", t.period or ""
            ends = {len(first), len(until)} <= {7, 10} and first < until
            gap = self.low[last.end : t.start]
            # 'until Jan. 2 this year'
            again = gap == " " and "/" in first and contains(until, first.rpartition("/")[2])
            if ends and self.rules.stretch_of.search(f"{self.low[max(0, last.start - 60) : last.start]}|{gap}|"):
                size = min(len(first), len(until))
                out[-1] = Time(last.start, t.end, f"{first[:size]}/{until[:size]}", self.low[last.start : t.end])
            elif not again:
                out.append(t)
        return out

    def _as_then(self, times: list[Time]) -> list[Time]:
        """'405 billion by the end of August, 20 percent more than in the first eight months of 2013': as many months, from January."""
        sums = [t.period for t in times if t.period and is_of_months(t.period) and t.period[4:8] == "-01/"]
        return [
            t._replace(period=_from_new_year(t.period))
            if t.period
            and is_month(t.period)
            and self.rules.an_end.search(t.surface)
            and any(s.endswith(t.period[4:]) and s < t.period[:4] for s in sums)
            else t
            for t in times
        ]

    def _this_year_till(self, times: list[Time]) -> list[Time]:
        """'截至6月28日，今年发送42万吨', '今年截至6月28日': what is told of this year till a day or a month is told from January."""
        year = str(self.today.year) if self.today else "-"
        out = times[:1]
        for t in times[1:]:
            until, then = out[-1].period or "", t.period or ""
            since = until == year and self.rules.year_then_till.fullmatch(self.low, out[-1].end, t.start)
            since = since and out[-1].surface in self.calendar.relative and self.rules.gathered.match(self.low, t.end)
            if since and then[:4] == year and _may_end(then):
                t = t._replace(period=_from_new_year(then))
            this = t.period == year and t.surface in self.calendar.relative and until.startswith(year)
            told = this and self.rules.till.search(self.low, out[-1].start - 3, out[-1].start)
            near = told and self.rules.year_till.match(self.low, out[-1].end, t.start)
            so_far = near or (told and self.rules.so_far.match(self.low, t.end))
            if so_far and _may_end(until) and not self.rules.to_be_done.match(self.low, t.end):
                t = t._replace(period=_from_new_year(until))
            out.append(t)
        return out

    def _from_january(self, times: list[Time], context: str | None) -> list[Time]:
        """'So far this year', told of August: from January to the month that the sentence or its paragraph speaks of."""
        if not (times and self.today and self.rules.spaced):
            return times
        year = str(self.today.year)
        times = self._year_to_date(times, year)
        told = (t.period or "" for t in times if not self.rules.since.match(t.surface))
        months = [period for period in told if is_of_months(period) and period.startswith(year)]
        month = ((months[-1] if months else context) or "")[-7:]
        if month[:4] != year or not is_month(month):
            return times
        period = f"{year}-01/{month}" if month[-2:] > "01" else month
        return [
            t._replace(period=period)
            if (
                self.rules.from_january.fullmatch(t.surface)
                or (t.period == year and self.rules.so_far.search(self.low, t.start - 7, t.start))
            )
            and not self.rules.traded.search(self.low, t.start - 120, t.start)
            else t
            for t in times
        ]

    def _this_quarter(self, t: Time, told: str, sentence: Sentence) -> Time:
        """'1,204 homes were finished this quarter', told of one that has ended: that one."""
        this = self.calendar.words.get("quarter", {}).get(t.surface) == 0 and previous(told, 3)
        ahead = this and self.rules.will.search(self.low, sentence.start, sentence.end)
        return t._replace(period=told) if this and not ahead and told < (t.period or "") else t

    def _year_to_date(self, times: list[Time], year: str) -> list[Time]:
        """'As of Tuesday, it has run 4,843 trains this year': both times are the stretch from the year's start to the day."""
        this = next((t for t in times if t.period == year and t.surface in self.calendar.relative), None)
        last = next((t for t in times if self.rules.up_to.search(self.low, t.start - 16, t.end)), None)
        until = (last and last.period) or ""
        if not this or not last or not until.startswith(year) or not (is_month(until) or is_day(until)):
            return times
        first, then = sorted((this, last))
        planned = self.rules.to_be.search(self.low, this.start - 80, this.start)
        if planned or not self.rules.has_since.fullmatch(self.low, first.end, then.start):
            return times
        # 'this year's list', but not 'this year's tally'
        whole = self.low.startswith("'", this.end) and not self.rules.tally.match(self.low, this.end)
        told = [last] if whole else [last, this]
        return [t._replace(period=_from_new_year(until)) if t in told else t for t in times]

    def _whole_years(self, sentence: Sentence, times: list[Time], told_before: str) -> list[Time]:
        """全年, 'at the end of the year': that of the time told before it, or the one that the report looks back on."""
        found: list[Time] = []
        if self.low.find(self.calendar.words.get("whole_year_word", ""), sentence.start, sentence.end) < 0:
            return found
        for m in self.rules.whole_year.finditer(self.low, sentence.start, sentence.end):
            before = [t.period for t in times if t.period and t.start < m.start() and not self.times.passing(t)]
            told = before[-1] if before else told_before
            if self.rules.spaced and is_day(told):
                # 'by the end of 2023, it said on Friday, with 217 added during the year'
                told = next((period for period in reversed(before) if not is_day(period)), told)
            year = told[:4]
            near = max(sentence.start, m.start() - 60)
            ahead = self.rules.spaced and self.rules.will.search(self.low, near, m.start())
            # 'up 23 percent from 2020, and should hit 2.4 million by the end of the year'
            if self._reckoned(sentence, m, year):
                year = ""
            if self.today and (ahead or not year):
                to_come = self.rules.will.search(self.low, sentence.start, sentence.end)
                if to_come and self.today.month <= 3 and self.rules.estimated.match(self.low, to_come.start()):
                    to_come = None  # '预计，全年实现地区生产总值570亿元', in a report of January
                year = max(year, str(self.today.year - (self.today.month <= 6 and not to_come)))
            if year and "/" not in told[4:5]:
                found.append(Time(m.start(), m.end(), year, m[0]))
        return found

    def _reckoned(self, sentence: Sentence, m: re.Match[str], year: str) -> bool:
        """'初步核算，全年完成116亿元': whether a whole year was summed up, so that it is none that has just begun."""
        begun = self.today is not None and self.today.month <= 6 and year == str(self.today.year)
        return begun and self.rules.reckoned.search(self.low, sentence.start, m.start()) is not None

    def _whole_quarters(self, sentence: Sentence, times: list[Time], context: str | None) -> list[Time]:
        """'8.27 trillion yuan in the quarter', told of March: the quarter or the half-year that the month ends."""
        if not any(_ends_quarter(told) for told in (context, *(t.period for t in times))):
            return []
        found = []
        for m in self.rules.whole_quarter.finditer(self.low, sentence.start, sentence.end):
            told = _told_before(m.start(), times) or context or ""  # not a time that the quarter is compared with
            month = int(told[-2:]) if _ends_quarter(told) else 0
            if month >= (months := 3 if m["quarter"] else 6) and month % months == 0:
                found.append(Time(m.start(), m.end(), f"{told[-7:-3]}-{month - months + 1:02}/{told[-7:]}", m[0]))
        return found

    def _months_in_all(self, sentence: Sentence, times: list[Time], context: str) -> list[Time]:
        """'Of the seven-month turnover of 5.6 trillion yuan', told of July: the months from January to the one told."""
        found = []
        for m in self.rules.months_in_all.finditer(self.low, sentence.start, sentence.end):
            months = self.calendar.number(m["months"])
            named = ((told or "")[-7:] for told in (context, *(t.period for t in times if t.start < m.start())))
            told = next((month for month in named if is_month(month) and int(month[-2:]) == months > 1), None)
            if told:
                found.append(Time(m.start("months"), m.end(), f"{told[:4]}-01/{told}", m[0]))
        return found

    def _same_months(self, sentence: Sentence, times: list[Time], context: str) -> list[Time]:
        """'1—11月出口300亿元；当月出口30亿元', 'at the end of the quarter': the month with which the months told before it end."""
        found = []
        for m in self.rules.same_month.finditer(self.low, sentence.start, sentence.end):
            told = _told_before(m.start(), times) or context
            if is_of_months(told):
                found.append(Time(m.start(), m.end(), told[-7:], m[0]))
        return found

    def _same_days(self, sentence: Sentence, times: list[Time]) -> list[Time]:
        """当日: the day that was named last, in this sentence or before; 昨日 where none was: the one before the report."""
        words = self.calendar.words.get("days", {})
        days = [t for t in times if is_day(t.period)]
        found = [
            Time(
                start,
                end,
                next((d.period for d in reversed(days) if d.start < start), self.day)
                or (self._days_on(words[self.low[start:end]]) if self.low[start:end] in words else None),
                self.low[start:end],
            )
            for start, end in self.same_days
            if sentence.start <= start < sentence.end
        ]
        self.day = days[-1].period if days else self.day
        return found

    def _days_on(self, days: int) -> str | None:
        """A day, told from that of the report."""
        return f"{self.today + timedelta(days)}" if self.today else None

    def _year_by_year(self, sentence: Sentence, told: str, times: list[Time]) -> list[Time]:
        """上年 told of 2024 is 2023, whenever the report is of."""
        out = []
        for t in times:
            if self.rules.year_before_told.match(t.surface) and re.match(r"\d{4}", told):
                year = str(int(told[:4]) - 1)
                t = t._replace(period=re.sub(r"\d{4}", year, t.period or ""))
            elif self.rules.year_end_alone.fullmatch(t.surface) and self._aimed_at(t, sentence):
                t = t._replace(period=str(self.today.year) if self.today else None)  # '力争年底普及率达92%'
            elif self.rules.year_end_alone.fullmatch(t.surface) and re.match(r"\d{4}(?!/)", told):
                t = t._replace(period=told[:4])  # of the year that a bulletin is of
            elif re.match(r"\d{4}(?!/)", told) and self._month_of_then(t, sentence, told[:4]):
                t = t._replace(period=years_on(t.period or "", int(told[:4]) - int((t.period or "")[:4])))
            elif re.fullmatch(r"\d{4}(?:-\d\d/\d{4}-\d\d)?", t.period or ""):
                told = t.period or ""
            out.append(t)
        return out

    def _aimed_at(self, t: Time, sentence: Sentence) -> bool:
        """'力争年底达92%', '到年底，将建成60公里': whether the end of a year is one to come, till which something is to be done."""
        rules, low = self.rules, self.low
        left = max(sentence.start, t.start - 12)
        if rules.reached_time.match(low, t.start - 1) and rules.will.search(low, t.end, min(t.end + 12, sentence.end)):
            return True
        aimed = rules.will.search(low, left, t.start)
        return aimed is not None and not rules.clause_end.search(low, aimed.start(), t.start)

    def _month_of_then(self, t: Time, sentence: Sentence, year: str) -> bool:
        """'8月收入5亿元', told in May after a year that has passed: whether a month that has not come is one of that year."""
        if self.rules.spaced or not self.today or not is_of_months(t.period) or re.search(r"\d{4}", t.surface):
            return False
        ahead = (t.period or "")[:7] > self.today.isoformat()[:7] and year < (t.period or "")[:4]
        return ahead and not self.rules.will.search(self.low, sentence.start, sentence.end)

    def _holidays(self) -> list[Time]:
        """'Over the seven-day National Day holiday': the days off of each public holiday that the text names."""
        words, low, found, end = self.calendar.words, self.low, [], 0
        if not any(word in low for word in words.get("holiday_words", ())):
            return []
        named = {at for name in words.get("holidays", ()) for at in _places(name, low)}
        for at in sorted(named):  # looked for around the names alone
            if m := self.rules.holiday.search(low, max(end, at - 60), at + 80):
                ahead = self.rules.will.search(low, m.start() - 120, m.end())
                found.append(Time(m.start(), end := m.end(), self.calendar.holiday(m, bool(ahead)), m[0]))
        return sorted((*map(self._part_of, found), *self._holidays_again(found)))

    def _part_of(self, holiday: Time) -> Time:
        """'国庆假期前三天', '国庆假期首日': a holiday, or the days of it that are named behind it."""
        part = self.rules.holiday_part.match(self.low, holiday.end) if holiday.period else None
        return holiday._replace(period=self._days_of(holiday.period or "", part)) if part else holiday

    def _holidays_again(self, found: list[Time]) -> Iterator[Time]:
        """'During the break', 假期前3天: the days of the holiday that was named before, or the first of them."""
        known = [t for t in found if t.period]
        for m in self.rules.that_holiday.finditer(self.low, known[0].end) if known else ():
            holiday = next(t for t in reversed(known) if t.end <= m.start())
            if not any(t.start < m.end() and m.start() < t.end for t in found):
                yield Time(m.start(), m.end(), self._days_of(holiday.period or "", m), m[0])

    def _days_of(self, holiday: str, part: re.Match[str]) -> str:
        """The days of a holiday of which 假期前3天, 假期首日, 假期第二天 tell."""
        first, _, last = holiday.partition("/")
        told = part.groupdict()
        nth = "1" if told.get("first") else told.get("days") or told.get("nth")
        day = f"{Date.fromisoformat(first) + timedelta(self.calendar.number(nth) - 1)}" if nth else last
        return f"{first}/{day}" if told.get("days") or not nth else day


def _told_before(place: int, times: list[Time]) -> str | None:
    """The period of the last time that begins before a place."""
    return next((t.period for t in reversed(times) if t.period and t.start < place), None)


def _from_new_year(until: str) -> str:
    """From the first day or month of its year to a day or a month."""
    return f"{until[:4]}-01{'-01' * is_day(until)}/{until}"


def _may_end(period: str) -> bool:
    """Whether a period is a day, or a month after January: what was gathered from the year's start may end with it."""
    return is_day(period) or (is_month(period) and period[-2:] > "01")


def _ends_quarter(period: str | None) -> bool:
    """Whether a period is a month, or months, with which a quarter ends."""
    return is_of_months(period) and (period or "").endswith(("-03", "-06", "-09", "-12"))


def _places(word: str, text: str) -> Iterator[int]:
    """Where a word stands in a text."""
    at = text.find(word)
    while at >= 0:
        yield at
        at = text.find(word, at + 1)
