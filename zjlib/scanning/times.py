"""The times that a text names: which of them tell of figures, and how far each reaches."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from zjlib.report import Sentence
    from zjlib.scanning.calendar import Calendar
    from zjlib.scanning.numeral import Numeral

_PLAIN_WORDS = re.compile(r" ?(?:[a-z-]+ ){0,5}")


class Time(NamedTuple):
    """A period that a text names, where it names it."""

    start: int
    end: int
    period: str | None
    surface: str


class Times:
    """Sorts the times of a sentence: what is compared with, what stands in an aside, and what its amounts are of."""

    def __init__(self, calendar: Calendar, low: str) -> None:
        """`low` is the text in the plain form that the rules are written for."""
        self.calendar, self.rules, self.low = calendar, calendar.rules, low

    def of_figures(self, t: Time) -> str | None:
        """'By the end of 2023' tells a figure of 2023."""
        ends = (
            t.period
            and len(t.period) == 7
            and t.period.endswith("-12")
            and re.search(r"(?:end|close) of (?:the year )?\d{4}$|[0-9上去]年{0,2}[底末]$", t.surface)
        )
        return t.period[:4] if ends and t.period else t.period

    def of_one_year(self, times: list[Time]) -> list[Time]:
        """'In the January-June period last year' is one time: months, and their year."""
        out: list[Time] = []
        for t in times:
            last = out[-1] if out else None
            of_last = last and re.fullmatch(r" (?:period |months )?(?:of |in )?", self.low[last.end : t.start])
            if of_last and last and t.surface in self.calendar.relative and "-" in (last.period or ""):
                out[-1] = last._replace(period=re.sub(r"\d{4}", (t.period or "")[:4], last.period or ""))
            else:
                out.append(t)
        return out

    def tells(self, t: Time, sentence: Sentence, heading: bool) -> bool:
        """Whether a time may be that of a figure: it is not what a figure is compared with, nor the day that it was told."""
        if t.surface.startswith("since ") and t.start > sentence.start + 1:
            return bool(re.search(r"\b(?:has|have|had)\b[^;.]*$", self.low[sentence.start : t.start]))
        length = self.rules.spaced and (
            (self.low.startswith("over ", sentence.start) and t.start - sentence.start < 12)
            or t.surface.endswith(("years", "decade"))
            or "plan" in t.surface
        )
        whole = "/" in (t.period or "") and self.low.endswith(("from ", "over ", "from the ", "over the "), 0, t.start)
        until = self.low.endswith("before ", 0, t.start) and "end" in t.surface
        moving = whole or until or self.low[t.end : t.end + 1] in ("到", "至")
        if not length and not self._when(t) and self._compared(t, sentence, moving):
            return False
        day = t.period is not None and len(t.period) == 10
        dateline = self.rules.dateline.match(self.low, t.end) and t.start - sentence.start < 60
        if day and (dateline or self.rules.reported.search(self.low, sentence.start, t.start)):
            return False
        aside = self.rules.aside.search(self.low, max(sentence.start, t.start - 24), t.start)
        if aside and self.low.startswith(",", t.end):
            return False  # 'the program, launched in 2003, …'
        if self.rules.reference_after.match(self.low, t.end):
            return False
        if self.rules.spaced and re.match(r"in (?:\d\d?|[a-z]+)[ -]years?$", t.surface):
            return bool(self.rules.will.search(self.low, sentence.start, sentence.end))
        plan = "五" in t.surface and self.calendar.is_plan(t.surface)
        return not plan or heading or any(w in t.surface for w in ("时期", "期间", "以来", "末"))

    def _compared(self, t: Time, sentence: Sentence, moving: bool = False) -> bool:
        """Whether a time is what something is compared with: 'than in June'; one that is moving begins or ends a change."""
        near = self.rules.reference.search(self.low, max(sentence.start, t.start - 30), t.start)
        far = self.rules.compared.search(self.low, max(sentence.start, t.start - 90), t.start)
        return bool((near and not moving) or far)

    def _when(self, t: Time) -> bool:
        return self.low.startswith(", when", t.end)

    def scope(self, t: Time, sentence: Sentence, quantities: list[Numeral]) -> tuple[int, int]:
        """The stretch of a sentence whose amounts a time may be of: all of it, unless it stands in an aside or a comparison."""
        if self._when(t) and self._compared(t, sentence):
            return t.end, sentence.end  # 'slower than in June, when it was 5 percent'
        opened, closed = self.low.rfind("(", sentence.start, t.start), self.low.find(")", t.end, sentence.end)
        aside = opened > self.low.rfind(")", sentence.start, t.start) and closed > 0
        if aside and any(opened < n.start < closed for n in quantities):
            return opened, closed  # '1,204 (2022: 1,150)'
        if not self.rules.spaced:
            n = next((n for n in quantities if n.start >= t.end), None)
            if n and self.low[t.start - 1] in "由从到至在" and self.low[t.end : n.start] in ("", "的", "的约", "约"):
                return n.start, n.end  # '由2020年的6.3%提高到2025年的10%'
            return sentence.start, sentence.end
        last = next((n for n in reversed(quantities) if n.end <= t.start), None)
        if (
            last
            and not re.search(r"[,;.]| (?:earlier|ago|before)\b", self.low[last.end : t.start])
            and (
                any(n is not last and n.unit == last.unit for n in quantities)
                or re.search(
                    r"\b(?:up|down|compared) (?:from|with|to) ",
                    self.low[max(sentence.start, last.start - 30) : last.start],
                )
                or self.low.endswith(("against ", "versus ", "vs. ", "vs "), 0, last.start)
            )
            and self.rules.counterpart.search(self.low, max(sentence.start, last.start - 40), last.start)
        ):
            return last.start, last.end  # 'up from 28.8 percent in July'
        if self.rules.aside.search(self.low, max(sentence.start, t.start - 24), t.start):
            comma = self.low.find(",", t.end, sentence.end)
            return t.start, comma if comma > 0 else sentence.end  # 'built in 1987 for 12 million yuan, …'
        following = next((n for n in quantities if n.start >= t.end), None)
        if (
            following
            and t.surface.endswith(("years", "decade"))
            and self.rules.told_by.fullmatch(self.low, t.end, following.start)
        ):
            return t.start, sentence.end
        return sentence.start, sentence.end

    def passing(self, t: Time) -> bool:
        """Whether a time holds for its own sentence only: a decade, one to come, and 'since 2016'."""
        today = self.calendar.today
        to_come = bool(today and (t.period or "")[:10] > today.isoformat())
        return to_come or t.surface.startswith("since ") or t.surface.endswith("0s")

    def binds(self, t: Time, gap: str) -> bool:
        """Whether a time is of the amount before it, with only `gap` between: '0.7 percent year on year in February'."""
        if t.surface.startswith(("in ", "during ", "by ", "between ")) and _PLAIN_WORDS.fullmatch(gap):
            return True
        alone = gap == " " and self.rules.spaced and t.surface in self.calendar.relative
        return alone or bool(self.rules.binding.fullmatch(gap))

    def reaches(self, t: Time, n: Numeral) -> bool:
        """'近3年' holds for its own clause only."""
        return not t.surface.startswith("近") or not re.search("[，；,]", self.low[t.end : n.start])
