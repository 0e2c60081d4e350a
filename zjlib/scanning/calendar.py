"""Dates and spans of the calendar as ISO periods."""

import re
from calendar import monthrange
from datetime import date as Date
from datetime import timedelta
from functools import cache
from typing import Any

from zjlib.languages import Language
from zjlib.scanning.numbers import words

_SOON = timedelta(60)
_FROM_TODAY = {"today", "weekday", "sinceday", "week", "month", "quarter", "ago", "next", "past", "recent"}
_ENDED = {"m2", "run", "runy", "runq", "atend"}  # months that have not ended are those of the year before


class Calendar:
    """Resolves what a language's date patterns find: `2022-12`, `2023-01/2023-09`, `2023/2027`.

    Dates that name no year are told from the day of the report.
    """

    def __init__(self, rules: Language, today: Date | None) -> None:
        """`today` is the day of the report."""
        self.rules, self.today = rules, today
        self.words = calendar = rules.rules["calendar"]
        self.months: dict[str, int] = calendar["months"]
        self.small: dict[str, int] = calendar["small"]
        self.relative: dict[str, int] = calendar["relative"]
        self.patterns = {"date": rules.dates, "silent": rules.silents, "span": rules.spans}
        self._cache: dict[str, str | None] = {}
        self._plans: dict[str, bool] = {}

    def period(self, kind: str, low: str, start: int, end: int) -> str | None:
        """The ISO period that `low[start:end]` names, None where no such day exists or the report's own date is not known."""
        surface = low[start:end]
        if surface not in self._cache:
            # The patterns look at what stands around, so they are tried in the text.
            found = self.patterns[kind].match(low, start)
            if found is None or found.end() != end:
                self._cache[surface] = None
            else:
                groups = {
                    k: self._figures(v) if k in ("y", "y2", "fy", "since") else v
                    for k, v in found.groupdict().items()
                    if v
                }
                if "short" in groups and self.rules.era_told.search(low):  # 98年6月, 1998 or 2009
                    groups["era"] = groups.pop("short")
                period = _existing(self._resolve(groups, kind))
                # Of what is told from a day that is not known no period is known, and what was told before does not hold.
                self._cache[surface] = "" if period is None and self.today is None else period
        return self._cache[surface]

    def nearer_ahead(self, period: str) -> bool:
        """Whether a month, or the one of a day, comes again sooner than it is gone."""
        ends = {period[5:7], period.rpartition("/")[2][5:7]}  # July to September, told in August
        return any((int(month) - self.today.month) % 12 <= 6 for month in ends) if self.today else False

    def just_gone(self, period: str) -> bool:
        """Whether a day is one of the month of the report, before it."""
        told = self.today.isoformat() if self.today else ""
        return is_day(period) and period[:7] == told[:7] and period < told

    def next_year(self, period: str | None, surface: str) -> str | None:
        """A period that has ended and that names no year, as what is still to come: June in August is that of the next year."""
        end = (period or "").rpartition("/")[2]
        if not self.today or len(end) < 7 or end >= self.today.isoformat()[: len(end)]:
            return period
        if re.search(r"\d{4}", surface) or any(word in surface for word in self.relative):
            return period
        month_told = self.rules.month_told.search(surface) or any(month in surface for month in self.months)
        if period and is_day(period) and not month_told:
            return str(Date.fromisoformat(period) + timedelta(7))  # 'on Friday'
        return years_on(period or "", 1)

    def holiday(self, m: re.Match[str], ahead: bool) -> str | None:
        """The days off of the holiday that a pattern found: of the year named, or the last one that had begun, or one soon `ahead`."""
        day, name = self.today, self.words["holidays"][m["name"]]
        year = m.groupdict().get("year") or (day and m["last"] and day.year - 1)
        if day and year:
            day = Date(int(self._figures(str(year))), 12, 31)
        coming = _days_off(name, day + _SOON) if day and ahead and not year else None
        if coming and day and coming > day.isoformat():
            return coming
        return _days_off(name, day) if day and day.year > 1949 else None  # with which the calendar begins

    def since(self, year: str) -> str | None:
        """The years from one to the last that a report of this day can tell of; None where there are none."""
        last = self.today.year - (self.today.month <= 3) if self.today else 0
        return f"{year}/{last}" if int(year) < last else None

    def span(self, surface: str) -> re.Match[str]:
        """The match of a span's pattern, which has the group `n`."""
        return next(m for p in self.rules.spans.patterns if (m := p.fullmatch(surface)))

    def is_plan(self, surface: str) -> bool:
        """Whether a surface names a five-year plan."""
        if surface not in self._plans:
            found = (p.fullmatch(surface) for p in self.rules.plan_dates)
            self._plans[surface] = any(m and m["plan"] for m in found)
        return self._plans[surface]

    def _resolve(self, told: dict[str, str], kind: str) -> str | None:
        """The period of what a pattern found, by its groups; None where it needs a day of the report that is not known."""
        if "now" in told:
            return ""  # the day of the report: no period, and what was said before no longer holds
        if told.keys() & _FROM_TODAY:
            return self._from_today(told, self.today, kind) if self.today else None
        if "plan" in told:
            return self._plan(told)
        if "lunar" in told:
            return self._lunar(told) if self.today else None
        if "decade" in told:
            return f"{told['decade']}/{int(told['decade']) + 9}"
        if "since" in told:
            return self.since(told["since"])
        if "sincem" in told:
            first = self._month({**told, "m": told["sincem"]}, self._year(told), "silent")
            until = self.today.isoformat()[: len(first or "")] if self.today else ""
            return f"{first}/{until}" if first and first < until else first
        g = self._spelled_out(told)
        year = self._year(g)
        if year and "y2" in g and "m" not in g:
            return _years(year, g["y2"])
        year = int(g["y2"]) if year is None and "y2" in g else year
        if year and "years" in g:
            return f"{year - self.number(g['years']) + 1}/{year}"
        if "m" in g:
            return self._month(g, year, kind)
        if "d" in g:  # '17日': the last such day before the report
            return self._days(g) if self.today else None
        if year is None and self.today:
            # '前三季度' of a January report are those of the year before, as is 年末 of one that looks back on it.
            year = self.today.year - (self._latest(g) > self.today.month)
            year -= "yearend" in g and self.today.month <= 6
        return self._part(year, g) if year else None

    def _from_today(self, g: dict[str, str], today: Date, kind: str) -> str | None:
        """'On Tuesday', 'last month', 'in the past five years': what is told from the day of the report."""
        if "today" in g:
            return f"{today + timedelta(self.words['days'][g['today']])}"
        named = g.get("weekday") or g.get("sinceday")
        weekday = self.words["weekdays"].index(named) if named else 0
        if "week" in g:
            monday = today + timedelta(7 * self.words["week"][g["week"]] - today.weekday())
            return f"{monday + timedelta(weekday)}" if named else f"{monday}/{monday + timedelta(6)}"
        if named:  # the last one before the report, or its own day
            day = today - timedelta((today.weekday() - weekday) % 7)
            return f"{day}/{today}" if "sinceday" in g else f"{day}"
        if "month" in g:
            years, month = divmod(today.month - 1 + self.words["month"][g["month"]], 12)
            return self._month({**g, "m": str(month + 1)}, today.year + years, kind)  # with days: 本月8日至16日
        if "quarter" in g:
            years, q = divmod((today.month - 1) // 3 + self.words["quarter"][g["quarter"]], 4)
            return _quarter(today.year + years, q + 1)
        if "ago" in g:
            return f"{today.year - self.number(g['ago'])}"
        n = self.number(g["n"]) if "n" in g else 2  # 'this year and next'
        # A report of the first months looks back on the years before its own, a decade until late in its own.
        last = today.year - (today.month <= (10 if n > 5 else 6))
        first = today.year if "next" in g else last - n + 1
        return f"{first}/{first + n - 1}" if n > 1 else f"{first}"

    def _lunar(self, g: dict[str, str]) -> str | None:
        """'除夕到初七': days of the last Spring Festival that had begun, by the calendar of the country's holidays."""
        assert self.today
        new_year = _new_year(self.today.year, self.words["holidays"]["春节"])
        if new_year and new_year - timedelta(1) > self.today:
            new_year = _new_year(self.today.year - 1, self.words["holidays"]["春节"])
        days = [
            new_year + timedelta(self._lunar_day(g[key]) - 1) for key in ("lunar", "lunar2") if new_year and key in g
        ]
        return "/".join(map(str, days)) or None

    def _lunar_day(self, word: str) -> int:
        told = self.words["lunar"]
        return told[word] if word in told else self.number(word.rpartition("初")[2])

    def _plan(self, g: dict[str, str]) -> str:
        """The years of a five-year plan, the last of them, or those up to now: the 13th plan is 2016 to 2020."""
        last = 1955 + 5 * self.number(g["plan"])
        if "planend" in g:
            return f"{last}"
        if "planfirst" in g:
            return f"{last - 4}/{last - 5 + self.number(g['planfirst'])}"
        until = min(last, self.today.year) if self.today and "plansince" in g else last
        return f"{last - 4}/{until}"

    def _spelled_out(self, told: dict[str, str]) -> dict[str, str]:
        """The groups with what some of them tell in their own way: a year in two digits or of an era, a half, a feast."""
        g = told.copy()
        if "feast" in told:
            g["m"], g["d"] = self.words["feasts"][told["feast"]]
        if short := told.get("fy") or told.get("fyq") or told.get("short"):
            g["y"] = self._full(short)
        if "halfyear" in told:
            g["h"] = told["halfyear"]
        for era, year in (("era", "y"), ("era2", "y2")):  # 民國112年
            if era in told:
                g[year] = str(self.words["era"] + self.number(told[era]))
        if "m2" in told and "m" not in told:  # '2019年至2023年12月'
            g["m"] = "1"
        return g

    def _year(self, g: dict[str, str]) -> int | None:
        """The year that is named, be it as the one before."""
        if "y" in g:
            return int(g["y"])
        if self.today and "rel" in g:
            return self.today.year + self.relative[g["rel"]]
        return self.today.year - 1 if self.today and "yearbefore" in g else None

    def _part(self, year: int, g: dict[str, str]) -> str | None:
        """A year, or the part of it that is named; None for one that no year has."""
        if "end" in g:
            return f"{year}-{'01' if g['end'] in self.words['starts'] else '12'}"
        if "qend" in g:
            return f"{year}-{3 * self.number(g['qend']):02}"
        if "lastms" in g:
            return _months(year, 13 - self.number(g["lastms"]), 12)
        if "q" in g:
            return _months(year, 3 * self.number(g["q"]) - 2, 3 * self.number(g["q"]))
        if "h" in g:
            return _months(year, 1, 6) if self.number(g["h"]) == 1 else _months(year, 7, 12)
        if "qs" in g:
            return _months(year, 1, 3 * self.number(g["qs"]))
        return _months(year, 1, self.number(g["ms"])) if "ms" in g else f"{year}"

    def _days(self, g: dict[str, str]) -> str:
        """'17日', '13日至15日': the last such day before the report, with those before it."""
        last = self._day(self.number(g.get("d2", g["d"])), "near" in g)
        if "d2" not in g:
            return last
        months = 12 * int(last[:4]) + int(last[5:7]) - 1 - (self.number(g["d"]) > self.number(g["d2"]))
        return f"{months // 12}-{months % 12 + 1:02}-{self.number(g['d']):02}/{last}"

    def _day(self, day: int, near: bool) -> str:
        """The last day of a month that has this number; if it is told as `near`, one of the next fortnight comes first."""
        assert self.today
        months = 12 * self.today.year + self.today.month - 1 - (day > self.today.day + 14 * near)
        return f"{months // 12}-{months % 12 + 1:02}-{day:02}"

    def _latest(self, g: dict[str, str]) -> int:
        """The month that must have begun where a span of this year is told; one from the year's start must have ended."""
        for key, months, begins in (("q", 3, 1), ("qend", 3, 0), ("qs", 3, 0), ("ms", 1, 0), ("h", 6, 5)):
            if key in g:
                return months * self.number(g[key]) - begins
        return 0

    def _month(self, g: dict[str, str], year: int | None, kind: str) -> str | None:
        """The period of a month, of some of its days, or of several months; None for a month or day that no year has."""
        month, last = self.number(g["m"]), self.number(g.get("m2", g["m"]))
        day = self.number(g["d"]) if "d" in g else None
        if not (1 <= month <= 12 and 1 <= last <= 12 and (day is None or 1 <= day <= 31)):
            return None
        if year is None:
            year = self._year_of_month(g, month, last, day, kind)
        if year is None:
            return None
        if "weeks" in g:  # 'the 12 weeks to November 9'
            end = _existing(f"{year}-{month:02}-{day:02}")
            return end and f"{Date.fromisoformat(end) - timedelta(7 * self.number(g['weeks']) - 1)}/{end}"
        if "yearon" in g:  # 'the year beginning July 1'
            return f"{year}-{month:02}/{year + (month > 1)}-{(month + 10) % 12 + 1:02}"
        if g.keys() & {"run", "runy", "runq"}:  # 'the three months to June', 'the two years to March 31, 2025'
            run = 12 * self.number(g["runy"]) if "runy" in g else self.words["runs"].get(g.get("runq"))
            months = 12 * year + month - (run or self.number(g["run"]))
            if month == 12 and months % 12 == 0:
                return f"{year}" if months == 12 * year else f"{months // 12}/{year}"
            return f"{months // 12}-{months % 12 + 1:02}/{year}-{month:02}"
        if "tenday" in g:  # 3月上旬
            begins = self.words["tendays"][g["tenday"]]
            ends = begins + 9 if begins < 21 else monthrange(year, month)[1]
            return f"{year}-{month:02}-{begins:02}/{year}-{month:02}-{ends}"
        first = year - (last < month and not {"y", "y2"} <= g.keys())  # November to February
        until = g.get("y2", year)
        if "ws" in g:  # 'the first two weeks of May'
            return f"{year}-{month:02}-01/{year}-{month:02}-{7 * self.number(g['ws'])}"
        if "d2" in g:  # 'the first 20 days of May' begin with the first
            return f"{first}-{month:02}-{day or 1:02}/{until}-{last:02}-{self.number(g['d2']):02}"
        if "m2" in g:
            whole = not self.rules.spaced and "y2" not in g and (month, last) == (1, 12)  # 2023年1-12月
            return f"{year}" if whole else f"{first}-{month:02}/{until}-{last:02}"
        return f"{year}-{month:02}" + (f"-{day:02}" if day else "")

    def _year_of_month(self, g: dict[str, str], month: int, last: int, day: int | None, kind: str) -> int | None:
        """The year of a month, or of the months up to the `last`, that name none: mostly the latest that has begun, or ended."""
        if not self.today:
            return None
        year, now = self.today.year, self.today.month
        if "coming" in g:  # 'next March'
            return year + (month <= now)
        if "gone" in g:  # 'last March'
            return year - (month >= now)
        if "same" in g:  # 'this July'
            return year
        if day and {"d2", "m2"} <= g.keys() and month <= last:  # 'from March 1 to July 31', begun
            return year - ((month, day) > (now, self.today.day))
        if kind == "silent" or g.keys() & _ENDED:
            begun = "m2" in g and last == month + 1 == now + 1 > 2  # 'in June and July', told in June
            return year - (last > now and not begun)
        return year - (month - now > 6)

    def _figures(self, year: str) -> str:
        """A year that is written out in its digits: 2017 for 二〇一七."""
        return year if year.isdigit() else "".join(str(self.small[c]) for c in year)

    def _full(self, short: str) -> str:
        """The year that two digits name: none further ahead of the report than ten years, and as POSIX has it without one."""
        last = self.today.year + 10 if self.today else 2068
        return str(last - (last - int(short)) % 100)

    def years_ago(self, m: re.Match[str]) -> int:
        """How many years 'a year earlier', 'five years ago' and 'a decade before' go back."""
        return 10 if m["decade"] else self.number(m["years"] or "1")

    def number(self, text: str) -> int:
        """A number of the calendar, in digits, in words or as a month's name."""
        if text.isdigit():
            return int(text)
        return self.months.get(text) or self.small.get(text) or int(words(text, self.rules))


@cache
def _days_off(name: str, until: Date) -> str | None:
    """The run of days off in China around the last holiday of a name that had begun by a day."""
    from holidays import country_holidays  # slow to import, and seldom asked for

    china: Any = country_holidays("CN", language="en_US")  # no mere dict when compiled: it fills when it is asked
    past = (until - timedelta(days) for days in range(400))
    first = last = next((day for day in past if name in china.get(day, "")), until)
    known = any("substituted" in told for day, told in china.items() if day.year == first.year)
    if not known or name not in china.get(first, ""):
        return None  # the days that are worked instead are published a year ahead, no earlier
    while not china.is_working_day(first - timedelta(1)):
        first -= timedelta(1)
    while not china.is_working_day(last + timedelta(1)):
        last += timedelta(1)
    return f"{first}/{last}"


@cache
def _new_year(year: int, name: str) -> Date | None:
    """The first day of the lunar year that begins in a year."""
    from holidays import country_holidays

    china: Any = country_holidays("CN", years=year, language="en_US")
    return min((day for day, told in china.items() if name in told and day.year == year), default=None)


def is_year(period: str | None) -> bool:
    """Whether a period is one year: `2023`."""
    return period is not None and len(period) == 4


def is_month(period: str | None) -> bool:
    """Whether a period is one month: `2023-06`."""
    return period is not None and len(period) == 7


def is_of_months(period: str | None) -> bool:
    """Whether a period is a month, or several: `2023-06`, `2023-01/2023-06`."""
    return period is not None and len(period) in (7, 15)


def is_day(period: str | None) -> bool:
    """Whether a period is one day: `2023-06-30`."""
    return period is not None and len(period) == 10


def years_on(period: str, years: int) -> str:
    """A period some years later, or earlier where they are below zero."""
    return re.sub(r"\d{4}", lambda m: str(int(m[0]) + years), period)


def _years(first: int, last: str) -> str:
    """From one year to another, which may be told by its last digits, or the month in '2023/12'."""
    if len(last) > 2:
        return f"{first}/{last}"
    if 0 < int(last) <= 12 and int(last) < first % 100:
        return f"{first}-{int(last):02}"
    return f"{first}/{first + (int(last) - first) % 100}"


def _months(year: int, first: int, last: int) -> str | None:
    """From one month of a year to another; None if it has no such months."""
    if not 1 <= first <= last <= 12:
        return None
    return f"{year}-{first:02}/{year}-{last:02}" if first < last else f"{year}-{first:02}"


def _quarter(year: int, q: int) -> str:
    return f"{year}-{3 * q - 2:02}/{year}-{3 * q:02}"


def quarter_before(period: str, q: int) -> str:
    """The quarter `q` that is told beside a period and not after it: the fourth, told in a first one, is of the year before."""
    quarter = _quarter(int(period[:4]), q)
    return quarter if is_year(period) or quarter[:7] <= period[-7:] else _quarter(int(period[:4]) - 1, q)


def _existing(period: str | None) -> str | None:
    """The period, or None for one with a day that no calendar has, 30 February, or that ends before it begins."""
    first, _, last = (period or "").partition("/")
    if last and last < first[: len(last)]:
        return None
    for day in (first, last):
        if is_day(day):
            try:
                Date.fromisoformat(day)
            except ValueError:
                return None
    return period


def within_a_year(period: str | None) -> bool:
    """Whether a period is a year or a part of one."""
    first, _, last = (period or "").partition("/")
    return bool(first) and not is_day(first) and (not last or first[:4] == last[:4])


def contains(outer: str | None, inner: str | None) -> bool:
    """Whether a period is a part of another: `2022-06` of `2022-01/2022-06` and of `2022`."""
    if not outer or not inner or outer == inner:
        return False
    (first, _, last), (start, _, end) = outer.partition("/"), inner.partition("/")
    last, end = last or first, end or start
    return len(first) <= len(start) and first <= start[: len(first)] and end[: len(last)] <= last


def ends_before(period: str | None, other: str | None) -> bool:
    """Whether a period is over when another begins: `2022-10` before `2023-01/2023-09`."""
    end = (period or "").rpartition("/")[2]
    return bool(end and other) and end < (other or "")[: len(end)]


def previous(period: str | None, months: int) -> str | None:
    """The month or quarter before one: `2026-05` of `2026-06`, the week where that is 0 months; None of a period that is not so long."""
    first, _, last = (period or "").partition("/")
    if not months and is_day(first) and is_day(last):
        days = [Date.fromisoformat(day) - timedelta(7) for day in (first, last)]
        return f"{days[0]}/{days[1]}" if days[1] - days[0] == timedelta(6) else None
    if not is_month(first):
        return None
    start = 12 * int(first[:4]) + int(first[5:]) - 1
    end = 12 * int(last[:4]) + int(last[5:]) - 1 if last else start
    if end - start + 1 != months:
        return None
    ends = [f"{m // 12}-{m % 12 + 1:02}" for m in (start - months, end - months)]
    return "/".join(ends if last else ends[:1])
