"""What the words around an amount say of it: bound, direction, basis, and by what it is told."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

from zjlib.languages import Language
from zjlib.scanning.reading import Reading
from zjlib.units import EXACT, LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_WINDOW = 90  # characters before or after an amount that may say something of it


@dataclass(slots=True)
class _Left:
    """What was met so far on the way from an amount to the left."""

    window: str  # the text before the amount, backwards
    pos: int = 0  # what of it was read
    start: int = 0  # where the word at hand begins in it
    near: bool = True  # nothing but cues so far
    linked: bool = False  # 'by' or 'of' stands directly before the amount
    by: bool = False
    the: bool = False
    said: bool = False  # a verb stands between the amount and what is further left
    level: bool = False
    moved: bool = False  # 'to' or 'from' stands directly before the amount
    direction: str | None = None  # 'none' where it is known to be no change
    basis: str | None = None
    compared: str | None = None


class Surroundings:
    """Reads the neighbourhood of the amounts of one document."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        self.reading, self.rules, self.text, self.low = reading, reading.rules, reading.text, reading.low

    def read(self, n: Numeral, start: int, lo: int, hi: int) -> None:
        """Qualifier, direction and basis of a quantity, from the words of its sentence before and after it.

        The sentence begins at `start`; the amounts next to it end at `lo` and begin at `hi`.
        """
        rules, low = self.rules, self.low
        left = self._before(n, lo)
        direction = left.direction
        if (
            n.unit != "pp"
            and left.by
            and direction is None
            and not left.level
            and rules.object_by.fullmatch(low, lo, n.start)
        ):
            direction = self._before(n, start).direction  # 'lowers the prices of 43 drugs by 58 percent'
        if left.compared and left.basis == "yoy" and direction is None:
            direction = left.compared  # '价格比去年同期高近一成'
        if n.qualifier == "exact" and rules.capped.search(low, max(lo, n.start - 60), n.start):
            n.qualifier = "at_most"
        if n.qualifier == "more_than" and (
            rules.no_one.search(low, lo, n.start) or rules.not_above.search(low, lo, n.start)
        ):
            n.qualifier = "at_most"  # 'no applicant may receive more than 5 million yuan'
        elif n.qualifier == "less_than" and rules.not_below.search(low, lo, n.start):
            n.qualifier = "at_least"  # 'may not be set below 26 degrees'
        if n.value_max is not None and n.qualifier == "at_least":
            n.qualifier = "exact"  # 'cost from 96 to 168 yuan'
        if rules.spaced and n.unit in LENGTHS:
            moved_by = left.linked or rules.moving.search(low, max(0, n.start - 6), n.start)
            moved_by = moved_by or rules.adding.search(low, max(0, n.start - 16), n.start)
            if not moved_by or rules.for_length.search(low, max(0, n.start - 5), n.start):
                direction = None
        self._after(n, hi, direction if direction != "none" else None, left.basis)
        if left.level and direction is None and n.direction is None:
            self.reading.levels.add(n.start)

    def _before(self, n: Numeral, lo: int) -> _Left:
        """Read the cues before an amount, from it to the left."""
        pattern, table = self.rules.before
        stop = n.start
        if self.low[stop - 1 : stop] == ")":  # '业主委员会（物业管理委员会）1000个'
            stop = max(self.low.rfind("(", lo, stop), lo)
        left = _Left(self.low[max(lo, n.start - _WINDOW) : stop][::-1], direction=n.direction)
        for m in pattern.finditer(left.window):
            word, (kind, value) = m[0][::-1], table[m[0]]
            left.near = left.near and not left.window[left.pos : m.start()].strip(" ")
            if kind == "qualifier" and left.near and lo > 0 and self._of_the_one_before(word, lo, n.start - m.end()):
                break
            left.start, left.pos = m.start(), m.end()
            if kind == "stop":
                break
            if kind == "skip":
                if left.near:
                    left.linked = left.linked or bool(self.rules.link.fullmatch(word))
                    left.by = left.by or bool(self.rules.by_word.fullmatch(word))
                    left.the = left.the or bool(self.rules.the_word.fullmatch(word))
            elif kind == "qualifier":
                if self._compares(n, left, word, value):
                    break
                if left.near and self.rules.boundary.fullmatch(word):
                    left.level = left.moved = True  # 'fell below 5 percent'
            elif kind == "level":
                if left.near and self.rules.two_ends.fullmatch(word):
                    if n.value_max is None:
                        break  # 'cut travel time between the two cities'
                    left.linked = True  # 'will grow between 4.5 and 5 percent'
                    continue
                left.said = left.said or bool(self.rules.copula.fullmatch(word))
                left.level = left.level or left.near or bool(self.rules.reached.fullmatch(word))
                left.moved = left.moved or (left.near and bool(self.rules.ends.fullmatch(word)))
            elif kind == "basis":
                self._basis(n, left, value)
            elif left.direction is None:
                self._change(n, left, kind, word, value)
        return left

    def _of_the_one_before(self, word: str, lo: int, at: int) -> bool:
        """'5.9 percentage points more than ten years before', 'aged 65 and above 8.21 million': said of the amount before."""
        between = self.low[lo:at]
        compares = len(between) == 1 and self.rules.comparing.search(word)
        aged = between == " and " and self.rules.aged_before.search(self.low, max(0, lo - 20), lo)
        return bool(compares or aged or self.rules.closing.fullmatch(f"{between.lstrip()}{word}"))

    def _compares(self, n: Numeral, left: _Left, word: str, value: str) -> bool:
        """Take a bound; whether it bounds nothing but compares: '超过全国平均水平0.7个百分点'."""
        rate = n.unit in ("%", "pp", "times")
        compound = "-" in n.surface and not self.rules.mark.match(self.low, n.end)
        if left.start and self.rules.extreme.match(word) and self.rules.of_it.match(left.window, left.start - 1):
            return False  # '最多的1.5亿元'
        if left.by and self.rules.surpassing.fullmatch(word):
            return False  # 'exceeding the target by 16 percent'
        if left.the and (compound or not self.rules.reaching.search(word)):
            left.near = False  # 'over the seven-day holiday' bounds nothing, 'exceed the 1 trillion mark' does
        elif (
            left.near and not left.said and n.qualifier == "exact" and not self._spans(n, word, left.window[left.pos :])
        ):
            n.qualifier = value
        elif (
            not left.near
            and n.unit in ("%", "ratio")
            and self.rules.of_it.match(left.window)
            and self.rules.far_bound.fullmatch(word)
        ):
            n.qualifier = value  # '约占公司净资产的4.2%', '不超过合同额的百分之五'
            left.basis = left.basis or ("share" if self.rules.share_word.search(word) else None)
        elif left.near or self.rules.spaced:
            return False
        elif self.rules.at_the_least.fullmatch(word) and not rate and left.pos < 8 and n.qualifier == "exact":
            n.qualifier = value  # '至少建成绿道六十公里'
        else:
            return rate
        return False

    def _basis(self, n: Numeral, left: _Left, value: str) -> None:
        left.said = True
        if value == "yoy" and self.rules.spaced and "," in left.window[: left.start]:
            return  # 'rose 8.8% year on year, down 15.4 points from October'
        growth = self.rules.spaced and left.linked and left.direction in ("up", "down") and n.unit == "%"
        if value == "contribution" and (left.by or growth):
            return  # 'cut the contribution rate by 20%', 'contributing to growth of 6.4 percent'
        if value == "share" and n.unit not in ("%", "ratio", "pp", "times"):
            return  # 'occupies 30 hectares'
        if value == "share" and left.direction in ("up", "down") and n.unit != "pp":
            return  # 'representing growth of 1 percent'
        left.basis = left.basis or value
        if value != "yoy" and left.direction is None and not (left.by and n.unit == "pp"):
            left.direction = "none"

    def _change(self, n: Numeral, left: _Left, kind: str, word: str, value: str) -> None:
        """What a noun or verb of change says of an amount to its right."""
        rules, spaced = self.rules, self.rules.spaced
        near, rate, money = left.near, n.unit in ("%", "pp", "times"), (n.unit or "").partition("/")[0] in MONEY
        points = n.unit == "pp" or rules.points.search(self.low, n.start, n.end)
        growth = kind == "noun" and rules.growth_word.search(word)
        beyond = left.window[left.start + len(word) :][::-1]
        if growth and points and (left.by or rules.outdoing.search(beyond)):
            return  # 'trimmed its call for growth by 20 bps', '高于全国平均增速0.9个百分点'
        if kind == "noun" and rate and rules.chances.search(beyond):
            return  # 'the odds of a cut at 72%'
        whole = n.unit == "ratio" and self.low.startswith(" of ", n.end)  # 'grow two thirds of the world's cocoa'
        if (n.unit in ("mu", "hectare") or whole) and rules.crops.fullmatch(word) and not left.by:
            return  # 'grows 87 hectares of cotton'
        new = kind == "noun" and rules.new_thing.match(word)
        if new and rate:
            return  # 'the rate on new loans was 4.08 percent'
        if n.unit not in ("%", "pp") and rules.sign_word.fullmatch(word):
            return  # '30 hospitals plus 120 clinics'
        if kind == "noun":
            paced = rules.pace.search(left.window[: left.start][::-1])  # 'the fall eased to 1.1 per cent'
            rate_itself = n.unit == "%" and bool(growth or paced)  # 'growth eased from 4.8 percent'
            between = left.window[: left.start].partition(",")
            apart = spaced and bool(between[1]) and (not left.level or not rate or between[0].count(" ") > 3)
            beside = left.window[: left.start][::-1]
            apposed = rules.comma_of.fullmatch(beside) or (growth and rules.comma.fullmatch(beside))
            told = (near or left.linked or left.level) and (not left.moved or rate_itself or new) and not apart
            of_verb = rate and rules.noun_or_verb.fullmatch(word) and self._short_object(left)
            if told or apposed or of_verb or self._coordinate(left):
                left.direction = value  # 'growth of 5 percent', 'growth, 5 percent', 'a fall, of 5 percent', 'cut emissions 5 percent'
        elif left.level:
            return
        elif kind == "far":
            reaches = left.start <= 4 or rules.saves.fullmatch(word)
            if near or not rate or (value == "down" and reaches):  # '减少材料60%'
                left.direction = value
        elif n.unit == "pp" and not spaced and left.pos < 14 and kind in ("verb", "lift"):
            left.direction = value  # '下调存款准备金率0.5个百分点'
        elif money and rules.losing.fullmatch(word) and not rules.or_rate.match(self.low, n.end):
            return  # 'the company lost 40 million euros', but 'the price lost $1.20, or 1.4%'
        elif kind == "made":
            if near and (n.noun in rules.rules["nouns"]["made"] or (n.unit == "person" and value == "down")):
                left.direction = value  # 'created 700,000 jobs'
        elif kind == "compared":
            left.compared = left.compared or (value if near else None)
            if near and rules.compared_time.search(left.window[left.pos :][::-1]):
                left.direction = value  # '比上月低0.03个百分点'
        elif kind == "lift" and near and not (spaced or rate or money):
            left.compared = left.compared or value
        elif (near or left.by or self._coordinate(left)) and (
            kind == "verb" or rate or left.by or (money and not spaced)
        ):
            left.direction = value
        elif n.unit == "%" and self._short_object(left):
            left.direction = value  # 'lifted operating profit 12 percent'

    def _short_object(self, left: _Left) -> bool:
        """Whether only what a verb changes stands between it and its amount."""
        return bool(self.rules.short_object.fullmatch(left.window[: left.start].strip()[::-1] + " "))

    def _coordinate(self, left: _Left) -> bool:
        """'Cut, refunded or deferred 3.2 billion yuan': whether only other verbs stand between one and its amount."""
        return bool(self.rules.coordinate.fullmatch(left.window[: left.start][::-1]))

    def _spans(self, n: Numeral, word: str, left: str) -> bool:
        """Whether a word before an amount is no bound: 'over two-year paper', 'repaid over 25 years', 'overtook three rivals'."""
        if self.rules.passes.fullmatch(word):
            return n.unit == "count" and (n.value or 0) < 1000
        if n.unit not in LENGTHS or not self.rules.spanning.fullmatch(word):
            return False
        if "-" in n.surface:
            return True
        if n.surface.isdigit():
            return False  # an age
        lasting = self.rules.lasting.search(left[::-1])
        return bool(self.rules.over.fullmatch(word) and not lasting and not self.rules.of_age.match(self.low, n.end))

    def _after(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> None:
        """Read the cues after an amount; set what both sides say."""
        rules, low = self.rules, self.low
        pattern, table = rules.after
        hi = min(hi, n.end + _WINDOW)
        pos, near, noun_end = n.end, True, self.reading.stops.get(n.start, n.end)
        if again := rules.again.match(low, n.end, hi):
            pos = noun_end = again.end()  # '11.3 billion jin (565 million kg) more'
        for m in pattern.finditer(low, pos, hi):
            kind, value = table[m[0]]
            between = low[max(pos, noun_end) : m.start()] if m.start() > noun_end > n.end else low[pos : m.start()]
            told = kind == "noun" and n.unit == "%" and rules.one_word.fullmatch(between)  # 'a 7 percent pay rise'
            near = near and (
                not between.strip(" )") or bool(told and rules.an_article.search(low, max(0, n.start - 14), n.start))
            )
            if n.unit not in LENGTHS and rules.within_time.fullmatch(m[0]):
                continue
            if kind == "noun" and m.end() < noun_end and rules.growth_word.search(m[0]):
                continue  # 'the two growth rates'
            if kind == "noun" and n.unit in LENGTHS and "-" in n.surface:
                break  # 'the two-year growth'
            another = kind == "qualifier" and rules.spaced and rules.another_amount.match(low, m.end())
            aged = another and rules.aged_before.search(low, max(0, n.end - 20), n.end)
            if another and not (near and (aged or rules.closing.fullmatch(m[0]))):
                break  # 'one hundred stations and over a thousand wells'
            if kind == "qualifier" and rules.than_next.match(low, m.end()):
                break  # '64 cities and more than 100 towns'
            if kind == "qualifier" and near and n.qualifier == "exact":
                n.qualifier, pos = value, m.end()
            elif kind == "noun" and near and (direction is None or self._overrules(n, m)):
                if self._changes(m, n):
                    direction, pos = value, m.end()
                    basis = None if basis == "share" and n.unit != "pp" else basis  # 'representing a 3.6% increase'
            elif (
                kind == "basis"
                and (basis is None or value == "yoy")
                and near
                and (value == "yoy" or n.unit in ("%", "ratio"))
                and not rules.no_share.match(low, m.end())
            ):
                basis, pos = value, m.end()
        if basis == "contribution" and n.unit not in ("%", "pp"):
            basis = None
        if rules.spaced:
            direction, basis = self._yearly(n, hi, direction, basis)
        elif basis == "yoy" and not (direction or n.direction):
            basis = None
        self._told_by(n)
        if rules.spaced:
            direction, basis = self._moved(n, hi, noun_end, direction, basis)
        n.direction, n.basis = (None if basis == "contribution" and n.unit == "%" else direction), basis
        if n.qualifier in ("more_than", "less_than") and rules.threshold.match(low, n.end):
            n.qualifier = "exact"  # '高于50%的临界点'

    def _yearly(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> tuple[str | None, str | None]:
        """The basis that a phrase after an amount gives, and the direction that goes with it."""
        rules, low = self.rules, self.low
        if (
            rules.no_level.match(low, n.end)
            and rules.adds_to.search(low, max(0, n.start - 36), n.start)
            and (n.unit == "pp" or self._of_growth(n))
        ):
            n.direction, direction, basis = None, None, "contribution"  # 'net exports added 1.1 percentage points'
        if basis is None and (direction or n.direction) and rules.yearly.search(low, n.end, hi):
            basis = "yoy"
        if basis == "yoy" and not (direction or n.direction):
            told = n.unit == "%" and rules.yearly.match(low, n.end + 1)
            basis = basis if told else None  # 'inflation, at 0.1 percent year on year', see Company.grown
        return direction, basis

    def _moved(
        self, n: Numeral, hi: int, noun_end: int, direction: str | None, basis: str | None
    ) -> tuple[str | None, str | None]:
        """Direction and basis of an amount, by the phrases that stand around it."""
        rules, low = self.rules, self.low
        if n.unit == "pp" and basis != "yoy" and rules.comparison.match(low, n.end, n.end + _WINDOW):
            direction = None
        for phrase in rules.phrases:
            if (phrase.always or not (direction or n.direction)) and phrase.fits(
                low, n.unit, n.start, (n.end, noun_end)
            ):
                direction, basis = phrase.direction, basis or phrase.basis
                if direction is None:
                    n.direction = None
        aside = n.unit == "%" or "-" in n.surface or direction or n.direction
        within = rules.within.search(low, max(0, n.start - 13), n.start)
        passive = None if aside or within else rules.passive.match(low, n.end, hi)
        if passive:
            direction = "down" if passive["down"] else "up"
        return direction, basis

    def _overrules(self, n: Numeral, m: re.Match[str]) -> bool:
        """Whether a noun of change after an amount goes before what stands to its left."""
        further = self.rules.further.search(self.low, max(0, n.start - 9), n.start)
        return n.unit == "pp" or bool(further or self.rules.than_next.match(self.low, m.end()))

    def _changes(self, m: re.Match[str], n: Numeral) -> bool:
        """Whether the word after an amount says that it changed: not 'fewer than hoped', nor 'upwards of 60% cut their rates'."""
        if self.rules.particles.fullmatch(m[0]) and n.unit != "%" and self.rules.by_next.match(self.low, m.end()):
            return False  # 'brought the prices of 55 drugs down by 53 percent'
        if self.rules.beside.fullmatch(m[0]):
            return n.unit not in LENGTHS and bool(self.rules.earlier.match(self.low, m.end()))
        if self.rules.than_next.match(self.low, m.end()):
            return bool(self.rules.than.match(self.low, m.end(), m.end() + _WINDOW))
        if self.rules.turned.fullmatch(m[0]) and self.rules.to_next.match(self.low, m.end()):
            return False  # 'from 64 percent down to 26 percent'
        return not (self.rules.noun_or_verb.fullmatch(m[0]) and self.rules.object.match(self.low, m.end()))

    def _of_growth(self, n: Numeral) -> bool:
        """'Consumption contributed 3.4 percentage points; capital formation added 1.7 points': whether points are of growth."""
        points = self.rules.points.search(self.low, n.start, n.end)
        return bool(points and self.rules.of_growth.search(self.low, max(0, n.start - 160), n.start))

    def _told_by(self, n: Numeral) -> None:
        """Give an amount the denominator that stands before it, or further behind it: 每亩补贴150元 is CNY/mu."""
        done = self.rules.done_each.match(self.low, n.end)
        if done and n.unit and n.unit not in ("%", "pp", "times", *LENGTHS) and "/" not in n.unit:
            n.divide(per(self.rules, n, [done["per"]]))
            return
        units = self.rules.rules["each"].get(n.unit, ())
        if not (units or n.unit in MONEY):
            return
        each = self.rules.each.search(self.low, max(0, n.start - 60), n.start)
        if not each:
            return
        by = [self.rules.rules["hourly"]] if each["hourly"] else [g for g in each.groups() if g]
        if n.unit in MONEY or by[0] in units:
            n.divide(per(self.rules, n, by))


def per(rules: Language, n: Numeral, words: list[str]) -> Decimal:
    """Make the unit of an amount one by what the words name; the factor that they divide it by: a 斤 is half a kilogram."""
    factor = Decimal(1)
    for word in words:
        unit, part = rules.per[word]
        n.unit = f"{n.unit}/{unit}" if n.unit and unit else None  # '$89 a barrel' is no sum of dollars
        factor = EXACT.multiply(factor, part)
    return factor


def passing(n: Numeral) -> bool:
    """Whether an amount stands within what is said of another: 'growth for the past two years of 1.7 percent', 'the seven-day rate'."""
    return n.period is not None or (n.unit in LENGTHS and "-" in n.surface)
