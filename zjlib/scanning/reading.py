"""What the modules that read the amounts of a document share: its text and rules, and what a paragraph counted last."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import cached_property
from typing import TYPE_CHECKING

from zjlib.languages import Language
from zjlib.scanning.numbers import digits, in_digits, mixed, plain, words
from zjlib.units import EXACT

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral


class Reading:
    """One document as it is read; `counted` is what its paragraph counted last."""

    def __init__(self, rules: Language, text: str, low: str) -> None:
        """`low` is `text` in the plain form that the rules are written for, character by character."""
        self.rules, self.text, self.low = rules, text, low
        self.end = 0  # of the amount found last
        self.levels: set[int] = set()  # starts of amounts that are levels reached
        self.parts: dict[int, Numeral] = {}  # start of a part that a whole is split in -> the first of its parts
        self.stops: dict[int, int] = {}  # start of an amount -> end of the noun that it counts
        # Start of an amount whose denominator does not stand behind it -> by how much it was divided: 每斤 by a half.
        self.divided: dict[int, Decimal] = {}
        self.counted: tuple[str | None, str | None] = (None, None)
        self.told_money: str | None = None  # last in the whole text, be it paragraphs ago
        self.foreign_signs: set[str] = (
            set()
        )  # signs of two currencies, such as ¥, that the text has used for the second
        self.start_paragraph()

    def start_paragraph(self) -> None:
        """Forget what the last paragraph told of; only what it counted last may go on: 'Of them, 7.4 million work at hospitals'."""
        self.noun: str | None = None
        self.money: str | None = None
        self.rate: Numeral | None = None  # the last in per cent or in points
        self.percent: Numeral | None = None
        # By '%' and 'pp': the direction of the first change in the last sentence that tells one.
        self.headline: dict[str, str] = {}
        self.last: Numeral | None = None
        self.change: Numeral | None = None  # the last amount that was added or cut
        self.size: Numeral | None = None  # the last that is no rate and no length of time
        self.price: Numeral | None = None  # the last that is told by something: '71 yuan a square metre'
        self.firms = False  # whether the 户 of the paragraph are businesses

    @cached_property
    def home(self) -> str | None:
        """Whose money is meant where the text names none; asked for by few texts, once."""
        home = self.rules.at_home.search(self.low)
        there, surely = self.rules.traditional.search(self.text), home is not None
        if home is None and there:
            home = self.rules.at_home_there.search(self.low)
        away = home and any(not (there and surely and m["nearby"]) for m in self.rules.not_at_home.finditer(self.low))
        return home.lastgroup if home and not away else None

    def money_at_home(self, unit: str | None) -> str | None:
        """What a text calls its money by a word of many currencies, `unit` if it does not say where it is at home."""
        return {None: unit, "other": None}.get(self.home, self.home)

    def amount(self, n: Numeral) -> re.Match[str] | None:
        """How an amount is printed: its number, scale, unit and denominators; None of a fraction and the like."""
        return self.rules.amount.match(self.low, n.start)

    def told_by(self, n: Numeral) -> list[str]:
        """What an amount is told by, in the words behind it: 'square metre' and 'month'."""
        m = self.amount(n)
        return denominators(m) if m else []

    def end_at(self, n: Numeral, end: int) -> None:
        """Let an amount end at a place."""
        n.end, n.surface = end, self.text[n.start : end]

    def in_points(self, n: Numeral) -> bool:
        """Whether an amount is printed in points, or told in them."""
        return n.unit == "pp" or (n.unit is None and bool(self.rules.points.search(self.low, n.start, n.end)))

    def noun_end(self, n: Numeral) -> int:
        """Where the noun that an amount counts ends, or else the amount."""
        return self.stops.get(n.start, n.end)

    def opened(self, n: Numeral) -> bool:
        """Whether an opening bracket stands right before an amount."""
        return n.start > 0 and self.low[n.start - 1] == "("

    def closed(self, n: Numeral) -> bool:
        """Whether a closing bracket stands right after an amount."""
        return self.low.startswith(")", n.end)

    def at_mark(self, n: Numeral) -> bool:
        """'Twelve industries stood above 50': whether a number is the mark of a survey's index."""
        mark = self.rules.the_mark.match(self.low, n.start)
        named = self.rules.mark_named.match(self.low, n.end)
        return bool(mark and (named or self.rules.at_mark.search(self.low, n.start - 16, n.start)))

    def other_unit(self, n: Numeral) -> bool:
        """Whether an amount has a unit that the vocabulary does not know: 'up 1.1 points to 61.2 percent' is no range."""
        m = self.amount(n) if n.unit is None else None
        if m is None:
            return False
        by = {self.rules.per[word][0] for word in denominators(m)}
        return bool(m["unit"] or m["currency"] or None in by)

    def scale_like(self, a: Numeral, b: Numeral, ordered: bool = False) -> None:
        """Give the first of two amounts the scale that is printed once, after the second: '1.4 to 1.6 million'."""
        own, other = self.printed_both(a, b)
        if own and other and a.value and b.value and own[1] == 1:
            value = plain(EXACT.divide(EXACT.multiply(own[0], b.value_max or b.value), other[0]))
            if not ordered or value <= b.value or other[1] < 1:
                a.value, a.half = value, a.half and EXACT.multiply(a.half, other[1])

    def measure_like(self, n: Numeral, told: Numeral) -> None:
        """Give a bare number the unit of length of time that another is printed with: 'cut from 12 weeks to four'."""
        word = self.low[told.start : told.end].replace("-", " ").split()[-1]
        n.unit, n.noun = told.unit, None
        n.multiply(self.rules.units.get(word, (None, Decimal(1)))[1])

    def tell_alike(self, n: Numeral, told: Numeral) -> None:
        """Tell an amount by what another is told by: 'from €206 to €214 a megawatt-hour'."""
        if words := self.told_by(told):
            self.divide(n, words)
        else:
            # '每斤2.3元，比去年低0.6元': a jin is half a kilogram for both
            n.unit = f"{n.unit}/{(told.unit or '').partition('/')[2]}"
            self._divide_by(n, self.divided.get(told.start, Decimal(1)))

    def divide(self, n: Numeral, words: list[str]) -> None:
        """Tell an amount by what the words name."""
        self._divide_by(n, per(self.rules, n, words))

    def _divide_by(self, n: Numeral, factor: Decimal) -> None:
        self.divided[n.start] = factor
        n.divide(factor)

    def printed_both(self, a: Numeral, b: Numeral) -> list[tuple[Decimal, Decimal] | None]:
        """What is printed of two amounts: 30 and 40 of 三十至四十万, where the first has tens of its own, 3 and 4 of 三至四十万."""
        whole = not self.rules.spaced and any(c in self.rules.small for c in self.low[a.start : a.end])
        return [self.printed(n, whole) for n in (a, b)]

    def printed(self, n: Numeral, whole: bool = False) -> tuple[Decimal, Decimal] | None:
        """The number that is printed and the factor that its scale and unit give it: (1.6, 1000000); tens stay in it if `whole`."""
        m = self.amount(n)
        if m is None or n.value is None or mixed(m["number"], self.rules):
            return None
        number = m["number"]
        if in_digits(number):
            value = digits(number, self.rules)
        else:
            parts = number.replace("-", " ").split() if self.rules.spaced else list(number)
            while (
                len(parts) > 1 and parts[-1] in self.rules.multipliers and not (whole and parts[-1] in self.rules.small)
            ):
                parts.pop()
            value = words((" " if self.rules.spaced else "").join(parts), self.rules)
        scaled = n.value_max or n.value
        return (value, EXACT.divide(scaled, value)) if value else None


class Reader:
    """Reads the amounts of one document: what the modules that answer a question of them have in common."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        self.reading, self.rules, self.text, self.low = reading, reading.rules, reading.text, reading.low

    def left(self, n: Numeral, length: int) -> tuple[str, int, int]:
        """Where to search for what stands before an amount."""
        return self.low, n.start - length, n.start


def denominators(m: re.Match[str]) -> list[str]:
    """What a printed amount is told by, in its words: 'square metre' and 'month'; not every language has two."""
    return [word for name in ("per", "per2") if (word := group(m, name))]


def group(m: re.Match[str], name: str) -> str | None:
    """What a group of a match has; None too where the language's pattern has no such group."""
    return m[name] if name in m.re.groupindex else None


def per(rules: Language, n: Numeral, words: list[str]) -> Decimal:
    """Make the unit of an amount one by what the words name; the factor that they divide it by: a 斤 is half a kilogram."""
    factor = Decimal(1)
    for word in words:
        unit, part = rules.per[word]
        n.unit = f"{n.unit}/{unit}" if n.unit and unit else None  # '$89 a barrel' is no sum of dollars
        factor = EXACT.multiply(factor, part)
    return factor
