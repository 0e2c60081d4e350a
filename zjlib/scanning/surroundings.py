"""What the words around an amount say of it: bound, direction, basis; and what the amounts of a sentence share."""

from __future__ import annotations

import re
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from zjlib.languages import Language
from zjlib.scanning.numbers import EXACT, digits, plain, words

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

MONEY = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
LENGTHS = ("year", "month", "day", "hour")
_WINDOW = 90  # characters before or after an amount that may say something of it
_HALF = Decimal("0.5")
_VERBS = (
    "cut", "fall", "rise", "drop", "gain", "jump", "surge", "higher", "lower", "larger", "smaller", "bigger", "greater",
    "longer", "shorter", "wider", "narrower", "heavier", "lighter", "cheaper", "dearer", "costlier", "pricier",
)  # fmt: skip
_WITHIN = tuple(f"{p}{the} " for p in ("of", "between", "in", "for", "at", "by", "from", "to", "with") for the in ("", " the"))
_MORE_THAN = re.compile(r" (?:more|less|fewer|higher|lower) than\b")
_EARLIER = re.compile(r" (?:that|those|the (?:[a-z]+ )?(?:level|figure|reading|average)s?|the (?:january|february|march|april|may|june|july|august|september|october|november|december)|last year|a year|the same|the previous|the prior|the year-|(?:19|20)\d\d)\b")
_OBJECT = re.compile(r" (?!in\b|of\b|from\b|to\b|over\b|year|compared|and\b|by\b|for\b|last\b|this\b|on (?:a|the) (?:year|month|day|week|quarter)|than|at|during|since|that|which|versus|against|seen|recorded|registered|logged|posted|reported|expected|forecast|witnessed|y/y|y-o-y|yoy|today|yesterday)[a-z]")
_LAND = ("亩", "公顷")
_EACH = {  # what amounts of a unit are told by
    **dict.fromkeys(MONEY, ()), "kg": (*_LAND, "千瓦时", "度"), "t": (*_LAND, "年", "天", "日"), "m3": (*_LAND, "人", "月", "天", "日"),
    "person": ("平方公里",),
    "kWh": ("月", "年", "人", "吨"), "km": ("小时",),
}  # fmt: skip
_SAYS = re.compile(r"\b(?:was|were|is|are|stood|reached|account\w*|with|to|at|contribut\w*|share|rate|kept|held|within|averaged|remained)\b")


class Surroundings:
    """Reads the neighbourhood of the amounts of one document; `counted` is what its paragraph counted last."""

    def __init__(self, rules: Language, text: str, low: str) -> None:
        """`low` is `text` in the plain form that the rules are written for, character by character."""
        self.rules, self.text, self.low = rules, text, low
        self.levels: set[int] = set()  # starts of amounts that are levels reached
        self.stops: dict[int, int] = {}  # start of an amount -> end of the noun that it counts
        self.start_paragraph()

    def start_paragraph(self) -> None:
        """Forget what was counted: '16 have opened' looks back within its paragraph only."""
        self.counted: tuple[str | None, str | None] = (None, None)
        self.money: str | None = None
        self.sum: Decimal | None = None
        self.rate: Numeral | None = None
        self.last: Numeral | None = None
        self.firms = False  # whether the 户 of the paragraph are businesses

    def ranges(self, found: list[Numeral]) -> list[Numeral]:
        """Join '5' 'to' '5.5 percent' into one quantity with an upper end."""
        out: list[Numeral] = []
        for n in found:
            last = out[-1] if out else None
            if last and last.kind == n.kind == "quantity" and n.start - last.end < 6 and self._joined(last, n):
                assert last.value is not None and n.value is not None
                if last.value * 1000 < n.value or last.unit != n.unit:
                    self._scale_like(last, n, ordered=True)
                last.value_max, last.unit, last.noun = n.value, n.unit or last.unit, n.noun if n.unit else last.noun
                last.end = n.end
                last.surface = self.text[last.start : last.end]
            else:
                out.append(n)
        return out

    def _joined(self, a: Numeral, b: Numeral) -> bool:
        alone = b.unit is None and ((a.unit == "year" and a.surface[-1].isdigit()) or a.unit in MONEY)  # 'aged 16 to 24', '$5-6 billion'
        if (
            a.value is None
            or b.value is None
            or a.value_max is not None
            or not (alone or a.unit in (None, "count", b.unit) or (b.unit or "").startswith(f"{a.unit}/"))
        ):
            return False
        if self._other_unit(a):
            return False
        gap = self.low[a.end : b.start]
        left = self.low[max(0, a.start - 24) : a.start]
        if gap == " and ":
            return bool(re.search(r"\bbetween (?:[a-z]+ )?$", left))
        if not self.rules.range.fullmatch(gap) or (gap == " or " and "illion" in a.surface and "illion" not in b.surface):
            return False
        own, other = self._printed(a), self._printed(b)
        small = own and other and a.unit in (None, "count") and b.unit is not None and own[0] < other[0]  # '10 to 15 bps'
        if a.value >= b.value and not small:
            return False
        if not self.rules.spaced and a.unit == b.unit and a.value * 3 < b.value and gap in ("至", "到"):
            return False  # '增加236万股至17926.15万股'
        if gap == " to " and left.endswith("by ") and b.unit not in ("%", "pp") and a.value * 3 < b.value:
            return False  # 'rose by 30 to 150'
        whole = a.unit == b.unit and not a.surface[-1].isdigit()
        if gap == " to " and whole and self._changed(left):
            return False  # 'dipped S$210 million to S$8.94 billion'
        if not gap.strip().isalpha() or self.rules.ranging.search(left):
            return True
        return not self.rules.moved.search(left)

    def _changed(self, left: str) -> bool:
        """Whether a text ends with a verb of change."""
        pattern, table = self.rules.before
        m = pattern.match(left[::-1].lstrip())
        return bool(m and table[m[0]][0] == "verb")

    def _other_unit(self, n: Numeral) -> bool:
        """Whether an amount has a unit that the vocabulary does not know: 'up 1.1 points to 61.2 percent' is no range."""
        m = self.rules.amount.match(self.low, n.start) if n.unit is None else None
        return bool(m and (m["unit"] or (m["currency"] and self.rules.currency[m["currency"]] is None)))

    def _scale_like(self, a: Numeral, b: Numeral, ordered: bool = False) -> None:
        """Give the first of two amounts the scale that is printed once, after the second: '1.4 to 1.6 million'."""
        own, other = self._printed(a), self._printed(b)
        if own and other and a.value and b.value and own[1] == 1:
            value = plain(EXACT.multiply(own[0], other[1]))
            if not ordered or value <= b.value or other[1] < 1:
                a.value, a.low = value, a.low and EXACT.multiply(a.low, other[1])

    def _printed(self, n: Numeral) -> tuple[Decimal, Decimal] | None:
        """The number that is printed and the factor that its scale and unit give it: (1.6, 1000000)."""
        m = self.rules.amount.match(self.low, n.start)
        if m is None or n.value is None:
            return None
        number = m["number"]
        if number[0].isdigit():
            value = digits(number)
        else:
            parts = number.replace("-", " ").split() if self.rules.spaced else list(number)
            while len(parts) > 1 and parts[-1] in self.rules.multipliers:
                parts.pop()
            value = words((" " if self.rules.spaced else "").join(parts), self.rules)
        scaled = n.value_max or n.value
        return (value, EXACT.divide(scaled, value)) if value else None

    def surroundings(self, n: Numeral, lo: int, hi: int) -> None:
        """Qualifier, direction and basis of a quantity, from the words before and after it."""
        rules = self.rules
        pattern, table = rules.before
        stop = n.start
        if self.low[stop - 1 : stop] == ")":  # '业主委员会（物业管理委员会）1000个'
            stop = max(self.low.rfind("(", lo, stop), lo)
        window = self.low[max(lo, n.start - _WINDOW) : stop][::-1]
        said = False  # a verb stands between the amount and what is further left
        near, linked, by, the, level, moved, pos = True, False, False, False, False, False, 0
        direction, basis, compared = n.direction, None, None
        rate, money = n.unit in ("%", "pp", "times"), n.unit in MONEY
        for m in pattern.finditer(window):
            kind, value = table[m[0]]
            near = near and not window[pos : m.start()].strip(" ")
            if near and kind == "qualifier" and lo < n.start - m.end() <= lo + 1 and m[0].startswith("naht "):
                break  # '5.9 percentage points more than ten years before'
            pos = m.end()
            if kind == "stop":
                break
            if kind == "skip":
                linked = linked or (near and m[0] in ("yb", "fo", "-"))
                by = by or (near and m[0] == "yb")
                the = the or (near and m[0] == "eht")
            elif kind == "qualifier":
                if the and not rules.reaching.search(m[0][::-1]):
                    near = False  # 'over the seven-day holiday' bounds nothing, 'exceed the 1 trillion mark' does
                elif near and not said and n.qualifier == "exact" and not self._spans(n, m[0][::-1], window[m.end() :]):
                    n.qualifier = value
                elif not near and not rules.spaced and n.unit in ("%", "ratio") and window[0] == "的" and len(m[0]) > 1 and "最" not in m[0]:
                    n.qualifier = value  # '约占公司净资产的4.2%', '不超过合同额的百分之五'
                    basis = basis or ("share" if "占" in m[0] else None)
                elif value == "at_least" and not near and not rules.spaced and not rate and pos < 8 and n.qualifier == "exact":
                    n.qualifier = value  # '至少建成绿道六十公里'
                elif not near and not rules.spaced and rate:
                    break  # '超过全国平均水平0.7个百分点' compares
            elif kind == "level":
                said = said or m[0][::-1] in ("was", "were", "is", "are", "reached", "totaled", "totalled")
                level = level or near or (not rules.spaced and m[0] in ("到", "至"))
                moved = moved or (near and m[0] in ("ot", "morf", "到", "至"))
            elif kind == "basis":
                said = True
                if value == "yoy" and rules.spaced and "," in window[: m.start()]:
                    continue  # 'rose 8.8% year on year, down 15.4 points from October'
                if value == "share" and direction in ("up", "down") and n.unit != "pp":
                    continue  # 'representing growth of 1 percent'
                basis = basis or value
                if value != "yoy" and direction is None:
                    direction = "none"
            elif direction is None:
                if kind == "noun":
                    rate_itself = n.unit == "%" and m[0].startswith("htworg")  # 'growth eased from 4.8 percent'
                    between = window[: m.start()].partition(",")
                    apart = rules.spaced and bool(between[1]) and (not level or not rate or between[0].count(" ") > 3)
                    if (near or linked or level) and (not moved or rate_itself) and not apart:
                        direction = value
                elif level:
                    continue
                elif kind == "far":
                    if near or not rate or (value == "down" and (m.start() <= 4 or m[0][::-1] in ("压减", "节约", "节省", "核减", "削减", "减免"))):  # '减少材料60%'
                        direction = value
                elif n.unit == "pp" and not rules.spaced and pos < 14 and kind in ("verb", "lift"):
                    direction = value  # '下调存款准备金率0.5个百分点'
                elif money and rules.spaced and m[0] in ("tsol", "gnisol", "esol", "sesol"):
                    continue  # 'the company lost 40 million euros'
                elif kind == "compared":
                    compared = compared or (value if near else None)
                elif kind == "lift" and near and not rules.spaced and not rate and not money:
                    compared = compared or value
                elif (near or by) and (kind == "verb" or rate or by or (money and not rules.spaced)):
                    direction = value
        if compared and basis == "yoy" and direction is None:
            direction = compared  # '价格比去年同期高近一成'
        if level and direction is None:
            self.levels.add(n.start)
        if n.qualifier == "exact" and rules.capped.search(self.low, max(lo, n.start - 60), n.start):
            n.qualifier = "at_most"
        if n.value_max is not None and n.qualifier == "at_least":
            n.qualifier = "exact"  # 'cost from 96 to 168 yuan'
        if rules.spaced and n.unit in LENGTHS and self.low.endswith("for ", 0, n.start):
            direction = None
        if rules.spaced and n.unit in LENGTHS and not linked and not self.low.endswith(("up ", "down "), 0, n.start):
            direction = None
        self._after(n, hi, direction if direction != "none" else None, basis)

    @staticmethod
    def passing(n: Numeral) -> bool:
        """Whether an amount stands within what is said of another: 'growth for the past two years of 1.7 percent', 'the seven-day rate'."""
        return n.period is not None or (n.unit in LENGTHS and "-" in n.surface)

    def per(self, n: Numeral, words: list[str]) -> Decimal:
        """Make the unit of an amount one by what the words name; the factor that they divide it by: a 斤 is half a kilogram."""
        factor = Decimal(1)
        for word in words:
            unit, part = self.rules.per[word]
            n.unit, factor = f"{n.unit}/{unit}", EXACT.multiply(factor, part)
        return factor

    def _spans(self, n: Numeral, word: str, left: str) -> bool:
        """Whether a word before an amount is no bound: 'the spread over two-year paper', 'repaid over 25 years', 'overtook three rivals'."""
        if word in ("overtook", "overtaking", "passed"):
            return n.unit == "count" and (n.value or 0) < 1000
        if n.unit not in LENGTHS or word not in ("over", "under", "above", "below", "within"):
            return False
        if "-" in n.surface:
            return True
        lasting = re.search(r"(?:for|from|of|took|takes?|taking|last\w*|is|was|are|were|be|aged?|with|just|well|by|to|or|and|a|at) $", left[::-1])
        return word == "over" and not lasting and not self.low.startswith((" old", " ago"), n.end)

    def _after(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> None:
        rules = self.rules
        pattern, table = rules.after
        hi = min(hi, n.end + _WINDOW)
        pos, near, noun_end = n.end, True, self.stops.get(n.start, n.end)
        for m in pattern.finditer(self.low, n.end, hi):
            kind, value = table[m[0]]
            near = near and not (
                self.low[max(pos, noun_end) : m.start()] if m.start() > noun_end > n.end else self.low[pos : m.start()]
            ).strip(" )")
            if m[0] == "内" and n.unit not in LENGTHS:
                continue
            if kind == "noun" and n.unit in LENGTHS and "-" in n.surface:
                break  # 'the two-year growth'
            if kind == "qualifier" and rules.spaced and (
                rules.amount.match(self.low, m.end() + 1) or self.low.startswith(("half", "a third", "a quarter"), m.end() + 1)
            ):
                break  # 'one hundred stations and over a thousand wells'
            if kind == "qualifier" and near and n.qualifier == "exact":
                n.qualifier, pos = value, m.end()
            elif kind == "noun" and near and (direction is None or self.low.endswith("further ", 0, n.start)):
                if self._changes(m, n):
                    direction, pos = value, m.end()
            elif (
                kind == "basis"
                and (basis is None or value == "yoy")
                and near
                and (value == "yoy" or n.unit in ("%", "ratio"))
            ):
                basis, pos = value, m.end()
        if basis == "contribution" and n.unit not in ("%", "pp"):
            basis = None
        if basis is None and (direction or n.direction) and rules.yearly.search(self.low, n.end, hi):
            basis = "yoy"
        if basis == "yoy" and not (direction or n.direction):
            basis = None
        each = rules.each.search(self.low, max(0, n.start - 20), n.start) if n.unit in _EACH else None
        if each:
            by = ["小时"] if each["hourly"] else [g for g in each.groups() if g]
            if n.unit in MONEY or by[0] in _EACH[n.unit or ""]:
                part = self.per(n, by)
                n.value, n.low = n.value and plain(EXACT.divide(n.value, part)), n.low and EXACT.divide(n.low, part)
        if n.unit == "pp" and basis != "yoy" and rules.comparison.match(self.low, n.end):
            direction = None
        told_of_another = self.low.endswith(_WITHIN, 0, n.start)
        lasting = n.unit == "%" or "-" in n.surface or told_of_another
        if direction is None and not n.direction and not lasting and (m := rules.passive.match(self.low, n.end, hi)):
            direction = "down" if m["down"] else "up"
        n.direction, n.basis = (None if basis == "contribution" else direction), basis

    def _changes(self, m: re.Match[str], n: Numeral) -> bool:
        """Whether the word after an amount says that it changed: not 'fewer than hoped', nor 'upwards of 60% cut their rates'."""
        if m[0] in ("above", "below", "ahead of", "behind"):
            return n.unit not in LENGTHS and bool(_EARLIER.match(self.low, m.end()))
        if self.low.startswith(" than ", m.end()):
            return bool(self.rules.than.match(self.low, m.end()))
        return not (m[0] in _VERBS and _OBJECT.match(self.low, m.end()))

    def units(self, quantities: list[Numeral]) -> None:
        """In a list ('0.6, 1.0 and 1.1 percentage points') the unit that is named once is that of all."""
        for a, b in reversed(list(pairwise(quantities))):
            gap = self.low[a.end : b.start]
            if self._before_and_after(a, b, gap):
                self._scale_like(a, b)
                a.unit, a.noun = b.unit, b.noun
            elif a.unit in LENGTHS and gap == " to " and self.low.endswith("from ", 0, a.start) and b.surface.isalnum():
                if b.unit not in LENGTHS and self.stops.get(b.start, b.end) == b.end:
                    b.unit, b.noun = a.unit, None  # 'cut from 12 days to four'
                    b.value = b.value and plain(EXACT.multiply(b.value, self.rules.units[a.surface.split()[-1]][1])) if " " in a.surface else b.value
            elif self.rules.list.fullmatch(gap) or (self.rules.spaced and gap == " to "):
                alone = a.unit in (None, "count") and a.noun is None and not self._other_unit(a)
                alone = alone and not (b.unit in ("%", "pp") and "illion" in a.surface)
                alone = alone and (self.rules.spaced or b.unit == "pp" or a.surface[-1] not in self.rules.measures)
                if alone and b.unit and a.value is not None and b.value is not None:
                    if a.value < 1000 <= b.value:  # '30, 50 and 100 million yuan'
                        self._scale_like(a, b)
                    a.unit, a.noun = b.unit, b.noun

    def lists(self, quantities: list[Numeral]) -> None:
        """In a list ('4%, 5% and 6% over the previous year') what is said once holds for all."""
        pairs = list(pairwise(quantities))
        for a, b in reversed(pairs):
            gap = self.low[a.end : b.start]
            # '5.2 million hectares, 14,600 hectares more than in 2022' is no list
            pair_only = self.rules.spaced and gap == ", " and (len(pairs) == 1 or bool(_MORE_THAN.match(self.low, b.end)))
            if self.rules.list.fullmatch(gap) and a.unit == b.unit and not pair_only:
                a.direction = a.direction or (b.direction if a.start not in self.levels else None)
                a.basis = a.basis or b.basis
                if (
                    not self.rules.spaced
                    and b.qualifier == "about"
                    and a.qualifier == "exact"
                    and gap == "、"
                    and self.low.startswith("左右", b.end)
                ):
                    a.qualifier = "about"
        for a, b in pairs:
            gap = self.low[a.end : b.start]
            if gap == "、" and a.unit == b.unit and a.qualifier == "more_than" and b.qualifier == "exact":
                b.qualifier = a.qualifier  # '突破5亿元、10亿元'
            if a.unit == b.unit and self.rules.list.fullmatch(gap):
                b.direction = b.direction or (a.direction if b.start not in self.levels else None)
                b.basis = b.basis or a.basis
            elif (
                a.direction
                and a.unit == b.unit == "%"
                and self.low.endswith("from ", 0, a.start)
                and self.rules.pair.fullmatch(gap)
            ):
                b.direction = a.direction  # 'growth is to pick up from 3.2 percent to 4.1 percent'
            elif (
                a.direction
                and a.unit == b.unit == "%"
                and self.rules.spaced
                and not b.direction
                and self.rules.counterpart.search(self.low, max(a.end, b.start - 40), b.start)
            ):
                b.direction = a.direction  # 'rose 4.9 percent, against 8.8 percent in November'
            elif a.basis == "share" and b.unit == "pp" and b.direction:
                b.basis = "share"  # '占比68.4%，比上年提高1.1个百分点'
            elif a.basis == "share" and b.unit == "%" and re.fullmatch(r",? (?:up|down) from ", gap):
                b.basis = b.basis or "share"
            elif b.unit in (a.unit, "%") and self.rules.pair.fullmatch(gap):
                b.basis = b.basis or (a.basis if a.unit == b.unit or a.basis == "share" else None)
            elif gap in ("、", "和") and a.direction and not b.direction and self.low.endswith("分别", 0, a.start - 2):
                b.direction, b.basis = a.direction, b.basis or a.basis  # '同比分别减少12家和0.9亿元'
            elif self.rules.also.fullmatch(self.low, self.stops.get(a.start, a.end), b.start):  # 'by 19.6 billion dollars, or 0.6 percent'
                if a.unit != b.unit and {a.unit, b.unit} != {"%", "pp"}:
                    a.direction, b.direction = a.direction or b.direction, b.direction or a.direction
                    a.basis, b.basis = a.basis or b.basis, b.basis or a.basis
            elif self._continues(a, b, gap):
                b.direction = a.direction

        rate = None
        for n in quantities:
            parts = (n.unit or "").split("/")
            if rate and rate.unit and len(parts) == 1 and rate.unit.startswith(f"{n.unit}/") and n.unit in _EACH:
                if self.rules.price.fullmatch(self.low, rate.end, n.start):
                    n.unit = rate.unit  # '71 yuan per square metre, slid 13 percent to 62 yuan'
            rate = n if len(parts) > 1 else rate
        for a, b in reversed(pairs):
            hi = min(b.end + 60, self._end(b, quantities))
            if b.direction and b.basis is None and b.unit == a.unit and self.rules.yearly.search(self.low, b.end, hi):
                b.basis = "yoy"
            if self.rules.chain.fullmatch(self.low[a.end : b.start]) and a.direction and b.basis == "yoy" and a.unit == b.unit:
                a.basis = a.basis or "yoy"

    def _end(self, n: Numeral, quantities: list[Numeral]) -> int:
        """Where the amount after one begins, or the sentence ends."""
        following = next((q.start for q in quantities if q.start >= n.end), None)
        stop = self.low.find(". ", n.end, n.end + 80)
        return following or (stop if stop > 0 else n.end + 80)

    def _before_and_after(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'from 412 in 2015 to 355 cubic metres': the first of the two has the unit of the second."""
        bare = a.unit is None and a.noun is None and b.unit not in (None, *LENGTHS) and not self._other_unit(a)
        return bare and self.low.endswith("from ", 0, a.start) and bool(self.rules.pair.fullmatch(gap))

    def _continues(self, a: Numeral, b: Numeral, gap: str) -> bool:
        """'up 5% in Hangzhou and 4% in Ningbo', '新增五星级饭店16家、等级民宿638家': the change goes on."""
        if not a.direction or b.direction or a.unit != b.unit:
            return False
        if self.rules.spaced and a.unit != "%" and " by " not in gap:
            return bool(re.fullmatch(r" of [a-z -]{1,24}(?:, | and )", gap))
        return bool(self.rules.item.fullmatch(gap)) and not _SAYS.search(gap)

    def ellipsis(self, n: Numeral) -> None:
        """A number with no noun of its own counts what was counted before it: '28 lines; 16 have opened'."""
        if n.unit in MONEY:
            self.money, self.sum = n.unit, n.value
        elif (
            n.unit is None
            and self.money
            and n.value is not None
            and n.value >= 1000000
            and n.value * 1000 >= (self.sum or 0)
            and n.surface.lower().endswith(("illion", "bn", "tn", "trn"))
        ):
            n.unit = self.money  # 'tax revenue 44.6 billion'
        if n.unit == "household" and self.firms and not re.search("家庭|农|居民|村|困难|贫困", n.noun or ""):
            n.unit = "count"
        self.firms = self.firms or (n.unit == "count" and bool(self.rules.firms.search(n.noun or "")))
        if n.unit is None and self.last and self._same(n, self.last):
            n.unit, n.noun = self.last.unit, self.last.noun  # '18.5 million kilowatts by 2030; it was 6.4 million'
        elif n.unit is not None and n.value is not None:
            self.last = n
        if n.unit == "%":
            self.rate = n
        elif n.unit is None and self.rate and n.surface.endswith(("point", "points")) and self._close(self.rate, n):
            n.unit = "pp"  # '28.6 percent, up 2.2 points'
        elif (
            n.unit is None
            and self.rate
            and "." in n.surface
            and self.low[n.start - 1] == "("
            and self.low[n.end : n.end + 1] == ")"
        ):
            n.unit, n.direction, n.basis = "%", self.rate.direction, self.rate.basis  # 'led by Shanwan (8.0)'
        if n.unit is None and self.counted[0] and self.low.startswith((" for every", " per "), n.end):
            n.unit, n.noun = self.counted
        whole = (
            n.unit is None
            and self.rules.spaced
            and n.value is not None
            and (("." not in n.surface and n.value < 100000) or self.low.startswith((" of them", " of these", " of whom"), n.end))
        )
        if whole and self.counted[0] and not self._other_unit(n) and self.rules.left_over(self.low, n.start, n.end):
            n.unit, n.noun = self.counted
        if n.unit in ("count", "person", "household"):
            if n.noun is None and n.unit == "count":
                n.noun = self.counted[1]
            self.counted = (n.unit, n.noun)

    def _close(self, a: Numeral, b: Numeral) -> bool:
        return 0 < b.start - a.end < 24 and "." not in self.low[a.end : b.start]

    def _same(self, n: Numeral, last: Numeral) -> bool:
        """Whether a bare number is told beside an amount of the same size, and so measures the same."""
        if not n.value or not last.value or self._other_unit(n):
            return False
        if self.low.startswith((" more than ", " fewer than ", " less than "), n.end):
            return True
        if last.unit in (*LENGTHS, "pp", "times", "ratio"):
            return False
        least = Decimal("0.0001") if self.low.endswith("crease of ", 0, n.start) else Decimal("0.01")
        alike = least < n.value / last.value < 100 and ("." in n.surface or last.unit != "%")
        return alike and bool(self.rules.same.search(self.low, max(0, n.start - 32), n.start))

    def interval(self, n: Numeral) -> None:
        """Set the interval that the bound, or the rounding of the printed digits, allows."""
        if n.value is None:
            n.low = None
            return
        half, n.low = n.low or Decimal(0), None
        if n.value_max is not None:
            n.low, n.high = n.value, n.value_max
        elif n.qualifier in ("more_than", "at_least"):
            n.low = n.value
        elif n.qualifier in ("less_than", "at_most"):
            n.high = n.value
        else:
            if n.qualifier == "about" and n.value and n.unit != "ratio":
                half = max(half, Decimal(1).scaleb(int(n.value.normalize(EXACT).as_tuple().exponent)) * _HALF)
            n.low, n.high = EXACT.subtract(n.value, half), EXACT.add(n.value, half)
