"""Lengths of time, and what lasts: which of them are a time themselves, and which amounts are of none."""

from __future__ import annotations

from datetime import date as Date
from datetime import timedelta
from typing import TYPE_CHECKING

from zjlib.scanning.calendar import is_day, is_year, previous
from zjlib.units import MONEY

if TYPE_CHECKING:
    from zjlib.languages import Language
    from zjlib.report import Sentence
    from zjlib.scanning.numeral import Numeral
    from zjlib.scanning.times import Time

_EXTENTS = {"km", "m", "km2", "m2", "m3", "kW", "t", "mu", "hectare"}  # of what lasts


class Lengths:
    """Tells lengths of time, and amounts that are of no time, in one document."""

    def __init__(self, rules: Language, low: str) -> None:
        """`low` is the text in the plain form that the rules are written for."""
        self.rules, self.low = rules, low

    def once_done(self, sentence: Sentence, told: list[Time]) -> tuple[int, int]:
        """'投产后可实现年产值15亿元，带动就业500人': the stretch that tells what will be once something is done, which no time is of."""
        m = self.rules.once_done.search(self.low, sentence.start, sentence.end)
        if not m:
            return 0, 0
        last = next((t for t in reversed(told) if t.end <= m.start()), None)
        if last and m.start() - last.end < 10 and not self.rules.clause_end.search(self.low, last.end, m.start()):
            return 0, 0  # '2026年建成后'
        return m.start(), min([m.end(), *(t.start for t in told if t.start > m.start())])

    def stretch(self, t: Time, quantities: list[Numeral]) -> Time:
        """'The 10 days from September 29', 'the five years to 2020': a time that a length before it begins or ends with."""
        n = next((n for n in reversed(quantities) if n.end < t.start), None)
        if not (n and n.value and n.unit in ("day", "year") and n.value == int(n.value) and t.period):
            return t
        ends = self.rules.stretch_to.fullmatch(self.low, n.end, t.start)
        if not ends and not self.rules.stretch_from.fullmatch(self.low, n.end, t.start):
            return t
        if n.unit == "day" and is_day(t.period):
            day, days = Date.fromisoformat(t.period), timedelta(int(n.value) - 1)
            n.period = f"{day - days}/{day}" if ends else f"{day}/{day + days}"
        elif n.unit == "year" and is_year(t.period):
            year, years = int(t.period), int(n.value) - 1
            n.period = f"{year - years}/{year}" if ends else f"{year}/{year + years}"
        return t._replace(period=n.period or t.period)

    def span_of(self, n: Numeral, named: list[Time], context: str | None) -> str | None:
        """The time that a length of it is said to be: 'the four years from 2021 to 2024'; 'the 11-month period', of a `context` so long."""
        if n.unit == "month" and n.value and self.rules.that_period.match(self.low, n.start):
            return context if previous(context, int(n.value)) else None
        spans = (t for t in named if "/" in (t.period or "") and not self.rules.since.match(t.surface))
        return next((t.period for t in spans if self.rules.its_span.fullmatch(self.low, n.end, t.start)), None)

    def lasting(self, n: Numeral) -> bool:
        """'three years', '连续3个月', 'firms with annual revenue of at least 20 million yuan': what is of no period."""
        if n.unit in _EXTENTS:
            return bool(self.rules.attribute.match(self.low, n.start))
        if n.unit == "count":
            return bool(self.rules.of_those.match(self.low, n.start))
        if n.measure in MONEY or n.unit in ("km/hour", "person") or (n.unit or "").endswith("/year"):
            return bool(self.rules.defining.search(self.low, n.start - 90, n.start))
        if n.unit == "year":
            aged = self.rules.an_age_itself.search(self.low, n.start, n.end)  # 65周岁, but 平均年龄41.3岁
            return (aged or not self.rules.an_age.match(self.low, n.end)) and "." not in n.surface
        named = "-" in n.surface and self.rules.rate_name.match(self.low, n.end)
        in_a_row = self.rules.in_a_row.search(self.low, n.start - 2, n.start)
        return n.unit in ("month", "day") and bool(in_a_row or named)

    def granted(self, n: Numeral, start: int) -> bool:
        """'对首次上规企业奖励10万元': whether an amount is what a policy pays to those who ask for it; its sentence begins at `start`."""
        return self.rules.granted.search(self.low, max(start, n.start - 30), n.start) is not None

    def after_length(self, quantities: list[Numeral], i: int) -> bool:
        """'3年增长58.6%': growth over a length of time that is not told; so is that of what stands beside it."""
        last, n = quantities[i - 1] if i else None, quantities[i]
        if last and last.unit == n.unit and self.rules.over_length_too.fullmatch(self.low, last.end, n.start):
            return self.after_length(quantities, i - 1)
        return bool(
            last
            and last.unit == "year"
            and not last.period
            and self.rules.a_length.search(self.low, last.start, last.end)
            and self.rules.over_length.fullmatch(self.low, last.end, n.start)
        )
