"""What the words after an amount, and phrases around it, say of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from zjlib.scanning.reading import Reader
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_WINDOW = 90  # characters after an amount that may say something of it


class After(Reader):
    """Reads the words after the amounts of one document."""

    def read(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> None:
        """Read the cues after an amount; set what both sides say."""
        rules, low = self.rules, self.low
        pattern, table = rules.after
        hi = min(hi, n.end + _WINDOW)
        pos, noun_end = n.end, self.reading.noun_end(n)
        if again := rules.again.match(low, n.end, hi):
            pos = noun_end = again.end()  # '11.3 billion jin (565 million kg) more'
        for m in pattern.finditer(low, pos, hi):
            kind, value = table[m[0]]
            between = low[max(pos, noun_end) : m.start()] if m.start() >= noun_end > n.end else low[pos : m.start()]
            told = kind == "noun" and n.unit == "%" and rules.one_word.fullmatch(between)  # 'a 7 percent pay rise'
            if between.strip(" )") and not (told and rules.an_article.search(low, n.start - 14, n.start)):
                break
            if n.unit not in LENGTHS and rules.within_time.fullmatch(m[0]):
                continue
            if kind == "noun" and m.end() < noun_end and rules.growth_word.search(m[0]):
                continue  # 'the two growth rates'
            if kind == "noun" and n.unit != "%" and rules.of_rate.match(low, m.end()):
                continue  # 'revenue 2.87 billion yuan growth of 10.2%', as it is translated
            if kind == "noun" and n.unit in LENGTHS and "-" in n.surface:
                break  # 'the two-year growth'
            another = kind == "qualifier" and rules.spaced and rules.another_amount.match(low, m.end())
            aged = another and rules.aged_before.search(low, n.end - 20, n.end)
            if another and not (aged or rules.closing.fullmatch(m[0])):
                break  # 'one hundred stations and over a thousand wells'
            if kind == "qualifier" and rules.than_next.match(low, m.end()):
                break  # '64 cities and more than 100 towns'
            if kind == "qualifier" and n.qualifier == "exact":
                n.qualifier, pos = value, m.end()
            elif kind == "noun" and (direction is None or self._overrules(n, m)):
                if self._changes(m, n):
                    direction, pos = value, m.end()
                    basis = None if basis == "share" and n.unit != "pp" else basis  # 'representing a 3.6% increase'
            elif (
                kind == "basis"
                and (basis is None or value == "yoy")
                and (value == "yoy" or n.unit in ("%", "ratio"))
                and not rules.no_share.match(low, m.end())
            ):
                basis, pos = value, m.end()
        if basis == "contribution" and n.unit not in ("%", "pp"):
            basis = None
        if rules.spaced:
            direction, basis = self._yearly(n, hi, direction, basis)
        elif basis == "yoy" and not (direction or n.direction):
            basis = basis if rules.any_change.search(low, n.start - 8, n.start) else None
        self._told_by(n)
        if rules.spaced:
            direction, basis = self._moved(n, hi, noun_end, direction, basis)
        contributed = basis == "contribution" and (n.unit == "%" or rules.spaced)
        n.direction, n.basis = (None if contributed else direction), basis
        if n.qualifier in ("more_than", "less_than") and rules.threshold.match(low, n.end):
            n.qualifier = "exact"  # '高于50%的临界点'

    def _yearly(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> tuple[str | None, str | None]:
        """The basis that a phrase after an amount gives, and the direction that goes with it."""
        rules, low = self.rules, self.low
        if (
            self.reading.in_points(n)
            and rules.no_level.match(low, n.end)
            and rules.adding.search(low, n.start - 36, n.start)
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
        points = self.reading.in_points(n)
        if points and basis != "yoy" and rules.comparison.match(low, n.end, n.end + _WINDOW):
            direction = None
        phrases = rules.phrases("pp" if points else n.unit, bool(direction or n.direction))
        for phrase in phrases.around(low, n.start, n.end, noun_end):
            if (phrase.always or not (direction or n.direction)) and phrase.fits(low, n.start, n.end, noun_end):
                direction = phrase.direction
                basis = (phrase.basis if phrase.always else basis) or basis or phrase.basis
                if direction is None:
                    n.direction = None
                    self.reading.levels.add(n.start)
                if phrase.always:
                    break
        aside = n.unit == "%" or "-" in n.surface or direction or n.direction
        passive = None if aside else rules.passive.match(low, n.end, hi)
        if passive and not rules.within.search(low, n.start - 13, n.start):
            direction = "down" if passive["down"] else "up"
        return direction, basis

    def _overrules(self, n: Numeral, m: re.Match[str]) -> bool:
        """Whether a noun of change after an amount goes before what stands to its left."""
        surely = n.unit == "%" and self.rules.surely.match(self.low, n.end)
        points = self.reading.in_points(n)
        # 'since a 4 percent drop in May'
        article = self.rules.an_article.search(self.low, n.start - 14, n.start)
        turned = m.start() == n.end + 1 and self.rules.turn.fullmatch(m[0])  # 'inched 3 percent lower'
        return bool(points or article or surely or turned or self.rules.than_next.match(self.low, m.end()))

    def _changes(self, m: re.Match[str], n: Numeral) -> bool:
        """Whether the word after an amount says that it changed: not 'fewer than hoped', nor 'upwards of 60% cut their rates'."""
        if self.rules.particles.fullmatch(m[0]) and n.unit != "%" and self.rules.by_next.match(self.low, m.end()):
            return False  # 'brought the prices of 55 drugs down by 53 percent'
        if n.unit != "%" and self.rules.by_rate.match(self.low, m.end()):
            return False  # 'saw the output of firms with sales of 20 million yuan increase by 14 percent'
        if self.rules.beside.fullmatch(m[0]):
            return n.unit not in LENGTHS and bool(self.rules.earlier.match(self.low, m.end()))
        if self.rules.than_next.match(self.low, m.end()):
            elsewhere = self.rules.than_where.match(self.low, m.end())
            if elsewhere and self.reading.text[elsewhere.end() : elsewhere.end() + 1].isupper():
                return False  # '200 yuan less than in Dongguan'
            return bool(self.rules.than.match(self.low, m.end(), m.end() + _WINDOW))
        if n.unit in (None, "count", "person") and self.rules.better_or_worse.fullmatch(m[0]):
            return False  # '25 did better and 15 worse'
        few = (n.unit == "count" or n.unit in LENGTHS) and n.surface.isalpha() and m.start() == n.end + 1
        if few and self.rules.more_word.fullmatch(m[0]):
            # 'two more berths will be built', but '40 cities saw a drop, two more than in May, and 51 a rise, three more'
            ends = self.rules.more_ends.match(self.low, m.end())
            return bool(ends and self.rules.more_then.search(self.low, n.start - 100, n.start))
        turned = self.rules.turned.fullmatch(m[0]) and self.rules.moves_to.match(self.low, m.end())
        if turned and (n.unit != "%" or self.rules.from_here.search(self.low, n.start - 18, n.start)):
            return False  # 'from 64 percent down to 26 percent'
        return not (self.rules.noun_or_verb.fullmatch(m[0]) and self.rules.object.match(self.low, m.end()))

    def _of_growth(self, n: Numeral) -> bool:
        """'Consumption contributed 3.4 percentage points; capital formation added 1.7 points': whether points are of growth."""
        points = self.reading.in_points(n)
        return bool(points and self.rules.of_growth.search(self.low, n.start - 160, n.start))

    def _told_by(self, n: Numeral) -> None:
        """Give an amount the denominator that stands before it, or further behind it: 每亩补贴150元 is CNY/mu."""
        done = self.rules.done_each.match(self.low, n.end)
        if done and n.unit and n.unit not in ("%", "pp", "times") and n.unit not in LENGTHS and "/" not in n.unit:
            self.reading.divide(n, [done["per"]])
            return
        units = self.rules.rules["each"].get(n.unit, ())
        if not (units or n.unit in MONEY):
            return
        each = self.rules.each.search(self.low, n.start - 60, n.start)
        if not each:
            return
        by = [self.rules.rules["hourly"]] if each["hourly"] else [g for g in each.groups() if g]
        if n.unit in MONEY or (by[0] in units and not self.rules.staff.match(self.low, n.end)):
            self.reading.divide(n, by)
