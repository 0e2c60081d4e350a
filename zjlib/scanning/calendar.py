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
                self._cache[surface] = _existing(self._resolve(groups, kind))
        return self._cache[surface]

    def nearer_ahead(self, period: str) -> bool:
        """Whether a month, or the one of a day, comes again sooner than it is gone."""
        ends = {period[5:7], period.rpartition("/")[2][5:7]}  # July to September, told in August
        return any((int(month) - self.today.month) % 12 < 6 for month in ends) if self.today else False

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

    def _resolve(self, g: dict[str, Any], kind: str) -> str | None:
        """The period of what a pattern found, by its groups; None where it needs a day of the report that is not known."""
        if "now" in g:
            return ""  # the day of the report: no period, and what was said before no longer holds
        if "today" in g:
            day = self.today and self.today + timedelta(days=self.words["days"][g["today"]])
            return day.isoformat() if day else None
        if "weekday" in g:  # 'on Tuesday': the last one before the report, or its own day
            days = (self.today.weekday() - self.words["weekdays"].index(g["weekday"])) % 7 if self.today else 0
            return (self.today - timedelta(days=days)).isoformat() if self.today else None
        if "sinceday" in g and self.today:
            first = self._resolve({"weekday": g["sinceday"]}, kind)
            return f"{first}/{self.today}"
        if "week" in g:
            weeks = self.words["week"][g["week"]]
            monday = self.today + timedelta(7 * weeks - self.today.weekday()) if self.today else None
            return f"{monday}/{monday + timedelta(6)}" if monday else None
        if "month" in g:
            if self.today is None:
                return None
            years, month = divmod(self.today.month - 1 + self.words["month"][g["month"]], 12)
            if "d" in g:  # 本月8日至16日
                return self._month({**g, "m": str(month + 1)}, self.today.year + years, kind)
            return f"{self.today.year + years}-{month + 1:02}"
        if "quarter" in g:
            if self.today is None:
                return None
            years, q = divmod((self.today.month - 1) // 3 + self.words["quarter"][g["quarter"]], 4)
            return _quarter(self.today.year + years, q + 1)
        if "feast" in g:
            g = {**g, **dict(zip("md", self.words["feasts"][g["feast"]], strict=True))}
        now = self.today.year if self.today else None
        if "plan" in g:  # the 13th plan is 2016 to 2020
            last = 1955 + 5 * self.number(g["plan"])
            if "planend" in g:
                return f"{last}"
            until = last if now is None or "plansince" not in g else min(last, now)
            return f"{last - 4}/{until}"
        if "ago" in g:
            return f"{now - self.number(g['ago'])}" if now else None
        if "decade" in g:
            return f"{g['decade']}/{int(g['decade']) + 9}"
        if "since" in g and now:
            return self.since(g["since"])
        if "sincem" in g:
            first = self._month({**g, "m": g["sincem"]}, int(g["y"]) if "y" in g else None, "silent")
            told = self.today.isoformat()[: len(first or "")] if self.today else ""
            return f"{first}/{told}" if first and first < told else first
        if short := g.get("fy") or g.get("fyq") or g.get("short"):
            g = {**g, "y": self._full(short)}
        if "halfyear" in g:
            g = {**g, "h": g["halfyear"]}
        for key in ("next", "past", "recent"):
            if key in g:
                if now is None:
                    return None
                n = self.number(g["n"])
                if key == "next":
                    return f"{now}/{now + n - 1}" if n > 1 else f"{now}"
                # A report of the first months looks back on the years before its own, a decade until late in its own.
                end = now - 1 if self.today and self.today.month <= (10 if n > 5 else 6) else now
                return f"{end - n + 1}/{end}" if n > 1 else f"{end}"
        for key, told in (("era", "y"), ("era2", "y2")):  # 民國112年
            if key in g:
                g = {**g, told: str(self.words["era"] + self.number(g[key]))}
        if "m2" in g and "m" not in g:  # '2019年至2023年12月'
            g = {**g, "m": "1"}
        year = int(g["y"]) if "y" in g else None
        if year is None and "rel" in g and now is not None:
            year = now + self.relative[g["rel"]]
        if year is None and "yearbefore" in g and now is not None:
            year = now - 1
        if "y2" in g and year is not None and "m" not in g:
            last = int(g["y2"])
            if len(g["y2"]) > 2:
                return f"{year}/{last}"
            if 0 < last <= 12 and last < year % 100:
                return f"{year}-{last:02}"  # 2023/12
            return f"{year}/{year + (last - year) % 100}"
        if "y2" in g and year is None:
            year = int(g["y2"])
        if "years" in g and year is not None:
            return f"{year - self.number(g['years']) + 1}/{year}"
        if "m" in g:
            return self._month(g, year, kind)
        if "d" in g:  # '17日': the last such day before the report
            return self._day(self.number(g["d"]), "near" in g) if self.today else None
        if year is None:
            if self.today is None:
                return None
            # '前三季度' of a January report are those of the year before.
            year = self.today.year - (self._latest(g) > self.today.month)
            year -= "yearend" in g and self.today.month <= 6
        if "yearend" in g:  # 年末 of the year that the report looks back on
            return f"{year}"
        if "end" in g:
            return f"{year}-{'01' if g['end'] in self.words['starts'] else '12'}"
        if "lastms" in g:
            return f"{year}-{13 - self.number(g['lastms']):02}/{year}-12"
        if "qend" in g:
            return f"{year}-{3 * self.number(g['qend']):02}"
        if "q" in g:
            q = self.number(g["q"])
            return _quarter(year, q) if 1 <= q <= 4 else None
        if "h" in g:
            return f"{year}-01/{year}-06" if self.number(g["h"]) == 1 else f"{year}-07/{year}-12"
        if "qs" in g:
            n = self.number(g["qs"])
            return f"{year}-01/{year}-{3 * n:02}" if 1 <= n <= 4 else None
        if "ms" in g:
            n = self.number(g["ms"])
            return f"{year}-01" if n == 1 else f"{year}-01/{year}-{n:02}" if 1 < n <= 12 else None
        return f"{year}"

    def _day(self, day: int, near: bool) -> str | None:
        """The last day of a month that has this number; if it is told as `near`, one of the next fortnight comes first."""
        assert self.today
        months = 12 * self.today.year + self.today.month - 1 - (day > self.today.day + 14 * near)
        return f"{months // 12}-{months % 12 + 1:02}-{day:02}"

    def _weeks(self, weeks: int, year: int, month: int, day: int) -> str | None:
        """'The 12 weeks to November 9'."""
        last = _existing(f"{year}-{month:02}-{day:02}")
        return last and f"{Date.fromisoformat(last) - timedelta(7 * weeks - 1)}/{last}"

    def _latest(self, g: dict[str, str]) -> int:
        """The month that must have begun where a span of this year is told; one from the year's start must have ended."""
        for key, months, begins in (("q", 3, 1), ("qend", 3, 0), ("qs", 3, 0), ("ms", 1, 0), ("h", 6, 5)):
            if key in g:
                return months * self.number(g[key]) - begins
        return 0

    def _month(self, g: dict[str, str], year: int | None, kind: str) -> str | None:
        """The period of a month, of some of its days, or of several months; None for a month or day that no year has."""
        month = self.number(g["m"])
        day = self.number(g["d"]) if "d" in g else None
        if not (1 <= month <= 12 and 1 <= self.number(g.get("m2", g["m"])) <= 12) or (
            day is not None and not 1 <= day <= 31
        ):
            return None
        if self.today and ("coming" in g or "gone" in g):  # 'next March', 'last March'
            this, passed = self.today.year, month <= self.today.month
            year = this + passed if "coming" in g else this - (month >= self.today.month)
        if self.today and "same" in g:  # 'this July'
            year = self.today.year
        if year is None and self.today:
            year = self.today.year
            distance = month - self.today.month
            if "y2" in g:
                year = int(g["y2"])
            elif day and {"d2", "m2"} <= g.keys() and month <= self.number(g["m2"]):  # 'from March 1 to July 31', begun
                year -= (month, day) > (self.today.month, self.today.day)
            elif (
                "m2" in g or "run" in g or "runq" in g or kind == "silent" or "atend" in g
            ):  # months that have not ended are those of the year before
                until = self.number(g.get("m2", g["m"]))
                begun = "m2" in g and until == month + 1 == self.today.month + 1 > 2  # 'in June and July', told in June
                year -= until > self.today.month and not begun
            else:
                year -= distance > 6
        if year is None:
            return None
        if "weeks" in g and day:
            return self._weeks(self.number(g["weeks"]), year, month, day)
        first = year - (
            "m2" in g and self.number(g["m2"]) < month and not {"y", "y2"} <= g.keys()
        )  # November to February
        if "yearon" in g:  # 'the year beginning July 1'
            return f"{year}-{month:02}/{year + (month > 1)}-{(month + 10) % 12 + 1:02}"
        if "run" in g or "runq" in g:  # 'the three months to June'
            months = 12 * year + month - (self.number(g["run"]) if "run" in g else self.words["runs"][g["runq"]])
            if month == 12 and months == 12 * year:
                return f"{year}"
            return f"{months // 12}-{months % 12 + 1:02}/{year}-{month:02}"
        if "tenday" in g:  # 3月上旬
            begins = self.words["tendays"][g["tenday"]]
            ends = begins + 9 if begins < 21 else monthrange(year, month)[1]
            return f"{year}-{month:02}-{begins:02}/{year}-{month:02}-{ends}"
        if "d2" in g and day and "m2" in g:
            last = g.get("y2", str(year))
            return f"{first}-{month:02}-{day:02}/{last}-{self.number(g['m2']):02}-{self.number(g['d2']):02}"
        if "d2" in g and "m2" not in g:
            day = day or 1  # 'the first 20 days of May'
            return f"{year}-{month:02}-{day:02}/{year}-{month:02}-{self.number(g['d2']):02}"
        if "m2" in g and "y2" in g:
            return f"{year}-{month:02}/{g['y2']}-{self.number(g['m2']):02}"
        if "m2" in g and not self.rules.spaced and (month, self.number(g["m2"])) == (1, 12):
            return f"{year}"  # 2023年1-12月
        if "m2" in g:
            return f"{first}-{month:02}/{year}-{self.number(g['m2']):02}"
        return f"{year}-{month:02}" + (f"-{day:02}" if day else "")

    def _figures(self, year: str) -> str:
        """A year that is written out in its digits: 2017 for 二〇一七."""
        return year if year.isdigit() else "".join(str(self.small[c]) for c in year)

    def _full(self, short: str) -> str:
        """The year that two digits name: none further ahead of the report than ten years, and as POSIX has it without one."""
        last = self.today.year + 10 if self.today else 2068
        return str(last - (last - int(short)) % 100)

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
