"""What the words before an amount say of it: bound, direction, basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zjlib.scanning.reading import Reader
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_WINDOW = 90  # characters before an amount that may say something of it


@dataclass(slots=True)
class Left:
    """What was met so far on the way from an amount to the left."""

    window: str  # the text before the amount, backwards
    pos: int = 0  # what of it was read
    start: int = 0  # where the word at hand begins in it
    near: bool = True  # nothing but cues so far
    linked: bool = False  # 'by' or 'of' stands directly before the amount
    by: bool = False
    the: bool = False
    dashed: bool = False  # a dash stands between
    said: bool = False  # a verb stands between the amount and what is further left
    level: bool = False
    moved: bool = False  # 'to' or 'from' stands directly before the amount
    direction: str | None = None  # 'none' where it is known to be no change
    basis: str | None = None
    compared: str | None = None


class Before(Reader):
    """Reads the words before the amounts of one document, from the amount to the left."""

    def read(self, n: Numeral, lo: int) -> Left:
        """Read the cues before an amount, from it to the left."""
        pattern, table = self.rules.before
        stop = n.start
        if self.low[stop - 1 : stop] == ")":  # '业主委员会（物业管理委员会）1000个'
            stop = max(self.low.rfind("(", lo, stop), lo)
        elif self.low.find("-", max(lo, stop - 20), stop) > 0:
            aside = self.rules.unexpected.search(self.low, max(lo, stop - 40), stop)
            stop = aside.start() if aside else stop
        text = self.low[max(lo, n.start - _WINDOW) : stop]
        text = (
            self.rules.abbreviation.sub("", text) if "(" in text else text
        )  # 'grow its gross domestic product (GDP) by'
        if aside := self.rules.aside_before.search(self.low, max(lo, stop - 6), stop):
            opened = self.low.rfind("(", max(lo, n.start - _WINDOW), aside.start())
            text = text[: opened - stop] + self.low[aside.end() : stop] if opened >= 0 else text
        left = Left(text[::-1], direction=n.direction)
        if n.start in self.reading.parts:
            left.basis, left.direction = "share", "none"
            return left
        for m in pattern.finditer(left.window):
            word, (kind, value) = m[0][::-1], table[m[0]]
            left.near = left.near and not left.window[left.pos : m.start()].strip(' "')
            if kind == "qualifier" and left.near and lo > 0 and self._of_the_one_before(n, word, lo, n.start - m.end()):
                break
            left.start, left.pos = m.start(), m.end()
            if kind == "stop":
                break
            if kind == "skip":
                if left.near:
                    left.linked = left.linked or bool(self.rules.link.fullmatch(word))
                    left.by = left.by or bool(self.rules.by_word.fullmatch(word))
                    left.the = left.the or bool(self.rules.the_word.fullmatch(word))
                    left.dashed = left.dashed or word == "-"
            elif kind == "qualifier":
                if self._compares(n, left, word, value):
                    break
                bounds = left.near and self.rules.boundary.fullmatch(word)
                if bounds and not self.rules.by_before.match(left.window, left.pos):
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

    def _of_the_one_before(self, n: Numeral, word: str, lo: int, at: int) -> bool:
        """'5.9 percentage points more than ten years before', 'aged 65 and above 8.21 million': said of the amount before."""
        if n.unit == "times" and n.surface[0].isalpha():
            return False  # 'more than doubled'
        between = self.low[lo:at]
        compares = len(between) == 1 and (
            self.rules.comparing.search(word) or self.rules.growth_over.search(self.low, lo - 10, at + len(word) + 1)
        )
        aged = self.rules.and_gap.fullmatch(between) and self.rules.aged_before.search(self.low, lo - 20, lo)
        return bool(compares or aged or self.rules.closing.fullmatch(f"{between.lstrip()}{word}"))

    def _compares(self, n: Numeral, left: Left, word: str, value: str) -> bool:
        """Take a bound; whether it bounds nothing but compares: '超过全国平均水平0.7个百分点'."""
        rate = n.unit in ("%", "pp", "times")
        compound = "-" in n.surface and not self.rules.mark.match(self.low, n.end)
        if left.start and self.rules.extreme.match(word) and self.rules.of_it.match(left.window, left.start - 1):
            return False  # '最多的1.5亿元'
        beyond = left.window[left.pos :][::-1]
        if left.near and self.rules.reaching_up.fullmatch(word) and self.rules.pushed.search(beyond):
            left.level = left.moved = True
            return False  # 'pushed the rate up to a new height' bounds nothing
        if left.by and self.rules.surpassing.fullmatch(word):
            return False  # 'exceeding the target by 16 percent'
        expected = left.the and self.rules.expected_after.match(self.low, n.end)  # 'topping the 6% median forecast'
        if left.the and (expected or compound or not self.rules.reaching.search(word)):
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
            if self.rules.of_another_time.fullmatch(left.window[: left.pos][::-1]):
                return True
            n.qualifier = value  # '约占公司净资产的4.2%', '不超过合同额的百分之五'
            left.basis = left.basis or ("share" if self.rules.share_word.search(word) else None)
        elif left.near or self.rules.spaced:
            return False
        elif self.rules.at_the_least.fullmatch(word) and not rate and left.pos < 8 and n.qualifier == "exact":
            n.qualifier = value  # '至少建成绿道六十公里'
        else:
            return rate
        return False

    def _basis(self, n: Numeral, left: Left, value: str) -> None:
        left.said = True
        if value == "yoy" and self.rules.spaced and "," in left.window[: left.start]:
            return  # 'rose 8.8% year on year, down 15.4 points from October'
        growth = self.rules.spaced and left.linked and left.direction in ("up", "down") and n.unit == "%"
        told = self.rules.paid.match(left.window[: left.start][::-1])
        if value == "contribution" and (left.by or growth or told):
            return  # 'cut the contribution rate by 20%', 'contributing to growth of 6.4 percent', 'contributions rose 6 percent'
        counted = left.near and not self.rules.spaced and n.unit in ("count", "person", "household")  # '住宅佔6669份'
        if value == "share" and n.unit not in ("%", "ratio", "pp", "times") and not counted:
            return  # 'occupies 30 hectares'
        if value == "share" and left.direction in ("up", "down") and n.unit != "pp":
            return  # 'representing growth of 1 percent'
        if value == "share" and n.unit == "pp" and not self.rules.spaced:
            left.basis = value  # '占全市零售额的份额比去年同期提升0.4个百分点'
        left.basis = left.basis or value
        added = value == "contribution" and n.unit == "pp" and not self.rules.spaced  # '拉动投资增长4.7个百分点'
        if added or (value != "yoy" and left.direction is None and not (left.by and n.unit == "pp")):
            left.direction = "none"

    def _change(self, n: Numeral, left: Left, kind: str, word: str, value: str) -> None:
        """What a noun or verb of change says of an amount to its right."""
        rules, spaced = self.rules, self.rules.spaced
        points = self.reading.in_points(n)
        near, rate, money = left.near, points or n.unit in ("%", "times"), n.measure in MONEY
        rate = rate or (kind == "lift" and not spaced and self.reading.other_unit(n))  # '升112点'
        growth = kind == "noun" and rules.growth_word.search(word)
        beyond = left.window[left.start + len(word) :][::-1]
        if growth and points and (left.by or rules.outdoing.search(beyond)):
            return  # 'trimmed its call for growth by 20 bps', '高于全国平均增速0.9个百分点'
        if growth and left.by and rules.forecast_of.search(beyond):
            return  # 'cut its forecast of growth by 0.3 percent'
        if kind == "noun" and rate and rules.chances.search(beyond):
            return  # 'the odds of a cut at 72%'
        whole = n.unit == "ratio" and rules.of_next.match(self.low, n.end)  # 'grow two thirds of the world's cocoa'
        if (n.unit in ("mu", "hectare") or whole) and rules.crops.fullmatch(word) and not left.by:
            return  # 'grows 87 hectares of cotton'
        bought = near and not left.by and rules.particle.fullmatch(word) and rules.phrasal.search(beyond)
        if bought and (not rate or rules.of_next.match(self.low, n.end)):
            return  # 'bought up 300 million yuan of bonds'
        if near and not left.by and n.unit in ("count", "person") and rules.reshaped.fullmatch(word):
            return  # 'widened 12 roads'
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
            if rules.compound.match(beside):
                return  # 'its growth fund of 30 billion yuan'
            apposed = rules.comma_of.fullmatch(beside) or (growth and rules.comma.fullmatch(beside))
            told = (near or left.linked or left.level) and (not left.moved or rate_itself or new) and not apart
            of_verb = rate and not left.moved and rules.noun_or_verb.fullmatch(word) and self._short_object(left)
            if told or apposed or of_verb or self._coordinate(left):
                left.direction = value  # 'growth of 5 percent', 'growth, 5 percent', 'a fall, of 5 percent', 'cut emissions 5 percent'
        elif left.level or (left.dashed and not (left.by or rate)):
            return  # 'exports slipped - 91,000 vehicles left the docks'
        elif rules.set_up.fullmatch(word) and not rules.firms.search(self.low, n.start - left.start, n.end + 1):
            return
        elif kind == "far":
            reaches = left.start <= 4 or rules.saves.fullmatch(word)
            floor = near and money and rules.sum_floor.match(self.low, n.end)
            if floor and rules.added.search(self.low, n.start - 24, n.start):
                return  # '新增3000万元以上项目10个'
            if near or not rate or (value == "down" and reaches):  # '减少材料60%'
                left.direction = value
        elif n.unit == "pp" and not spaced and left.pos < 14 and kind in ("verb", "lift"):
            left.direction = value  # '下调存款准备金率0.5个百分点'
        elif (
            rules.losing.fullmatch(word)
            and not rules.or_rate.match(self.low, n.end)
            and (money or (not points and self.reading.other_unit(n)))
        ):
            return  # 'the company lost 40 million euros', but 'the price lost $1.20, or 1.4%'
        elif kind == "made":
            posts = n.noun in rules.rules["nouns"]["made"]
            staff = value == "down" and (n.unit == "person" or rules.workforce.match(self.low, n.end))
            if near and (posts or staff):
                left.direction = value  # 'created 700,000 jobs', 'lay off a tenth of their staff'
        elif near and rules.fewer.fullmatch(word) and rules.elsewhere.search(left.window[left.pos :][::-1]):
            return  # '比全市少200美元'
        elif kind == "compared":
            left.compared = left.compared or (value if near else None)
            if near and rules.compared_time.search(left.window[left.pos :][::-1]):
                left.direction = value  # '比上月低0.03个百分点'
        elif kind == "lift" and near and not spaced and rules.a_grade.match(self.low, n.end):
            left.direction = value  # '质量平均提高1个等级'
        elif kind == "lift" and near and not (spaced or rate or money):
            left.compared = left.compared or value
        elif (near or left.by or self._coordinate(left)) and (
            kind == "verb" or rate or left.by or (money and not spaced)
        ):
            left.direction = value
        elif n.unit in ("%", "pp") and self._short_object(left):
            left.direction = value  # 'lifted operating profit 12 percent'

    def _short_object(self, left: Left) -> bool:
        """Whether only what a verb changes stands between it and its amount."""
        return bool(self.rules.short_object.fullmatch(left.window[: left.start].strip()[::-1] + " "))

    def _coordinate(self, left: Left) -> bool:
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
