"""What the words around an amount say of it: bound, direction, basis, and by what it is told."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import TYPE_CHECKING

from zjlib.languages import Language
from zjlib.scanning.numbers import EXACT, plain
from zjlib.scanning.reading import LENGTHS, MONEY, Reading

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_WINDOW = 90  # characters before or after an amount that may say something of it
_VERBS = (
    "cut", "fall", "rise", "drop", "gain", "jump", "surge", "higher", "lower", "larger", "smaller", "bigger", "greater",
    "longer", "shorter", "wider", "narrower", "heavier", "lighter", "cheaper", "dearer", "costlier", "pricier",
)  # fmt: skip
_WITHIN = tuple(
    f"{p}{the} " for p in ("of", "between", "in", "for", "at", "by", "from", "to", "with") for the in ("", " the")
)
_LAND = ("亩", "公顷")
EACH = {  # what amounts of a unit are told by
    **dict.fromkeys(MONEY, ()), "kg": (*_LAND, "千瓦时", "度"), "t": (*_LAND, "年", "天", "日"),
    "m3": (*_LAND, "人", "月", "天", "日"), "kWh": ("月", "年", "人", "吨"), "km": ("小时",), "person": ("平方公里",),
}  # fmt: skip


class Surroundings:
    """Reads the neighbourhood of the amounts of one document."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        self.reading, self.rules, self.text, self.low = reading, reading.rules, reading.text, reading.low

    def read(self, n: Numeral, lo: int, hi: int) -> None:
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
            word, (kind, value) = m[0][::-1], table[m[0]]
            near = near and not window[pos : m.start()].strip(" ")
            if near and kind == "qualifier" and lo < n.start - m.end() <= lo + 1 and word.endswith(" than"):
                break  # '5.9 percentage points more than ten years before'
            pos = m.end()
            if kind == "stop":
                break
            if kind == "skip":
                linked = linked or (near and word in ("by", "of", "-"))
                by = by or (near and word == "by")
                the = the or (near and word == "the")
            elif kind == "qualifier":
                if the and not rules.reaching.search(word):
                    near = False  # 'over the seven-day holiday' bounds nothing, 'exceed the 1 trillion mark' does
                elif near and not said and n.qualifier == "exact" and not self._spans(n, word, window[m.end() :]):
                    n.qualifier = value
                elif not near and window[0] == "的" and n.unit in ("%", "ratio") and len(word) > 1 and "最" not in word:
                    n.qualifier = value  # '约占公司净资产的4.2%', '不超过合同额的百分之五'
                    basis = basis or ("share" if "占" in word else None)
                elif (
                    value == "at_least"
                    and not near
                    and not rules.spaced
                    and not rate
                    and pos < 8
                    and n.qualifier == "exact"
                ):
                    n.qualifier = value  # '至少建成绿道六十公里'
                elif not near and not rules.spaced and rate:
                    break  # '超过全国平均水平0.7个百分点' compares
            elif kind == "level":
                said = said or word in ("was", "were", "is", "are", "reached", "totaled", "totalled")
                level = level or near or (not rules.spaced and word in ("到", "至"))
                moved = moved or (near and word in ("to", "from", "到", "至"))
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
                if kind == "noun" and n.unit == "pp" and by and word.endswith("growth"):
                    continue  # 'trimmed its call for growth by 20 bps'
                if kind == "noun":
                    rate_itself = n.unit == "%" and word.endswith("growth")  # 'growth eased from 4.8 percent'
                    between = window[: m.start()].partition(",")
                    apart = rules.spaced and bool(between[1]) and (not level or not rate or between[0].count(" ") > 3)
                    if (near or linked or level) and (not moved or rate_itself) and not apart:
                        direction = value
                elif level:
                    continue
                elif kind == "far":
                    reaches = m.start() <= 4 or word in ("压减", "节约", "节省", "核减", "削减", "减免")
                    if near or not rate or (value == "down" and reaches):  # '减少材料60%'
                        direction = value
                elif n.unit == "pp" and not rules.spaced and pos < 14 and kind in ("verb", "lift"):
                    direction = value  # '下调存款准备金率0.5个百分点'
                elif money and rules.spaced and word in ("lost", "losing", "lose", "loses"):
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
            self.reading.levels.add(n.start)
        if n.qualifier == "exact" and rules.capped.search(self.low, max(lo, n.start - 60), n.start):
            n.qualifier = "at_most"
        if n.qualifier == "more_than" and rules.no_one.search(self.low, lo, n.start):
            n.qualifier = "at_most"  # 'no applicant may receive more than 5 million yuan'
        if n.value_max is not None and n.qualifier == "at_least":
            n.qualifier = "exact"  # 'cost from 96 to 168 yuan'
        if rules.spaced and n.unit in LENGTHS:
            moved_by = linked or self.low.endswith(("up ", "down "), 0, n.start)
            if not moved_by or self.low.endswith("for ", 0, n.start):
                direction = None
        self._after(n, hi, direction if direction != "none" else None, basis)

    def _spans(self, n: Numeral, word: str, left: str) -> bool:
        """Whether a word before an amount is no bound: 'over two-year paper', 'repaid over 25 years', 'overtook three rivals'."""
        if word in (
            "overtook",
            "overtaking",
            "passed",
            "pass",
            "passes",
            "passing",
            "broke",
            "breaks",
            "break",
            "breaking",
        ):
            return n.unit == "count" and (n.value or 0) < 1000
        if n.unit not in LENGTHS or word not in ("over", "under", "above", "below", "within"):
            return False
        if "-" in n.surface:
            return True
        lasting = self.rules.lasting.search(left[::-1])
        return word == "over" and not lasting and not self.low.startswith((" old", " ago"), n.end)

    def _after(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> None:
        rules = self.rules
        pattern, table = rules.after
        hi = min(hi, n.end + _WINDOW)
        pos, near, noun_end = n.end, True, self.reading.stops.get(n.start, n.end)
        for m in pattern.finditer(self.low, n.end, hi):
            kind, value = table[m[0]]
            near = near and not (
                self.low[max(pos, noun_end) : m.start()] if m.start() > noun_end > n.end else self.low[pos : m.start()]
            ).strip(" )")
            if m[0] == "内" and n.unit not in LENGTHS:
                continue
            if kind == "noun" and n.unit in LENGTHS and "-" in n.surface:
                break  # 'the two-year growth'
            if (
                kind == "qualifier"
                and rules.spaced
                and (
                    rules.amount.match(self.low, m.end() + 1)
                    or self.low.startswith(("half", "a third", "a quarter"), m.end() + 1)
                )
            ):
                break  # 'one hundred stations and over a thousand wells'
            if kind == "qualifier" and near and n.qualifier == "exact":
                n.qualifier, pos = value, m.end()
            elif (
                kind == "noun"
                and near
                and (
                    direction is None
                    or n.unit == "pp"
                    or self.low.endswith("further ", 0, n.start)
                    or self.low.startswith(" than ", m.end())
                )
            ):
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
            told = n.unit == "%" and rules.spaced and rules.yearly.match(self.low, n.end + 1)
            direction, basis = ("up", basis) if told else (None, None)  # 'inflation, at 0.1 percent year on year'
        each = rules.each.search(self.low, max(0, n.start - 20), n.start) if n.unit in EACH else None
        if each:
            by = ["小时"] if each["hourly"] else [g for g in each.groups() if g]
            if n.unit in MONEY or by[0] in EACH[n.unit or ""]:
                part = per(self.rules, n, by)
                n.value, n.low = n.value and plain(EXACT.divide(n.value, part)), n.low and EXACT.divide(n.low, part)
        if n.unit == "pp" and basis != "yoy" and rules.comparison.match(self.low, n.end):
            direction = None
        told_of_another = self.low.endswith(_WITHIN, 0, n.start)
        if n.unit in (*MONEY, "t", "kWh") and rules.saving.search(self.low, max(0, n.start - _WINDOW), n.start):
            direction = direction or "down"
        aside = n.unit == "%" or "-" in n.surface or told_of_another
        passive = None if aside or direction or n.direction else rules.passive.match(self.low, n.end, hi)
        if passive:
            direction = "down" if passive["down"] else "up"
        n.direction, n.basis = (None if basis == "contribution" else direction), basis

    def _changes(self, m: re.Match[str], n: Numeral) -> bool:
        """Whether the word after an amount says that it changed: not 'fewer than hoped', nor 'upwards of 60% cut their rates'."""
        if m[0] in ("above", "below", "ahead of", "behind"):
            return n.unit not in LENGTHS and bool(self.rules.earlier.match(self.low, m.end()))
        if self.low.startswith(" than ", m.end()):
            return bool(self.rules.than.match(self.low, m.end()))
        return not (m[0] in _VERBS and self.rules.object.match(self.low, m.end()))


def per(rules: Language, n: Numeral, words: list[str]) -> Decimal:
    """Make the unit of an amount one by what the words name; the factor that they divide it by: a 斤 is half a kilogram."""
    factor = Decimal(1)
    for word in words:
        unit, part = rules.per[word]
        n.unit, factor = f"{n.unit}/{unit}", EXACT.multiply(factor, part)
    return factor


def passing(n: Numeral) -> bool:
    """Whether an amount stands within what is said of another: 'growth for the past two years of 1.7 percent', 'the seven-day rate'."""
    return n.period is not None or (n.unit in LENGTHS and "-" in n.surface)
