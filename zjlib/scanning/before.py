"""What the words before an amount say of it: bound, direction, basis."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from zjlib.scanning.reading import Reader
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_WINDOW = 90  # characters before an amount that may say something of it

_LIFTED = {
    *MONEY,
    "kg",
    "t",
    "m3",
    "kW",
    "kWh",
}  # '单产提高8公斤', but '提升20公里' and '提升25个养老机构' mend what is told


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
        if "(" in text:  # 'grow its gross domestic product (GDP) by'
            text = self.rules.abbreviation.sub("", text)
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
            and n.unit in ("%", "ratio", "times")
            and self.rules.of_it.match(left.window)
            and self.rules.far_bound.fullmatch(word)
        ):
            if self.rules.of_another_time.fullmatch(left.window[: left.pos][::-1]):
                return True
            n.qualifier = value  # '约占公司净资产的4.2%', '不超过合同额的百分之五'
            left.basis = left.basis or ("share" if self.rules.share_word.search(word) else None)
            return n.unit == "times"  # '产能扩大，约为2019年的3倍'
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
        rate = n.unit in ("%", "times") or self.reading.in_points(n)
        rate = rate or (kind == "lift" and not spaced and self.reading.other_unit(n))  # '升112点'
        if self._is_no_change(n, left, kind, word, rate):
            return
        if kind == "noun":
            said = not left.compared and self._noun(n, left, word, rate)  # '增速同比低1.2个百分点'
        elif left.level or (left.dashed and not (left.by or rate)):
            said = False  # 'exports slipped - 91,000 vehicles left the docks'
        elif rules.set_up.fullmatch(word) and not self._of_firms(n, left, word):
            said = False
        elif kind == "far":
            said = self._far(n, left, word, value, rate)
        elif kind == "made":
            said = self._made(n, left, value)
        elif kind == "compared":
            if left.near and not rules.elsewhere.search(left.window[left.pos :][::-1]):
                left.compared = left.compared or value  # but '同比增速比全国低1.2个百分点'
            # '比上月低0.03个百分点'
            said = left.near and bool(rules.compared_time.search(left.window[left.pos :][::-1]))
        elif kind == "lift" and left.near and not (spaced or rate or n.measure in _LIFTED):
            grade = rules.a_grade.match(self.low, n.end)  # '质量平均提高1个等级', '面积比2019年扩大3万亩'
            said = bool(grade or rules.compared_time.search(left.window[left.pos :][::-1]))
            left.compared = left.compared or (None if said else value)
        else:
            said = self._verb(n, left, kind, word, rate)
        if said:
            left.direction = value

    def _is_no_change(self, n: Numeral, left: Left, kind: str, word: str, rate: bool) -> bool:
        """Whether a word of change tells of something else than the amount to its right."""
        rules = self.rules
        beyond = left.window[left.start + len(word) :][::-1]
        if kind == "noun":
            if rules.growth_word.search(word):
                if self.reading.in_points(n) and (left.by or rules.outdoing.search(beyond)):
                    return True  # 'trimmed its call for growth by 20 bps', '高于全国平均增速0.9个百分点'
                if left.by and rules.forecast_of.search(beyond):
                    return True  # 'cut its forecast of growth by 0.3 percent'
            if rate and (rules.chances.search(beyond) or rules.new_thing.match(word)):
                return True  # 'the odds of a cut at 72%', 'the rate on new loans was 4.08 percent'
        if kind == "verb" and self.reading.in_points(n) and rules.outgrowing.search(beyond):
            return left.near
        if rules.sign_word.fullmatch(word):
            return n.unit not in ("%", "pp")  # '30 hospitals plus 120 clinics'
        if left.near and rules.ups_and_downs.match(self.low, n.end):
            return True  # 6涨2降
        if left.by:
            return False
        if rules.crops.fullmatch(word):  # 'grows 87 hectares of cotton', 'grow two thirds of the world's cocoa'
            of_all = n.unit == "ratio" or (n.unit == "%" and rules.growing.match(word))
            whole = of_all and rules.of_next.match(self.low, n.end)
            return bool(n.unit in ("mu", "hectare") or whole)
        if left.near and rules.particle.fullmatch(word):  # 'bought up 300 million yuan of bonds'
            bought = not rate or rules.of_next.match(self.low, n.end)
            return bool(bought and rules.phrasal.search(beyond))
        # 'widened 12 roads'
        return left.near and n.unit in ("count", "person") and bool(rules.reshaped.fullmatch(word))

    def _noun(self, n: Numeral, left: Left, word: str, rate: bool) -> bool:
        """'Growth of 5 percent', 'growth, 5 percent', 'a fall, of 5 percent': whether a noun tells of an amount."""
        rules = self.rules
        beside = left.window[: left.start][::-1]
        if rules.compound.match(beside):
            return False  # 'its growth fund of 30 billion yuan'
        growth, new = rules.growth_word.search(word), rules.new_thing.match(word)
        # 'growth eased from 4.8 percent', 'the fall eased to 1.1 per cent'
        rate_itself = n.unit == "%" and bool(growth or rules.pace.search(beside))
        _, comma, clause = beside.rpartition(",")
        apart = self.rules.spaced and comma and (not left.level or not rate or clause.count(" ") > 3)
        told = (left.near or left.linked or left.level) and (not left.moved or rate_itself or new) and not apart
        apposed = rules.comma_of.fullmatch(beside) or (growth and rules.comma.fullmatch(beside))
        verb = rate and not left.moved and rules.noun_or_verb.fullmatch(word)  # 'cut emissions 5 percent'
        return bool(told or apposed or (verb and self._short_object(left)) or self._coordinate(left))

    def _of_firms(self, n: Numeral, left: Left, word: str) -> bool:
        """Whether what is newly set up are firms: '新登记民营企业1.2万户', '商铺新登记1.2万户', or 户 where firms were told before."""
        rules, at = self.rules, n.start - left.pos
        near = left.near and n.unit in ("household", "count") and rules.registered.fullmatch(word)
        if near and (self.reading.firms or rules.firms.search(self.low, at - 6, at)):
            return True
        return bool(rules.firms.search(self.low, n.start - left.start, n.end + 1))

    def _far(self, n: Numeral, left: Left, word: str, value: str, rate: bool) -> bool:
        """Whether a verb tells of an amount further to the right: '减少材料60%'."""
        rules = self.rules
        floor = left.near and n.measure in MONEY and rules.sum_floor.match(self.low, n.end)
        if floor and rules.added.search(self.low, n.start - 24, n.start):
            return False  # '新增3000万元以上项目10个'
        if left.near and rules.fewer.fullmatch(word) and rules.elsewhere.search(left.window[left.pos :][::-1]):
            return False  # '比国家任务多出三成'
        reaches = left.start <= 4 or rules.saves.fullmatch(word)
        return bool(left.near or not rate or (value == "down" and reaches))

    def _made(self, n: Numeral, left: Left, value: str) -> bool:
        """'Created 700,000 jobs', 'lay off a tenth of their staff': whether what is made or ended is work."""
        if not left.near:
            return False
        staff = n.unit == "person" or self.rules.workforce.match(self.low, n.end)
        return n.noun in self.rules.rules["nouns"]["made"] or bool(value == "down" and staff)

    def _verb(self, n: Numeral, left: Left, kind: str, word: str, rate: bool) -> bool:
        """Whether a verb of change tells of an amount to its right."""
        rules, money, points = self.rules, n.measure in MONEY, self.reading.in_points(n)
        if n.unit == "pp" and not rules.spaced and left.pos < 14:
            return True  # '下调存款准备金率0.5个百分点'
        lost = rules.losing.fullmatch(word) and not rules.or_rate.match(self.low, n.end)
        if lost and (money or (not points and self.reading.other_unit(n))):
            return False  # 'the company lost 40 million euros', but 'the price lost $1.20, or 1.4%'
        beyond = left.window[left.pos :][::-1]
        most = rules.at_most_of_all.search(beyond)
        if left.near and rules.fewer.fullmatch(word) and (most or rules.elsewhere.search(beyond)):
            return False  # '比全市少200美元'
        changes = kind == "verb" or rate or left.by or (n.measure in _LIFTED and not rules.spaced)
        if changes and (left.near or left.by or self._coordinate(left)):
            return True
        return n.unit in ("%", "pp") and self._short_object(left)  # 'lifted operating profit 12 percent'

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
