"""Which changes are told against the year before."""

from __future__ import annotations

from typing import TYPE_CHECKING

from zjlib.scanning.calendar import is_month, is_year, previous, within_a_year, years_on

if TYPE_CHECKING:
    from zjlib.report import Sentence
    from zjlib.scanning.calendar import Calendar
    from zjlib.scanning.numeral import Numeral
    from zjlib.scanning.times import Time, Times


class Bases:
    """Says of the changes of one document whether they are told against the year before.

    `step` is the months of the periods of which growth was told last against the one before them: 1 for months, 3 for quarters.
    """

    def __init__(self, calendar: Calendar, times: Times, low: str) -> None:
        """`low` is the text in the plain form that the rules are written for."""
        self.calendar, self.times, self.rules, self.low = calendar, times, calendar.rules, low
        self.step = 0
        self.since_end = False  # whether the last changes were told since a year's end, or not over the year before

    def start_paragraph(self) -> None:
        """Forget a step that holds for its paragraph."""
        self.step = self.step if self.rules.spaced else 0
        self.since_end = False

    def read(self, sentence: Sentence, quantities: list[Numeral], times: list[Time]) -> None:
        """Growth of a year's or a part of a year's total is told against the year before, where nothing else is named."""
        ask = self.step or self.rules.spaced
        led = self.rules.compared_all.match(self.low, sentence.start, sentence.end) if ask else None
        yearly, other = led and led["yearly"], led and not led["yearly"]
        self.step = 0 if yearly else self.step
        # '较去年底增长9%。其中，企业增长8.9%'
        part = self.since_end and self.rules.of_which.match(self.low, sentence.start, sentence.start + 2)
        self.since_end = self.since_end and (part is not None or not quantities)
        on = 0  # the step that the next sentences go on with
        lead: Numeral | None = None  # the first of a list
        for i, n in enumerate(quantities):
            if not n.direction:
                self.step = 0 if n.basis == "yoy" else self.step
                continue
            last = quantities[i - 1]
            listed = not self.rules.spaced and last.direction and self.rules.list.fullmatch(self.low, last.end, n.start)
            lead = (lead if listed else None) or n
            before = max(sentence.start, n.start - 90), n.start
            if i and not n.basis and self._again(last, n):
                n.basis = "yoy"
            if self._told(n, *before):
                n.basis = "yoy"
            self.step = 0 if n.basis == "yoy" else self.step
            if part and self._of_a_total(n):
                continue
            if self._of_a_total(n) and not self.rules.market.search(self.low, *before):
                months = next((months for months in (1, 3) if previous(n.period, months)), 0)
                if here := self.rules.not_yearly_here.search(self.low, sentence.start, n.start):
                    on = months if here["on"] else on  # '从环比看，…' holds until '从同比看'
                    self.step = months if here["step"] else self.step  # '按季減少320個，成交總值84億元，下跌26%'
                    continue
                said = self._said(sentence, quantities, i)
                self.since_end = self.since_end or said == "other"
                if said == "step":
                    self.step = months
                elif said == "year" or (said is None and not other and not (months and months == self.step)):
                    n.basis = "yoy"
            if n.period and n.basis in (None, "yoy") and within_a_year(n.period):
                over_a_part = self._over_a_part(lead, n.period, times)
                n.basis = None if over_a_part else self._over(n, n.period, times, lead)
                self.since_end = self.since_end or over_a_part
            if n.basis == "yoy" and n.unit == "pp" and self.rules.month_and_year.search(self.low, *before):
                n.basis = None  # the first of '分别比上月末和上年同期低0.8个和5.1个百分点'
            on = 0 if n.basis == "yoy" else on
        self.step = on or self.step
        self.since_end = self.since_end and not any(n.basis == "yoy" for n in quantities)

    def _told(self, n: Numeral, start: int, end: int) -> bool:
        """年增8%, '营收5亿元/+8%', '从同比看，出口增长5%': whether what stands before a change says that it is over the year before."""
        if n.basis:
            return False
        if self.rules.yearly_change.search(self.low, end - 12, end):
            return True
        if n.surface[0] in "+-" and self.rules.signed_beside.search(self.low, start, end):
            return True
        here = self.rules.yearly_here.search(self.low, start, end)
        return here is not None and (n.unit == "%" or here.lastgroup is not None)  # '比上年同期1449万元增收18万元'

    def _again(self, a: Numeral, n: Numeral) -> bool:
        """'比2017年减少350千公顷(525万亩)': whether a change is the one before it once more, which is over the year before."""
        same = a.basis == "yoy" and a.direction == n.direction and self.low.startswith(")", n.end)
        return same and self.rules.told_again.fullmatch(self.low, a.end, n.start) is not None

    def _of_a_total(self, n: Numeral) -> bool:
        """Whether a change is growth of a year, or of a part of one: 'by 40 percent by 2030' is not."""
        if n.basis or n.unit not in ("%", "times", "ratio") or not within_a_year(n.period):
            return False
        today = self.calendar.today
        return not today or int((n.period or "0")[:4]) <= today.year + 1

    def _said(self, sentence: Sentence, quantities: list[Numeral], i: int) -> str | None:
        """What the words beside a change say that it is told against: the 'year' before, the 'step' before, or an 'other'."""
        n, rest = quantities[i], quantities[i + 1 :]
        lo, hi = max(sentence.start, n.start - 12), n.end
        if self.rules.spaced:
            lo = max([sentence.start, n.start - 40, *(q.end for q in quantities[:i])])
            if rest and self.rules.both_ends.fullmatch(self.low, n.end, rest[0].start):
                rest = rest[1:]  # 'by 3.3 percent and 4.7 percent month on month'
            hi = min([sentence.end, *(q.start for q in rest[:1])])
        told = self.rules.not_yearly.search(self.low, lo, hi)
        of_step = told and self.rules.monthly.search(told[0])
        near = told and (told.end() <= n.end + 40 or told.start() < n.end + (35 if of_step else 15))
        annual = self.rules.annual_growth.search(self.low, lo, min(hi, n.end + 40))
        if told and near and not (annual and annual.start() < told.start()):
            return "step" if of_step else "other"
        return "year" if annual else None  # 'the 1.8% annual growth of the month before'

    def _over(self, n: Numeral, period: str, times: list[Time], lead: Numeral) -> str | None:
        """The basis of a change by the time that it is set beside: the same period of 2019 is the year before of 2020, not of 2021."""
        if base := self._base(lead, times):  # '比2018年增长5%', also of those that a list goes on with
            return "yoy" if base in (before := years_on(period, -1), before[:4]) else None
        told, today = self.rules.base_year.match(self.low, n.end), self.calendar.today
        year = told and (told["base"] or (told["month"] and today and today.year - 1))
        if not (told and year):
            return n.basis
        month = told["month"] and f"{self.calendar.number(told['month']):02}"
        other = month and is_month(period) and period[5:] != month  # 'compared with March 2020', told of April
        if int(year) == int(period[:4]) and not other:
            return n.basis
        same = period[5:7] == month if month else not self.rules.not_yearly.search(self.low, *told.span())
        return "yoy" if same and int(year) == int(period[:4]) - 1 else None

    def _over_a_part(self, n: Numeral, period: str, times: list[Time]) -> bool:
        """'截至11月底有32家，比上年末增加2家': whether a change is over less than a year, since the last one ended."""
        if is_year(period) or period.endswith("-12"):
            return False
        if self.rules.over_year_end.match(self.low, n.end):
            return True  # 'an increase of 400 over the end of 2024'
        t = self._beside(n, times)
        return bool(t and self.rules.year_end.search(t.surface))

    def _beside(self, n: Numeral, times: list[Time]) -> Time | None:
        """The time before a change that it may be told against."""
        t = next((t for t in reversed(times) if t.end <= n.start), None)
        return t if t and t.period and self.rules.since_base.fullmatch(self.low, t.end, n.start) else None

    def _base(self, n: Numeral, times: list[Time]) -> str | None:
        """The time that a change before which it stands is compared with: '比2018年末增加25家'."""
        t = self._beside(n, times)
        if not (t and t.period):
            return None
        base = self.times.of_figures(t)
        told = is_month(base) or not any(word in t.surface for word in self.calendar.relative)  # not 比上年
        return base if told and self.rules.counterpart.search(self.low, t.start - 2, t.start) else None
