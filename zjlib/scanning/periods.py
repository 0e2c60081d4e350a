"""Dates and spans of the calendar as ISO periods, and which of them a figure is of."""

from __future__ import annotations

import re
from datetime import date as Date
from datetime import timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from zjlib.languages import Language

if TYPE_CHECKING:
    from zjlib.report import Sentence
    from zjlib.scanning.numeral import Numeral


_APART = re.compile(
    r";|\b(?:and|but) (?:[a-z]+ ){0,3}(?:will|would|plans?|aims?) "
)  # between an amount and a time that tells of something else
_MONTHS = {"quarter": 3, "half": 6, "half-year": 6, "year": 12}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WILL = re.compile(r"\b(?:will|would|shall|should|plan|plans|planned|aims?|targets?|goals?|strives?|expect\w*|hopes?|going to|is to|are to)\b")
_PLAIN_WORDS = re.compile(r" ?(?:[a-z-]+ ){0,5}")


class Time(NamedTuple):
    """A period that a text names, where it names it."""

    start: int
    end: int
    period: str | None
    surface: str


class Calendar:
    """Resolves what a language's date patterns find (`2022-12`, `2023-01/2023-09`, `2023/2027`), and gives figures their period.

    Dates that name no year are told from the day of the report. `context` is what the paragraph speaks of so far, `section`
    what its heading or the last leading 'in the past five years' says.
    """

    def __init__(self, rules: Language, today: Date | None) -> None:
        """`today` is the day of the report."""
        self.rules, self.today = rules, today
        calendar = rules.rules["calendar"]
        self.months: dict[str, int] = calendar["months"]
        self.small: dict[str, int] = calendar["small"]
        self.relative: dict[str, int] = calendar["relative"]
        self.patterns = {"date": rules.dates, "silent": rules.silents, "span": rules.spans}
        self.paragraph = 0
        self.context: str | None = None
        self.section: str | None = None
        self._cache: dict[str, str | None] = {}

    def period(self, kind: str, surface: str) -> str | None:
        """The ISO period of a surface, None where no such day exists or the report's own date is not known."""
        if surface not in self._cache:
            found = next((m for p in self.patterns[kind] if (m := p.fullmatch(surface))), None)
            groups = {k: v for k, v in found.groupdict().items() if v} if found else {}
            self._cache[surface] = _existing(self._resolve(groups, kind)) if found else None
        return self._cache[surface]

    def span(self, surface: str) -> re.Match[str]:
        """The match of a span's pattern, which has the group `n`."""
        return next(m for p in self.rules.spans if (m := p.fullmatch(surface)))

    def is_plan(self, surface: str) -> bool:
        """Whether a surface names a five-year plan."""
        return any((m := p.fullmatch(surface)) and m.groupdict().get("plan") for p in self.rules.dates)

    @staticmethod
    def within_a_year(period: str | None) -> bool:
        """Whether a period is a year or a part of one."""
        first, _, last = (period or "").partition("/")
        return bool(first) and len(first) != 10 and (not last or first[:4] == last[:4])

    def assign(self, sentence: Sentence, low: str, quantities: list[Numeral], times: list[Time]) -> None:
        """Give each quantity of a sentence the period that the sentence, its paragraph or its section says it is of."""
        spaced = self.rules.spaced
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.context = sentence.paragraph, None
        heading = (
            sentence.end - sentence.start < (80 if spaced else 46) and low[sentence.end - 1] not in "。！？.!?;；，,"
        )
        times = sorted([*times, *self._whole_years(sentence, times, low)])
        named = self._of_one_year([t._replace(period=self._of_figures(t)) for t in times if t.period is not None], low)
        times = [t for t in named if self._tells(t, sentence, low, heading)]
        scopes = {t: self._scope(t, sentence, quantities, low) for t in times}
        for t in named:
            n = next((n for n in quantities if n.start >= t.end), None)
            if n and t not in scopes and low[t.end : n.start] == "的" and self.rules.counterpart.search(low, 0, t.start):
                n.period = t.period  # '比2010年的3.10人减少0.48人'
        if heading and not quantities:
            self._heading(low[sentence.start : sentence.end], times)
            return
        if (
            not spaced
            and times
            and times[0].start - sentence.start < 8
            and (
                self.rules.sections.match(low, times[0].start)
                or (self.section is None and re.fullmatch(r"\d{4}", times[0].period or ""))
            )
        ):
            self.section, self.context = times[0].period, None
        for i, n in enumerate(quantities):
            if n.period or self._lasting(n, low):
                continue
            reaching = [t for t in times if scopes[t][0] <= n.start < scopes[t][1]]
            stop = quantities[i + 1].start if i + 1 < len(quantities) else sentence.end
            after = next((t for t in reaching if n.end <= t.start < stop and self._binds(t, low[n.end : t.start])), None)
            before = [t for t in reaching if t.start <= n.start and self._reaches(t, n, low)]
            if after:
                n.period = after.period or None
            elif before:
                both = (
                    len(before) > 1
                    and low[before[-2].end : before[-1].start] in ("到", "至")
                    and low[n.start - 1] in "从由"
                )
                n.period = before[-2 if both else -1].period or None
            elif self._after_length(quantities, i, low):
                continue
            else:
                later = None
                if spaced or not (self.context or self.section):
                    later = next((t for t in reaching if t.start > n.start), None)
                    if later and _APART.search(low, n.end, later.start):
                        later = None
                n.period = (later.period or None) if later else self.context or self.section
        if self.today and self.rules.whole_year.search(low, sentence.start, sentence.end):
            for n in quantities:
                if n.period is None and n.unit != "year":
                    n.period = str(self.today.year - (self.today.month <= 3))
        self._one_by_one(low[sentence.start : sentence.end], quantities, times, low)
        self._from_to(quantities, times, low)
        self._year_before(quantities, low)
        whole = (sentence.start, sentence.end)
        carry = [t for t in times if t.period and scopes[t] == whole and not self._passing(t)]
        if not spaced or not any(n.period == t.period for t in carry for n in quantities):
            carry = [t for t in carry if t.period and len(t.period) != 10]
        if not spaced:
            first = quantities[0].start if quantities else sentence.end
            carry = [
                t
                for t in carry[:1]
                if (t.start - sentence.start < 6 or (t.start < first and low[t.start - 1] in "，,:"))
                and low[t.end : t.end + 1] not in "到至"
            ]
        if carry:
            self.context = carry[-1].period

    def _of_one_year(self, times: list[Time], low: str) -> list[Time]:
        """'In the January-June period last year' is one time: months, and their year."""
        out: list[Time] = []
        for t in times:
            last = out[-1] if out else None
            if last and last.period and t.period and t.surface in self.relative:
                if re.fullmatch(r" (?:period |months )?(?:of |in )?", low[last.end : t.start]) and "-" in last.period:
                    out[-1] = last._replace(period=re.sub(r"\d{4}", t.period[:4], last.period))
                    continue
            out.append(t)
        return out

    def _one_by_one(self, line: str, quantities: list[Numeral], times: list[Time], low: str) -> None:
        """'4.2 and 4.6 percent in 2024 and 2025 respectively': as many times as amounts, in their order."""
        if len(times) < 2 or len(quantities) < 2 or not self.rules.respectively.search(line):
            return
        for dates in self._runs(times, low):
            for run in self._runs(quantities, low):
                if len(run) == len(dates) and len({n.unit for n in run}) == 1:
                    for n, t in zip(run, dates, strict=True):
                        n.period = t.period

    def _runs(self, items: list[Any], low: str) -> list[list[Any]]:
        """The lists of two and more among things that stand one after another: 'A, B and C'."""
        runs: list[list[Any]] = [[]]
        for item in items:
            if runs[-1] and not self.rules.list.fullmatch(low[runs[-1][-1].end : item.start]):
                runs.append([])
            runs[-1].append(item)
        return [r for r in runs if len(r) > 1]

    def _from_to(self, quantities: list[Numeral], times: list[Time], low: str) -> None:
        """'Between 2015 and 2022 it rose from 69 to 73 per cent': the ends of the amounts are those of the years."""
        spans = {t.period for t in times if t.period and re.fullmatch(r"\D*\d{4}\D+\d{2,4}\D*", t.surface)}
        for a, b in pairwise(quantities):
            apart = a.period == b.period and a.period in spans and a.unit == b.unit
            if apart and self.rules.from_to.search(low, max(0, a.start - 12), a.start):
                if self.rules.pair.fullmatch(low[a.end : b.start]):
                    a.period, b.period = (a.period or "").split("/")

    def _year_before(self, quantities: list[Numeral], low: str) -> None:
        """'$1.34 bn, against $1.21 bn a year earlier': the amount that another is compared with is of the year before."""
        for a, b in pairwise(quantities):
            told = a.period and b.unit == a.unit
            before = self.rules.year_before.match(low, b.end) if told else None
            if before and self.rules.counterpart.search(low, max(0, b.start - 40), b.start):
                b.period = re.sub(r"\d{4}", lambda m: before["base"] or str(int(m[0]) - 1), a.period or "")

    def _scope(self, t: Time, sentence: Sentence, quantities: list[Numeral], low: str) -> tuple[int, int]:
        """The stretch of a sentence whose amounts a time may be of: all of it, unless it stands in an aside or a comparison."""
        if self._when(t, low) and self._compared(t, sentence, low):
            return t.end, sentence.end  # 'slower than in June, when it was 5 percent'
        opened, closed = low.rfind("(", sentence.start, t.start), low.find(")", t.end, sentence.end)
        if opened > low.rfind(")", sentence.start, t.start) and closed > 0:
            if any(opened < n.start < closed for n in quantities):
                return opened, closed  # '1,204 (2022: 1,150)'
        if not self.rules.spaced:
            n = next((n for n in quantities if n.start >= t.end), None)
            if n and low[t.start - 1] in "由从到至在" and low[t.end : n.start] in ("", "的", "的约", "约"):
                return n.start, n.end  # '由2020年的6.3%提高到2025年的10%'
            return sentence.start, sentence.end
        last = next((n for n in reversed(quantities) if n.end <= t.start), None)
        if (
            last
            and not re.search(r"[,;.]| (?:earlier|ago|before)\b", low[last.end : t.start])
            and (
                any(n is not last and n.unit == last.unit for n in quantities)
                or re.search(r"\b(?:up|down|compared) (?:from|with|to) ", low[max(sentence.start, last.start - 30) : last.start])
                or low.endswith(("against ", "versus ", "vs. ", "vs "), 0, last.start)
            )
            and self.rules.counterpart.search(low, max(sentence.start, last.start - 40), last.start)
        ):
            return last.start, last.end  # 'up from 28.8 percent in July'
        if self.rules.aside.search(low, max(sentence.start, t.start - 24), t.start):
            comma = low.find(",", t.end, sentence.end)
            return t.start, comma if comma > 0 else sentence.end  # 'built in 1987 for 12 million yuan, …'
        following = next((n for n in quantities if n.start >= t.end), None)
        if following and t.surface.endswith(("years", "decade")) and re.fullmatch("(?: of| was| were| at| stood at| came in at| reached| averaged| is) (?:[a-z]+ ){0,2}", low[t.end : following.start]):
            return t.start, sentence.end
        return sentence.start, sentence.end

    def _passing(self, t: Time) -> bool:
        """Whether a time holds for its own sentence only: one to come, and 'since 2016'."""
        if t.surface.endswith("0s"):  # a decade
            return True
        return t.surface.startswith("since ") or bool(self.today and (t.period or "")[:10] > self.today.isoformat())

    def _whole_years(self, sentence: Sentence, times: list[Time], low: str) -> list[Time]:
        """全年 after a part of a year: the year again, that of the part or of the report."""
        if self.rules.spaced:
            return []
        found = []
        for m in self.rules.whole_year.finditer(low, sentence.start, sentence.end):
            told = [t.period for t in times if t.period and t.start < m.start()] or [self.context or self.section]
            year = (told[-1] or "")[:4]
            if not year and self.today:
                year = str(self.today.year - (self.today.month <= 6))
            if year and "/" not in (told[-1] or "")[4:5]:
                found.append(Time(m.start(), m.end(), year, m[0]))
        return found

    def _heading(self, line: str, times: list[Time]) -> None:
        """A heading tells the period of what follows: '一、2025年工作回顾', 'Output of main products, 2024'."""
        review, plan = ("回顾", "目标") if not self.rules.spaced else ("review of", "targets")
        year = self.today.year if self.today else None
        own = "会议" not in line and ("报告" not in line or re.search("执行|年度报告|年报|半年", line))
        if times and times[0].period and len(times[0].period) != 10 and own:
            self.section = times[0].period
        elif year and review in line:
            self.section = str(year - 1)
        elif year and plan in line:
            self.section = str(year)

    def _compared(self, t: Time, sentence: Sentence, low: str) -> bool:
        """Whether a time is what something is compared with: 'than in June'."""
        return bool(
            self.rules.reference.search(low, max(sentence.start, t.start - 30), t.start)
            or self.rules.compared.search(low, max(sentence.start, t.start - 90), t.start)
        )

    @staticmethod
    def _when(t: Time, low: str) -> bool:
        return low.startswith(", when", t.end)

    def _binds(self, t: Time, gap: str) -> bool:
        if t.surface.startswith(("in ", "during ", "by ", "between ")) and _PLAIN_WORDS.fullmatch(gap):
            return True  # '0.7 percent year on year in February'
        return bool(self.rules.binding.fullmatch(gap)) or (
            gap == " " and self.rules.spaced and t.surface in self.relative
        )

    def _of_figures(self, t: Time) -> str | None:
        """'By the end of 2023' tells a figure of 2023."""
        ends = (
            t.period
            and len(t.period) == 7
            and t.period.endswith("-12")
            and re.search(r"(?:end|close) of (?:the year )?\d{4}$|[0-9上去]年{0,2}[底末]$", t.surface)
        )
        return t.period[:4] if ends and t.period else t.period

    def _tells(self, t: Time, sentence: Sentence, low: str, heading: bool) -> bool:
        if t.surface.startswith("since ") and t.start > sentence.start + 1:
            return bool(re.search(r"\b(?:has|have|had)\b[^;.]*$", low[sentence.start : t.start]))
        length = self.rules.spaced and (
            (low.startswith("over ", sentence.start) and t.start - sentence.start < 12)
            or t.surface.endswith(("years", "decade"))
            or "plan" in t.surface
        )
        if (
            not length
            and low[t.end : t.end + 1] not in ("到", "至")
            and not (t.period and "/" in t.period and low.endswith(("from ", "over ", "from the ", "over the "), 0, t.start))
            and not (low.endswith("before ", 0, t.start) and "end" in t.surface)
            and self.rules.reference.search(low, max(sentence.start, t.start - 30), t.start)
            and not self._when(t, low)
        ):
            return False
        if not length and self.rules.compared.search(low, max(sentence.start, t.start - 90), t.start) and not self._when(t, low):
            return False
        if t.period and len(t.period) == 10:
            if (self.rules.dateline.match(low, t.end) and t.start - sentence.start < 60) or self.rules.reported.search(low, sentence.start, t.start):
                return False
        if low.startswith(",", t.end) and self.rules.aside.search(low, max(sentence.start, t.start - 24), t.start):
            return False  # 'the program, launched in 2003, …'
        if self.rules.reference_after.match(low, t.end):
            return False
        if self.rules.spaced and re.match(r"in (?:\d\d?|[a-z]+)[ -]years?$", t.surface):
            return bool(_WILL.search(low, sentence.start, sentence.end))
        plan = "五" in t.surface and self.is_plan(t.surface)
        return not plan or heading or any(w in t.surface for w in ("时期", "期间", "以来", "末"))

    def _reaches(self, t: Time, n: Numeral, low: str) -> bool:
        """'近3年' holds for its own clause only."""
        return not t.surface.startswith("近") or not re.search("[，；,]", low[t.end : n.start])

    @staticmethod
    def _lasting(n: Numeral, low: str) -> bool:
        """'three years', '连续3个月': a length of time that is of no period."""
        if n.unit == "year":
            age = n.surface.endswith("岁") or low.startswith((" and over", " and older", " or over", " or older"), n.end)
            return not age and "." not in n.surface
        return n.unit in ("month", "day") and low.endswith("连续", 0, n.start)

    def _after_length(self, quantities: list[Numeral], i: int, low: str) -> bool:
        """'3年增长58.6%': growth over a length of time that is not told."""
        if self.rules.spaced or not i:
            return False
        last = quantities[i - 1]
        return (
            last.unit == "year"
            and last.surface.endswith("年")
            and low[last.end : quantities[i].start] in ("增长", "年均增长", "累计增长", "提高", "下降")
        )

    def _resolve(self, g: dict[str, Any], kind: str) -> str | None:
        if "now" in g:
            return ""  # the day of the report: no period, and what was said before no longer holds
        if "weekday" in g:  # 'on Tuesday': the last one before the report, or its own day
            days = (self.today.weekday() - _WEEKDAYS.index(g["weekday"])) % 7 if self.today else 0
            return (self.today - timedelta(days=days)).isoformat() if self.today else None
        if "month" in g:
            if self.today is None:
                return None
            years, month = divmod(self.today.month - 1 + self.rules.rules["calendar"]["month"][g["month"]], 12)
            return f"{self.today.year + years}-{month + 1:02}"
        now = self.today.year if self.today else None
        if "plan" in g:  # the 13th plan is 2016 to 2020
            last = 1955 + 5 * self.number(g["plan"])
            if "planend" in g:
                return f"{last}"
            until = last if now is None or "plansince" not in g else min(last, now)
            return f"{last - 4}/{until}"
        if "decade" in g:
            return f"{g['decade']}/{int(g['decade']) + 9}"
        if "since" in g and now:
            last = now - (self.today is not None and self.today.month <= 3)
            return f"{g['since']}/{last}" if int(g["since"]) < last else None
        if short := g.get("fy") or g.get("fyq"):
            g = {**g, "y": f"20{short}"}
        if "halfyear" in g:
            g = {**g, "h": g["halfyear"]}
        for key in ("next", "past", "recent"):
            if key in g:
                if now is None:
                    return None
                n = self.number(g["n"])
                if key == "next":
                    return f"{now}/{now + n - 1}" if n > 1 else f"{now}"
                # A report of the first months looks back on the years before its own.
                end = now - 1 if self.today and self.today.month <= 6 else now
                return f"{end - n + 1}/{end}" if n > 1 else f"{end}"
        year = self._year(g.get("y")) if "y" in g else None
        if year is None and "rel" in g and now is not None:
            year = now + self.relative[g["rel"]]
        if "y2" in g and year is not None and "m" not in g:
            y2 = g["y2"]
            return f"{year}/{y2 if len(y2) == 4 else str(year)[:2] + y2}"
        if "y2" in g and year is None:
            year = self._year(g["y2"])
        if "m" in g:
            return self._month(g, year, kind)
        if "d" in g:  # '17日': the last such day before the report
            return self._day(int(g["d"])) if self.today else None
        if year is None:
            if self.today is None:
                return None
            # '前三季度' of a January report are those of the year before.
            year = self.today.year - (self._last_month(g) > self.today.month)
        if "end" in g:
            return f"{year}-{'01' if g['end'] in ('beginning', 'start', '初') else '12'}"
        if "q" in g:
            q = self.number(g["q"])
            return f"{year}-{3 * q - 2:02}/{year}-{3 * q:02}" if 1 <= q <= 4 else None
        if "h" in g:
            return f"{year}-01/{year}-06" if self.number(g["h"]) == 1 else f"{year}-07/{year}-12"
        if "qs" in g:
            return f"{year}-01/{year}-{3 * self.number(g['qs']):02}"
        if "ms" in g:
            n = self.number(g["ms"])
            return f"{year}-01/{year}-{n:02}" if 1 < n <= 12 else f"{year}-01"
        return f"{year}"

    def _day(self, day: int) -> str | None:
        assert self.today
        months = 12 * self.today.year + self.today.month - 1 - (day > self.today.day)
        return f"{months // 12}-{months % 12 + 1:02}-{day:02}"

    def _last_month(self, g: dict[str, str]) -> int:
        for key, months in (("q", 3), ("qs", 3), ("ms", 1), ("h", 6)):
            if key in g:
                return months * self.number(g[key])
        return 0

    def _month(self, g: dict[str, str], year: int | None, kind: str) -> str | None:
        month = self.number(g["m"])
        day = self.number(g["d"]) if "d" in g else None
        if not 1 <= month <= 12 or (day is not None and not 1 <= day <= 31):
            return None
        if "which" in g and self.today:
            later = month > self.today.month
            year = self.today.year + (not later if g["which"] == "next" else -int(month >= self.today.month))
        if year is None and self.today:  # the nearest such month to the report's
            year = self.today.year
            distance = month - self.today.month
            if "y2" in g:
                year = int(g["y2"])
            elif "m2" in g or "run" in g or "runq" in g or kind == "silent" or "atend" in g:  # months that have not ended are those of the year before
                year -= self.number(g.get("m2", g["m"])) > self.today.month
            else:
                year += -1 if distance > 6 else 1 if distance < -6 else 0
        if year is None:
            return None
        first = year - ("m2" in g and self.number(g["m2"]) < month and "y" not in g)  # November to February
        if "run" in g or "runq" in g:  # 'the three months to June'
            months = 12 * year + month - (self.number(g["run"]) if "run" in g else _MONTHS[g["runq"]])
            if month == 12 and months == 12 * year:
                return f"{year}"
            return f"{months // 12}-{months % 12 + 1:02}/{year}-{month:02}"
        if "d2" in g and day and "m2" in g:
            last = g.get("y2", str(year))
            return f"{first}-{month:02}-{day:02}/{last}-{self.number(g['m2']):02}-{self.number(g['d2']):02}"
        if "d2" in g and day:
            return f"{year}-{month:02}-{day:02}/{year}-{month:02}-{self.number(g['d2']):02}"
        if "m2" in g and "y2" in g:
            return f"{year}-{month:02}/{g['y2']}-{self.number(g['m2']):02}"
        if "m2" in g:
            return f"{first}-{month:02}/{year}-{self.number(g['m2']):02}"
        return f"{year}-{month:02}" + (f"-{day:02}" if day else "")

    def _year(self, text: str | None) -> int | None:
        if text is None:
            return None
        return int(text) if text.isdigit() else int("".join(str(self.small[c]) for c in text))

    def number(self, text: str) -> int:
        """A number of the calendar, in digits, in words or as a month's name."""
        if text.isdigit():
            return int(text)
        return self.months.get(text) or self.small[text]


def _existing(period: str | None) -> str | None:
    """The period, or None for one with a day that no calendar has: 30 February."""
    for day in (period or "").split("/"):
        if len(day) == 10:
            try:
                Date.fromisoformat(day)
            except ValueError:
                return None
    return period
