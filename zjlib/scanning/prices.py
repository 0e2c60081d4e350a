"""Prices and yields: what is told by the tonne, the month or the head once, and holds for the amounts beside it."""

from __future__ import annotations

import math
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING

from zjlib.scanning.reading import Reader
from zjlib.units import MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral

_FLOWING = {"count", "person", "household", "t", "kg", "m3", "kWh", "TEU"}  # what is handled, made or used by the year


class Prices(Reader):
    """Gives amounts the denominator that is printed with another."""

    def read(self, quantities: list[Numeral]) -> None:
        """Tell amounts by what one beside them is told by."""
        again = False
        for first, second in reversed([*pairwise(quantities)]):
            again = self._listed(first, second, again)
        for first, second in pairwise(quantities):
            self._told_after(first, second)
            told = not self._priced(first) and self._priced(second) and first.unit == self._money(second)
            if told and self.rules.changed_to.fullmatch(self.low, first.end, second.start):
                self.reading.divide(first, self.reading.told_by(second))  # 'rose $12 to $1,940 an ounce'
        price = None
        # The last in each currency: 'from 5,000 yuan ($706) a head to 8,000 yuan'.
        prices: dict[str | None, Numeral] = {}
        for n in quantities:
            self._by_barrel(n)
            plain = "/" not in (n.unit or "/") and "-" not in n.surface
            prior = [p for p in (price, prices.get(n.unit)) if plain and p]
            if alike := next((p for p in prior if self._told_alike(p, n)), None):
                self.reading.tell_alike(n, alike)
            elif plain and not price and self.reading.price and self._priced_again(self.reading.price, n):
                self.reading.tell_alike(n, self.reading.price)
            if self._priced(n):
                price = prices[self._money(n)] = n
        self.reading.price = price or self.reading.price

    def _by_barrel(self, n: Numeral) -> None:
        """'Brent lost $1.83 to $61.85': told by what the vocabulary lacks, so that it has no unit."""
        small = n.unit in MONEY and n.value is not None and n.value < 10000
        if small and self.rules.by_barrel.search(self.low, n.start - 60, n.start):
            n.unit = None

    def _priced(self, n: Numeral) -> bool:
        """Whether an amount is told by something; by a barrel, which the vocabulary lacks, it has no unit."""
        return "/" in n.unit if n.unit else bool(self.reading.told_by(n))

    def _money(self, price: Numeral) -> str | None:
        """What a price is told in: USD of USD/t, and of what is told by the barrel."""
        if price.unit:
            return price.measure
        m = self.reading.amount(price)
        return self.rules.currency.get(m["currency"]) if m else None

    def _near(self, price: Numeral, n: Numeral) -> bool:
        """Whether an amount is of the size of a price, as that is printed: by the litre, not by the cubic metre."""
        part = math.prod((self.rules.per[word][1] for word in self.reading.told_by(price)), start=Decimal(1))
        told = price.value and price.value * part
        return bool(told and n.value and Decimal("0.4") < n.value / told < Decimal("2.5"))

    def _priced_again(self, price: Numeral, n: Numeral) -> bool:
        """'Rents average 1,094 euros a month. In Dublin tenants paid 1,587 euros': a price of the sentence before goes on."""
        alike = (
            self._near(price, n)
            and n.unit in MONEY
            and self._money(price) == n.unit
            and not (price.unit or "").endswith("/year")
        )
        return alike and not self.rules.whole_sum.search(self.low, n.start - 60, n.start)

    def _listed(self, a: Numeral, b: Numeral, again: bool) -> bool:
        """'1,017 tonnes of crude and 520,000 cubic metres of gas a day': what is told at a list's end holds for all of it."""
        what, _, time = (b.unit or "").partition("/")
        alike = all(u in _FLOWING for u in (a.unit, what)) or all(u in MONEY for u in (a.unit, what))
        if not alike or time not in ("year", "month", "day"):
            return False
        listed = self.rules.each_listed.fullmatch(self.low, self.reading.noun_end(a), b.start)
        if not (listed and (again or self.rules.each_ends.match(self.low, self.reading.noun_end(b)))):
            return False
        a.unit = f"{a.unit}/{time}"
        return True

    def _told_after(self, a: Numeral, b: Numeral) -> None:
        """'10,758 yuan ($1,765) per square metre': a denominator after the same sum in another currency holds for both."""
        again = a.unit in MONEY and b.unit in MONEY and self.reading.closed(b)
        each = self.rules.told_after.match(self.low, b.end + 1) if again else None
        if each and self.rules.money_again.fullmatch(self.low, a.end, b.start):
            for n in (a, b):
                self.reading.divide(n, [each["per"]])

    def _told_alike(self, price: Numeral, n: Numeral) -> bool:
        """'71 yuan per square metre, slid 13 percent to 62 yuan', '28 yuan a month in towns, 19 yuan in villages'."""
        rules, gap = self.rules, (self.low, price.end, n.start)
        if n.unit in MONEY and rules.money_again.fullmatch(*gap):
            return True  # '3,321 yuan a tonne ($481)'
        if self._money(price) != n.unit:
            return False
        near = self._near(price, n)
        if price.value and n.value and not near and not Decimal("0.001") < n.value / price.value < 1000:
            return False  # '55.3 yuan a tonne and turnover came to 2.81 billion yuan'
        if rules.price.fullmatch(*gap):
            return True
        if (price.unit or "").endswith("/year") and rules.own_year.search(*gap):
            return False  # '每年增产1亿吨，2023年再增产5743万吨'
        if (price.unit or "").endswith("/person") and rules.income_again.fullmatch(*gap):
            return True
        exchange = (price.unit or "").partition("/")[2] in MONEY
        if (
            near
            and not (exchange or rules.output_of.search(*gap))
            and n.start - price.end < 100
            and not rules.whole_sum.search(*gap)
        ):
            return True  # 'iron ore fetched 818 yuan a tonne, and rebar, which had cost 860 yuan in May, …'
        if rules.moved_price.fullmatch(*gap) or (
            rules.difference.fullmatch(*gap) and rules.more_than.match(self.low, n.end)
        ):
            return True
        return rules.also_per.fullmatch(*gap) is not None and not rules.said.search(*gap)
