"""Which period a figure is of: what its sentence, its paragraph or its section says."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import TYPE_CHECKING

from zjlib.scanning.calendar import contains, ends_before, is_day, is_of_months, is_year, years_on
from zjlib.scanning.lengths import Lengths
from zjlib.scanning.named import Named
from zjlib.scanning.pairs import Pairs
from zjlib.scanning.times import Time, Times
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.report import Sentence
    from zjlib.scanning.calendar import Calendar
    from zjlib.scanning.numeral import Numeral


class Periods:
    """Gives the figures of one document their periods.

    `context` is what the paragraph speaks of so far, `section` what its heading or the last leading 'in the past five years' says,
    `before` what the paragraph before spoke of: 'during the same period'.
    """

    def __init__(self, calendar: Calendar, low: str) -> None:
        """`low` is the text in the plain form that the rules are written for."""
        self.calendar, self.rules, self.today, self.low = calendar, calendar.rules, calendar.today, low
        self.times, self.pairs = Times(calendar, low), Pairs(calendar, low)
        self.named, self.lengths = Named(self.times), Lengths(self.rules, low)
        self.paragraph = 0
        self.context: str | None = None
        self.section: str | None = None
        self.before: str | None = None
        self.counted = False  # whether the paragraph has told an amount
        self.chapters: str | None = None  # what `context` was where the last numbered section began
        self.inherited = False  # whether `context` is still that of the paragraph before
        self.ahead: str | None = None  # a time to come that the paragraph has told
        self.planned = False  # whether that is the year of a plan, of which the paragraphs after it may be
        self.budget: str | None = None  # the year to come that a budget told of is for
        self.day: str | None = None  # the day told last, of which the figures after it may be
        self.start = self.paragraph_start = self.before_start = 0  # of the sentence, its paragraph, and the one before
        self.last_start: int | None = None  # of the sentence before in the paragraph
        self.day_told: int | None = None  # and of the sentence that told `day`
        self.seen = self.changes = 0

    def assign(self, sentence: Sentence, quantities: list[Numeral], times: list[Time]) -> None:
        """Give each quantity of a sentence the period that the sentence, its paragraph or its section says it is of."""
        self._turn_to(sentence, quantities)
        heading = sentence.end - sentence.start < self.rules.reach["heading"]
        line = self.low[sentence.start : sentence.end]
        heading = heading and "\t" not in line and line[-1] not in "。！？.!?;；，,"
        named = self.named.of(sentence, times, self.context, self.section)
        if not (named or quantities or heading):
            return
        named = self.times.both_years([self.lengths.stretch(t, quantities) for t in named], quantities, line)
        told = [t for t in named if self.times.tells(t, sentence, heading) and not self._of_origin(t)]
        if heading and not quantities:
            self._heading(line, told)
            return
        scopes = {t: self.times.scope(t, sentence, quantities) for t in told}
        for t in told[1:]:
            scopes[t] = self.times.till_part_ends(t, told[0], scopes[t])
        self._implied(sentence, named, told)
        self._compared_with(named, scopes, quantities)
        self._section(sentence, told)
        timeless = self.lengths.once_done(sentence, told) if told or self.context or self.section else (0, 0)
        for i, n in enumerate(quantities):
            if timeless[0] <= n.start < timeless[1]:
                continue
            if n.unit in LENGTHS and not n.period:
                n.period = self.lengths.span_of(n, named, self.context)
            if not n.period and not self.lengths.lasting(n) and not self.lengths.after_length(quantities, i):
                reaching = [t for t in told if scopes[t][0] <= n.start < scopes[t][1]]
                n.period = self._told(n, self._next(quantities, i, sentence) if reaching else 0, reaching)
        self._years_earlier(sentence, quantities)
        if len(quantities) > 1 or (quantities and self.rules.spaced):
            self.pairs.read(line, quantities, told)
        parts = self.rules.by_parts.match(self.low, sentence.start)  # '分季度看': the year goes on after them
        if "\t" not in line and not parts:  # the years of a table hold for its columns
            self._carry(sentence, quantities, [t for t in told if scopes[t] == (sentence.start, sentence.end)])

    def _turn_to(self, sentence: Sentence, quantities: list[Numeral]) -> None:
        """Begin a sentence: what its paragraph, or one before, has told of the period so far."""
        if sentence.paragraph != self.paragraph:
            below = self.rules.goes_on_below.match(self.low, sentence.start)
            ahead = self.context and self.today and self.context > self.today.isoformat()  # a target
            if below and below.groupdict().get("chapter"):
                whole = contains(self.chapters, self.context)  # a part of it that a section told ends with the section
                self.chapters = self.context = self.chapters if whole else self.context
            if self.counted or not ends_before(self.context, self.before):
                self.before = self.context or self.before
            self.counted = False
            self.before_start, self.paragraph_start = self.paragraph_start, sentence.start
            self.paragraph, self.context = sentence.paragraph, self.context if below and not ahead else None
            self.inherited = self.context is not None
            self.ahead = self.ahead if below or self.planned else None
        self.last_start = self.start if self.start >= self.paragraph_start else None
        self.start, self.counted = sentence.start, self.counted or bool(quantities)
        changes = sum(n.direction is not None for n in quantities)
        self.seen += len(quantities)
        self.changes += changes
        # Growth is always of some period: where a paragraph names none, it goes on with that of the one before. So do sums and
        # shares that were, where the press parts its sentences by paragraphs, and all of a text that is full of growth.
        grown = self.section is None and (
            changes or self.changes * 4 >= self.seen > 4 or self._goes_on(sentence, quantities)
        )
        if self.context is None and self.before:
            same = (
                grown
                or self.rules.among_them.match(self.low, sentence.start)
                or self.rules.same_period.search(self.low, sentence.start, sentence.end)
            )
            self.context, self.inherited = (self.before, True) if same else (None, False)

    def _years_earlier(self, sentence: Sentence, quantities: list[Numeral]) -> None:
        """'A year earlier, the rate was 5.3%', '…; five years before there were 9,200', '$70m in the year-ago period.'"""
        for n in quantities:
            if n.period and n.period == self.context and self.rules.year_ago.match(self.low, n.end):
                n.period = years_on(n.period, -1)
        for m in self.rules.years_earlier.finditer(self.low, sentence.start, sentence.end):
            told = next((n.period for n in reversed(quantities) if n.end <= m.start() and n.period), self.context)
            stop = self.low.find("; ", m.end(), sentence.end)
            for n in quantities:
                if told and m.end() <= n.start < (stop if stop > 0 else sentence.end) and n.period == told:
                    n.period = years_on(told, -self.calendar.years_ago(m))

    def _goes_on(self, sentence: Sentence, quantities: list[Numeral]) -> bool:
        """Whether a sentence tells sums or shares that were, not far below the beginning of the paragraph before."""
        if sentence.start - self.before_start > self.rules.reach.get("paragraph", 0):
            return False
        sums = not is_day(self.before) and any(n.unit == "%" or n.unit in MONEY for n in quantities)
        return sums and self.rules.came_to.search(self.low, sentence.start, sentence.end) is not None

    def _implied(self, sentence: Sentence, named: list[Time], told: list[Time]) -> None:
        """'The harvest was 2 percent larger than last year's': where nothing else tells the time, it is that after the one compared."""
        periods = {t.period or "" for t in named}
        told = [t for t in told if not self.times.own_then(t)]  # 'more than last year's 280,000'
        if told or self.context or self.section or not self.today or not self.rules.spaced:
            return
        yearly = not named and self.rules.than_year.search(self.low, sentence.start, sentence.end)
        if yearly and self.today.month <= 6 and ";" not in self.low[sentence.start : yearly.start()]:
            # 'an increase of 8.5 percent over the previous year', told in April
            self.context = str(self.today.year - 1)
        if len(periods) != 1:
            return
        year, _, month = periods.pop().partition("-")
        if not month and year == str(self.today.year - 1):
            self.context = str(self.today.year)
        elif len(month) == 2 and 12 * self.today.year + self.today.month - 12 * int(year) - int(month) == 2:
            self.context = f"{self.today - timedelta(self.today.day):%Y-%m}"

    def _compared_with(self, named: list[Time], scopes: dict[Time, tuple[int, int]], quantities: list[Numeral]) -> None:
        """'比2010年的3.10人减少0.48人', 'more than the 2.4% of May': what an amount is compared with is of its own time."""
        low, rules = self.low, self.rules
        for t in named:
            if t in scopes:
                continue
            after = next((n for n in quantities if n.start >= t.end), None)
            if after and rules.time_beside.fullmatch(low, t.end, after.start) and low.startswith(")", after.end):
                then = (t.period or "").partition("/")[0] if rules.since.match(t.surface) else t.period
                after.period = self._same_part(t, named) or then
            multiple = after and not rules.spaced and after.direction  # '比上年翻一番' is no amount of that year
            beside = after and not multiple and rules.compared_with.fullmatch(low, t.end, after.start)
            if after and beside and self._is_counterpart(t.start):
                after.period = self._same_part(t, named) or t.period
            before = next((n for n in reversed(quantities) if n.end <= t.start), None)
            if before and rules.of_time.fullmatch(low, before.end, t.start) and self._is_counterpart(before.start):
                before.period = t.period

    def _of_origin(self, t: Time) -> bool:
        """Whether what was told before has a time, and another is only that of what its figures come from, or differ from."""
        if not self.context:
            return False
        before = self.low, t.start - 60, t.start
        if self.rules.enacted.search(*before):
            return True  # 'Of the total, measures unveiled in 2020 saved 485.7 billion yuan'
        shorter = contains(self.context, t.period) and self.context[:7] == (t.period or "")[:7]
        # 'An increase of 24.5 points from January to March', told of January to April
        return shorter and self.rules.changed_by.search(*before) is not None

    def _same_part(self, t: Time, named: list[Time]) -> str | None:
        """'6月末存款…，比去年同期的60.4%上升': the part of another year that is one of this year's, if that is what is told."""
        if not is_year(t.period) or not self.rules.same_part.match(self.low, t.end):
            return None
        told = (
            next((o.period for o in reversed(named) if o.start < t.start and o.period != t.period), self.context) or ""
        )
        parted = is_of_months(told) or is_day(told[:10])
        years = int((t.period or "")[:4]) - int(told[:4]) if parted else 0
        return years_on(told, years) if years else None

    def _is_counterpart(self, start: int) -> bool:
        """Whether something is compared with what begins at `start`."""
        return bool(self.rules.counterpart.search(self.low, start - 40, start))

    def _section(self, sentence: Sentence, told: list[Time]) -> None:
        """A sentence that begins with '过去五年' or a year tells that of its section."""
        if self.rules.spaced or not told:
            return
        if len(told) == 1 and told[0].period and self.rules.whole_report.match(self.low, told[0].end):
            # '现将2019年财政决算报告如下'
            self.section, self.context = told[0].period, None
            return
        if told[0].start - sentence.start >= 8:
            return
        if self.rules.starts_at.search(self.low, told[0].start - 1, told[0].start):
            return  # '由2018年的32亿元提高到'
        due = self.rules.reached_time.match(self.low, told[0].start - 1)  # '到2027年，…' is no section's
        year = not due and self.section is None and re.fullmatch(r"\d{4}", told[0].period or "")
        if year or self.rules.sections.match(self.low, told[0].start):
            self.section, self.context = told[0].period, None

    def _told(self, n: Numeral, stop: int, reaching: list[Time]) -> str | None:
        """The period of an amount by the times that reach it, or else what was told before; the next amount begins at `stop`."""
        if self.rules.by_now.match(self.low, n.end):
            return None
        if self.context and self.rules.by_that_time.match(self.low, n.end):
            then = self._to_be(n) or self.context  # '4,000 gigabits in 2016, was 17,000 by then'
            return then.rpartition("/")[2] if is_year(then[-4:]) else then
        for t in reaching:
            bound = n.end <= t.start < stop and self.times.binds(t, self.low[n.end : t.start])
            if bound and not self._whole_of_day(t, n, reaching):
                return t.period or None
        if n.unit == "month" and self.rules.spaced and not n.direction:
            return None  # a length that no time stands beside
        if year := self._of_whole_year(n, reaching):
            return year
        before = [t for t in reaching if t.start <= n.start and self.times.reaches(t, n)]
        later = next((t for t in reaching if t.start > n.start), None)
        beside = later and not self.rules.clause_mark.search(self.low, n.end, later.start)
        if before and beside and later and (before[-1].period == "" or self._own_time(before[-1], n, later)):
            return later.period or None  # 'now expects to ship 9,000 units this year'
        if before and self.rules.of_condition.match(before[-1].surface) and self.lengths.granted(n, self.start):
            return None  # '上年度产值5000万元以下的，给予奖励10万元'
        if before:
            first = len(before) > 1 and self._between(before[-2], before[-1], n)
            return before[-2 if first else -1].period or None
        alone = not self.context and (self.rules.spaced or not self.section)
        # '54家企业，10月1日至4日卖了12亿元': the time is that of what they did
        apart = (
            later and self.low[n.end : later.start].rstrip("，,") != n.noun and self.times.opens_clause(later, n.end)
        )
        alone = alone and not apart
        may = later and (alone or (self.rules.spaced and (beside or self._will_be(n, later))))
        if may and later and not self.rules.apart.search(self.low, n.end, later.start):
            return later.period or None
        return self._carried(n)

    def _whole_of_day(self, t: Time, n: Numeral, reaching: list[Time]) -> bool:
        """'By Thursday 98 percent of this year's rice had been harvested': whether a time is that of a whole, of which a day tells."""
        whose = self.rules.possessive.match(self.low, t.end)
        return bool(whose) and any(
            is_day(o.period) and contains(t.period, o.period) for o in reaching if o.start < n.start
        )

    def _next(self, quantities: list[Numeral], i: int, sentence: Sentence) -> int:
        """Where the amount after one begins that is not the same again in brackets: '8,000 yuan (US$1,130) in April'."""
        following = i + 1
        while following < len(quantities) and self.pairs.again(quantities[following - 1], quantities[following]):
            following += 1
        return quantities[following].start if following < len(quantities) else sentence.end

    def _carried(self, n: Numeral) -> str | None:
        """The period of an amount that no time of its sentence reaches, by the sentences before it."""
        if not (self.context or self.section or self.day or self.ahead):
            return None
        timeless = self.rules.timeless.search(self.low, n.start - 60, n.start)  # 'the bank has 238 outlets'
        market = self.rules.market_move.search(self.low, max(self.start, n.start - 100), n.start)
        whole = not self.context or is_year(self.context) or is_of_months(self.context)
        beside = self.context is None and self.day_told is not None and self.day_told == self.last_start
        parts = beside and self.rules.parts_of_it.match(self.low, self.start)
        context = self.day if (market and whole) or parts else self.context
        fixed = n.unit == "m" or (n.unit or "").endswith(("/year", "/kWh"))  # a length, a tariff
        # '到2027年，工业投资年均增长10%以上。对首次上规企业奖励10万元'
        if context and self.today and context[:4] > str(self.today.year) and self.lengths.granted(n, self.start):
            return None
        if timeless or (fixed and not n.direction and self.rules.spaced):
            return None
        if context and self._after(context, n):
            return self._to_be(n)
        return self._to_be(n) or context or self.section

    def _after(self, context: str, n: Numeral) -> bool:
        """'Exports fell in May. Firms may borrow 50,000 euros': whether an amount is told in the present, or of what will be."""
        if self.rules.among_them.match(self.low, self.start) or self.rules.same_period.match(self.low, n.end + 1):
            return False  # of them, or in that period
        passed = int(context[:4]) < self.today.year if self.today else False
        told = (self.low, max(self.start, n.start - 120), n.start)
        if context == self.budget:  # sums and rates are of its year
            counted = n.unit in ("count", "person") and not self.rules.will.search(*told)
            return counted or self.rules.done_by_then.search(*told) is not None
        if (is_year(context) and not passed) or (self._season(context) and self.rules.foreseen.search(*told)):
            return False
        # A report of the first months tells of the year just passed in the present, and its translation in the future.
        reviewed = is_year(context) and self.today and self.today.month <= 3
        if self.rules.to_be_after.match(self.low, n.end):
            return not reviewed  # 'another 20 billion yuan would be set aside'
        if will_be := self.rules.to_be.search(*told):
            joined = self.low.rfind(", and ", will_be.start(), n.start)
            was = reviewed and self.rules.translated_past.match(will_be[0])
            return not was and (joined < 0 or not self.rules.was_so.search(self.low, joined, n.start))
        is_so = not reviewed and (self.rules.is_so.search(*told) or self.rules.is_so_after.match(self.low, n.end))
        return bool(is_so) and not self.rules.was_so.search(*told)

    def _season(self, period: str | None) -> bool:
        """'The 2023/24 harvest': whether a period is a year from one to the next that has not passed."""
        first, _, last = (period or "").partition("/")
        following = is_year(first) and last == str(int(first) + 1)
        return following and (self.today is None or int(last) >= self.today.year)

    def _of_whole_year(self, n: Numeral, reaching: list[Time]) -> str | None:
        """'34 percent of its full-year target of 850,000': the year of an amount that is told in a part of it."""
        told = next((t.period for t in reaching if t.period), self.context)
        if not told or n.unit == "pp":  # '高于年度目标4个百分点'
            return None
        goal = self.rules.goal_of_year.search(self.low, max(self.start, n.start - 90), n.start)
        if not goal and (n.unit in ("%", "ratio") or not self.rules.for_the_year.match(self.low, n.end)):
            return None
        return told[:4]

    def _to_be(self, n: Numeral) -> str | None:
        """The time to come that the paragraph has told, of an amount that will be: 'Forest cover is to reach 43 percent'."""
        passed = self.context is None or not self.today or int(self.context[:4]) < self.today.year
        if not (self.ahead and passed):
            return None
        goes_on = self.rules.of_that.match(self.low, self.start)  # 'Of this, 30 billion is for roads'
        will_be = goes_on or self.rules.will.search(self.low, max(self.start, n.start - 120), n.start)
        return self.ahead if will_be else None

    def _own_time(self, before: Time, n: Numeral, later: Time) -> bool:
        """'It had 3 million couriers in 2025, and it has put aside 3 billion yuan this year': whether a clause has a time of its own."""
        own = (
            self.rules.own_subject.search(self.low, before.end, n.start)
            or self.rules.part_own.match(self.low, n.end)
            or (self.rules.spaced and ";" in self.low[before.end : n.start])
        )
        return bool(own) and not self.rules.another_clause.search(self.low, n.end, later.start)

    def _will_be(self, n: Numeral, t: Time) -> bool:
        """'The next section, 12.6 km with 9 stations, is to open in 2027': whether an amount is of a time to come after it."""
        return self.times.to_come(t) and not self.rules.another_clause.search(self.low, n.start, t.start)

    def _between(self, first: Time, last: Time, n: Numeral) -> bool:
        """'2020年到2025年，从6.3%…': whether an amount is that of the first of two ends."""
        ends = self.rules.reached_time.fullmatch(self.low, first.end, last.start)
        return bool(ends and self.rules.starts_at.search(self.low, n.start - 1, n.start))

    def _carry(self, sentence: Sentence, quantities: list[Numeral], whole: list[Time]) -> None:
        """What of a sentence holds for the ones after it in its paragraph; `whole` are the times that reach all of it."""
        if not whole or (self.context and self.rules.adds_up.match(self.low, sentence.start)):
            return
        if self._part_alone(sentence, whole):
            return
        ahead, budget = next((t for t in whole if self.times.to_come(t)), None), None
        if ahead:
            by = self.rules.by_then.search(self.low, sentence.start, ahead.start)
            budget = not by and self.rules.budgeted.search(self.low, sentence.start, sentence.end)
            self.ahead, self.planned = ahead.period, self.rules.spaced and by is not None
        self.budget = ahead.period if ahead and budget else self.budget
        carry = [t for t in whole if t.period and ((budget and t is ahead) or not self.times.passing(t))]
        self.day = next((t.period for t in reversed(carry) if is_day(t.period)), self.day)
        self.day_told = sentence.start if any(is_day(t.period) for t in carry) else self.day_told
        if self.context:
            carry = [t for t in carry if not self.rules.stretch_of_years.search(t.surface)]  # 'over the past two years'
        if not carry and not self.rules.spaced and quantities:
            carry = [t for t in whole[:1] if all(n.period == t.period for n in quantities)]
        if any(is_day(t.period) for t in carry) and not self._of_day(sentence, quantities, carry):
            carry = [t for t in carry if not is_day(t.period)]
        if carry and not self.rules.spaced:
            carry = [
                t for t in carry[:1] if self._leads(t, sentence, [n for n in quantities if not self.lengths.lasting(n)])
            ]
        alone = self.inherited and not quantities  # 'The council met in 2001. It decided upon 117 projects'
        if self.rules.spaced and not alone:
            carry = [t for t in carry if not self._detail(t, sentence)]
        if carry:
            told = {t.period for t in carry}
            self.context = next((n.period for n in quantities if n.period in told), carry[-1].period)
            self.inherited = False

    def _part_alone(self, sentence: Sentence, whole: list[Time]) -> bool:
        """'其中，二季度增长3.7%', after the half-year: whether a sentence tells only a part of the time spoken of."""
        part = self.rules.of_which.search(self.low, sentence.start, whole[0].start)
        return bool(part) and all(contains(self.context or self.section, t.period) for t in whole)

    def _of_day(self, sentence: Sentence, quantities: list[Numeral], times: list[Time]) -> bool:
        """Whether the day that a sentence names holds for those after it: of what it tells itself, or of the markets."""
        if self.context:
            return False
        if self.rules.of_markets.search(self.low, sentence.start, sentence.end):
            return True
        if self.rules.spaced:
            return any(n.period == t.period for t in times for n in quantities)
        event = self.rules.in_force.search(self.low, sentence.start, sentence.end)
        event = event or self.rules.day_event.search(self.low, sentence.start, sentence.end)
        return not quantities and event is not None  # '今天集中开工。56个项目总投资…'

    def _detail(self, t: Time, sentence: Sentence) -> bool:
        """'At the end of June it had 340 shops', told of a half-year: whether a time is none to go on with."""
        if self.rules.which_it_did.search(self.low, t.start - 60, t.start):
            return True
        if self.rules.alone.match(self.low, t.end):
            return bool(self.context)  # 'In June alone'
        aside = t.start - sentence.start > 25
        year = is_year(t.period) and aside
        if contains(t.period, self.context) and (year or self.rules.will.search(self.low, sentence.start, t.start)):
            return True  # 'it now expects to earn 2.7 percent this year', told of a half-year
        if aside and not (self.inherited or is_day(self.context)) and ends_before(t.period, self.context):
            return True  # 'a share that had been 30 percent in October 2022'
        if not contains(self.context, t.period) or (self.inherited and not is_day(t.period)):
            return False
        edge = self.rules.edge.search(self.low, max(sentence.start, t.start - 16), t.end)
        return bool(edge or is_day(t.period) or aside)

    def _leads(self, t: Time, sentence: Sentence, quantities: list[Numeral]) -> bool:
        """Whether a time opens its sentence or one of its clauses, before all amounts."""
        if self.rules.reached_time.match(self.low, t.end) or (self.context and self.rules.alone.match(self.low, t.end)):
            return False
        if t.start - sentence.start >= 8 and is_year(t.period) and contains(self.section, t.period):
            return False  # '落实“减羊增牛”，2021年存栏125万头', in a review of five years
        if t.start - sentence.start < 6 or all(n.period == t.period for n in quantities):
            return True
        return t.start < quantities[0].start and bool(self.rules.opening.search(self.low, t.start - 1, t.start))

    def _heading(self, line: str, times: list[Time]) -> None:
        """A heading tells the period of what follows: '一、2025年工作回顾', 'Output of main products, 2024'."""
        year = self.today.year if self.today else None
        own = times and times[0].period and not is_day(times[0].period)
        if own and "/" in (times[0].period or "") and self.rules.caption.search(line):
            return  # '图1 2019-2023年地区生产总值及其增长速度'
        if self.rules.begun.match(line):
            return  # 'Founded: 1923'
        if own and not self.rules.of_another_report.search(line):
            self.section, self.context = times[0].period, None
        elif year and self.rules.review.search(line):
            self.section = str(year - 1)
        elif year and self.rules.plans.search(line):
            self.section = str(year)
