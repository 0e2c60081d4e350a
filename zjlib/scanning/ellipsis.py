"""What a number measures that stands bare: '28 lines; 16 have opened', 'tax revenue 44.6 billion', '62.1, up 2.2 points'."""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

from zjlib.scanning import nouns
from zjlib.scanning.reading import Reader, Reading, denominators, per
from zjlib.units import LENGTHS, MONEY

if TYPE_CHECKING:
    from zjlib.scanning.numeral import Numeral


class Ellipsis(Reader):
    """Gives bare numbers the unit of what was told before them, and remembers what that was."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        super().__init__(reading)
        self.end = 0  # of the amount read last
        self.told = 0  # and of the last that is no length of time
        self.other: Numeral | None = None  # the amount read last, where the vocabulary lacks its unit

    def read(self, n: Numeral, start: int, rest: list[Numeral]) -> None:
        """Complete an amount of the sentence that begins at `start`; `rest` are those after it."""
        reading = self.reading
        self._time_again(n, start)
        self._measure_again(n, start)
        again = self._as_the_other(n, start)
        bare = n.unit is None and not again and not reading.at_mark(n)
        if bare and not self._rate(n, start, rest) and not reading.other_unit(n):
            (
                self._ratio(n)
                or self._exchange(n)
                or (self._of_them(n) and self._counted(n))
                or self._number_of(n, start)
                or self._sold(n)
                or self._sum(n, start, rest)
                or self._alike(n, start)
                or self._named(n, max(start, self.end))
                or self._counted(n)
                or self._named(n, start)
                or self._last(n)
                or self._some(n)
            )
            self._each(n)
        elif n.unit is None:
            self._cents(n, rest)
        elif n.unit == "%" and not (n.direction or n.basis):
            self._grown_again(n)
        self._remember(n)
        self.end = n.end
        self.other = n if again or reading.other_unit(n) else None
        self.told = self.told if n.unit in LENGTHS else n.end

    def _remember(self, n: Numeral) -> None:
        reading = self.reading
        at_home = self.rules.homes.search(n.noun or "") or self.rules.and_people.match(self.low, n.end)
        if n.measure == "household" and reading.firms and not at_home:
            n.unit = f"count{(n.unit or '')[len('household') :]}"
        reading.firms = reading.firms or (n.unit == "count" and bool(self.rules.firms.search(n.noun or "")))
        measure = n.measure
        if measure in MONEY and self._again_in_brackets(n):
            return
        if measure in MONEY:
            reading.money = reading.told_money = measure
        elif n.unit in ("%", "pp"):
            reading.rate, reading.percent = n, n if n.unit == "%" else reading.percent
        elif n.unit is None and not n.surface[0].isdigit():
            told = reading.amount(n)  # '$5.78 a bushel, up 28 cents'
            reading.money = (told and self.rules.currency.get(told["currency"])) or reading.money
        if self.rules.per_many.search(self.low, n.start - 12, n.start):
            return  # 'per 10,000 people'
        if n.unit is not None and n.value is not None:
            reading.last = n
            few = n.unit in ("count", "person") and n.value < 1000
            reading.size = reading.size if few or n.unit in ("%", "pp", "times") or n.unit in LENGTHS else n
        if measure in ("count", "person", "household"):
            if n.noun is None and n.unit == "count":
                n.noun = reading.noun
            reading.counted, reading.noun = (measure, n.noun), n.noun

    def _again_in_brackets(self, n: Numeral) -> bool:
        """'2.3 billion crowns ($220 million) from 2 billion': the same sum once more, not the money that goes on."""
        return self.reading.opened(n) and 0 <= n.start - self.told < 30

    def _ratio(self, n: Numeral) -> bool:
        """'The income ratio narrowed to 2.26'."""
        small = "." in n.surface and (n.value or 0) < 100
        if small and self.rules.ratio_of.search(self.low, n.start - 80, n.start):
            n.unit = "ratio"
        return n.unit is not None

    def _time_again(self, n: Numeral, start: int) -> None:
        """'Takes 13 to 16 days, against 40 by sea', 'ships 70 a month, now 26': told beside a time, or by one."""
        last, low, rules = self.reading.last, self.low, self.rules
        if n.unit not in (None, "count", "person") or not (last and last.start >= start and last.unit):
            return
        if last.unit.rpartition("/")[2] not in LENGTHS or not n.value or not last.value or not self._bare(n):
            return
        against = rules.set_against.search(low, max(last.end, n.start - 40), n.start)
        back = rules.from_here.fullmatch(low, last.end + 1, n.start)
        near = Decimal("0.1") < n.value / last.value < 6 and "." not in n.surface
        again = near and rules.time_again.search(low, max(last.end, n.start - 60), n.start)
        if not (against or back or again) or not rules.beside_length.match(low, n.end):
            return
        if last.unit in LENGTHS:
            self.reading.measure_like(n, last)
        elif near:
            n.unit, n.noun = last.unit, last.noun

    def _as_the_other(self, n: Numeral, start: int) -> bool:
        """'Fell by 410,000 barrels after rising 1.2 million': whether a bare number is told in a unit that the vocabulary lacks."""
        other = self.other
        if not (other and other.start >= start and n.unit is None and n.value and other.value):
            return False
        compared = self.rules.counterpart.search(self.low, max(other.end, n.start - 40), n.start)
        near = Decimal("0.1") < n.value / other.value < 10 and other.value >= 1000
        return bool(near and compared) and self._bare(n)

    def _bare(self, n: Numeral) -> bool:
        """Whether an amount is a number alone, without a unit or a noun."""
        if self.reading.noun_end(n) > n.end:
            return False
        told = self.reading.amount(n)
        return not (told and told["unit"])

    def _measure_again(self, n: Numeral, start: int) -> None:
        """'10.2 million TEU, with the terminals at Qinzhou moving 3.1 million': a noun further away gives way to a measure beside it."""
        last = self.reading.size
        if n.unit not in ("count", "person") or not last or last.start < start:
            return
        agent = self.rules.agent.search(self.low, n.start - 36, n.start)
        if agent and self._bare(n) and self._beside(n, last):
            n.unit, n.noun = last.unit, None

    def _exchange(self, n: Numeral) -> bool:
        """'Weakened 0.4% to 6.77 per dollar', of the yuan named before it."""
        if told := self.rules.rate_of_money.search(self.low, n.start - 40, n.start):
            one, other = (self.rules.currency[told[name]] for name in ("one", "other"))
            if one == self.rules.rules["bare_sums"]:  # 人民币对美元 is told in yuan, too
                one, other = other, one
            n.unit = f"{other}/{one}" if one and other else None
            return n.unit is not None
        if not (per := self.rules.by_dollar.match(self.low, n.end)):
            return False
        named = list(self.rules.currencies.finditer(self.low, n.start - 300, n.start))
        money = named[-1].lastgroup if named else self.reading.money
        n.unit = f"{money}/USD" if money not in (None, "USD", "other") else None
        self.reading.end_at(n, per.end())
        return True

    def _sum(self, n: Numeral, start: int, rest: list[Numeral]) -> bool:
        """'Tax revenue 44.6 billion', 'mining 407.3 billion, utilities 294.2 billion yuan': an amount of money."""
        if not self.rules.large_amount.search(self.low, n.start, n.end):
            return False
        of_money = self.rules.of_money
        stop = self.low.find(". ", n.end, n.end + 20)
        told = of_money.search(self.low, start, n.start) or of_money.search(
            self.low, n.end, stop if stop > 0 else n.end + 20
        )
        noun = nouns.nearest(self.low, start, n.start, self.rules)
        people = noun and nouns.are_people(noun, self.rules)  # 'users of the app reached 1.08bn'
        last = self.reading.last
        things = last and last.start >= start and last.unit not in MONEY and (last.value or 0) >= 1000000
        money = bool(told) or ((n.value or 0) >= 1000000000 and not (people or things))
        following = next((q.unit for q in rest if q.unit in MONEY), None)
        if money:
            dollars = self.rules.dollar_terms.search(self.low, start, n.start)
            n.unit = following or ("USD" if dollars else self.reading.money)
        return n.unit is not None

    def _number_of(self, n: Numeral, start: int) -> bool:
        """'With the number of shoppers down 11.3 percent to 3.9 million': of what is counted, not of money."""
        told = self._whole(n) and self.rules.number_of.search(self.low, max(start, n.start - 90), n.start)
        noun, people, _ = nouns.head(self.low, *told.span(1), self.rules) if told else (None, False, 0)
        if noun:
            n.unit = "person" if people else "count"
            n.noun = None if noun in self.rules.rules["nouns"]["persons"] else noun
        return noun is not None

    def _sold(self, n: Numeral) -> bool:
        """'Unit sales dropped to 541,000', 'the count will come close to 20 billion': of things, not of money."""
        if self.rules.unit_sales.search(self.low, n.start - 60, n.start):
            n.unit = "count"
        return n.unit is not None

    def _some(self, n: Numeral) -> bool:
        """'From Xi'an alone 368 set off': a small whole number that is on no scale counts what its reader knows."""
        few = self.rules.a_number.fullmatch(n.surface) and not self.rules.no_count.search(*self.left(n, 80))
        if few or self.rules.they_number.search(*self.left(n, 40)):  # 'on March 23 they numbered 13,155'
            n.unit, n.noun = "count", self.reading.noun
        return n.unit is not None

    def _cents(self, n: Numeral, rest: list[Numeral]) -> None:
        """'20 cents' of the dollars told before, or after: 'rose by 6 cents to $27.90'; '35.4 cents a litre'."""
        m = self.reading.amount(n)
        money = self.reading.money or next((q.unit for q in rest if q.unit in MONEY), self.reading.told_money)
        if m is None or not self.rules.cents.search(m["unit"] or ""):
            return
        if money:
            n.unit = money
            self.reading.end_at(n, m.end())
        n.divide((per(self.rules, n, denominators(m)) if money else Decimal(1)) * 100)

    def _each(self, n: Numeral) -> None:
        """'An average of 3.04 million a day': by what a number is told whose noun stands before it."""
        each = self.rules.told_each.match(self.low, n.end) if n.unit in ("count", "person") else None
        if each:
            self.reading.divide(n, [each["per"]])
            self.reading.end_at(n, each.end())

    def _alike(self, n: Numeral, start: int) -> bool:
        """'21 million kilowatts by 2030; it was 6.4 million': told beside an amount of the same size, and so of the same unit."""
        last = self.reading.last
        if (
            last
            and (last.unit in ("%", "pp", "times", "count") or (last.unit in LENGTHS and last.start >= start))
            and self.rules.large_amount.search(self.low, n.start, n.end)
        ):
            last = self.reading.size  # '1.1 million TEU, up 5 percent, and is expected to reach 2.4 million'
        if last is None or (last.unit == "year" and last.surface.isdigit() and last.end < start):
            return False  # 'to those past 60. The count has recovered to 162'
        priced = "/" in (last.unit or "") and last.measure in MONEY
        near = last.start >= start and n.value and last.value and Decimal("0.15") < n.value / last.value < 6
        if priced and not near:
            return False  # 'pensions of 580 yuan a month are paid to those past 60'
        beside = (priced and self.rules.bare_end.match(self.low, n.end)) or (
            last.start >= start and self._beside(n, last)
        )
        if not beside and not self._same(n, last):
            return False
        if last.unit in ("%", "pp") and self.rules.uncounted.search(self.low, max(start, n.start - 40), n.start):
            return False  # 'to 39.5 percent, while the Gini coefficient came down to 0.45'
        level = last.direction and self.rules.reaching_gap.search(self.low, last.end, n.start)
        if last.unit in ("%", "pp") and (level or self.rules.by.match(self.low, n.end)):
            return False  # 'grew 5.5 percent to 9.01', 'weakened 0.3% to 6.82 per dollar'
        if last.unit == "%" and last.end < start and not self.rules.same_rate.search(self.low, start, n.start):
            return False  # '63.8%. The average power usage effectiveness is below 1.37'
        n.unit, n.noun = last.unit, last.noun
        return True

    def _beside(self, n: Numeral, last: Numeral) -> bool:
        """'5.4 months, compared with 4.9 in 2016', '14.6 billion kWh, households 3.1 billion'."""
        rules, low = self.rules, self.low
        if last.unit in LENGTHS:
            against = rules.set_against.search(low, max(last.end, n.start - 30), n.start)
            return bool(against and rules.then.match(low, n.end))
        gap = low[last.end : n.start]
        if last.unit in MONEY and rules.parallel_for.fullmatch(gap) and rules.for_next.match(low, n.end):
            return True
        if last.unit in MONEY or last.unit in ("count", "person", "household", "%", "pp", "times", "ratio"):
            return False
        yields = "." in n.surface and "/" in (last.unit or "")  # '2.6 tonnes per hectare, wheat 2.9'
        if yields and rules.listed_beside.fullmatch(gap):
            return True
        again = rules.then.match(low, n.end) and rules.next_time.fullmatch(gap)
        again = again or (rules.list_ends.match(low, n.end) and rules.next_thing.fullmatch(gap))
        part = rules.part_of.fullmatch(gap) and "." not in n.surface and "," not in n.surface
        of_thing = rules.of_next.match(low, n.end) and not rules.of_them.match(low, n.end)
        if again or part or (of_thing and rules.parallel_of.fullmatch(gap)):
            self.reading.scale_like(n, last)
            return True
        sized = (
            (last.value or 0) >= 10000 and self._sized(n) and self.reading.last and self.end == self.reading.last.end
        )
        other = rules.of_money.search(gap) or rules.uncounted.search(gap)
        return bool(sized and len(gap) < 120 and not other)

    def _sized(self, n: Numeral) -> bool:
        """Whether a number is so large that it is a measure, or of many."""
        return bool(self.rules.large_amount.search(self.low, n.start, n.end)) or (n.value or 0) >= 10000

    def _same(self, n: Numeral, last: Numeral) -> bool:
        if not n.value or not last.value:
            return False
        if last.unit in LENGTHS and n.value >= 20 * last.value:
            return False  # '106 million more than in last year's seven-day break'
        if last.unit == "%" and n.value >= 1000:
            return False
        if self.rules.than_after.match(self.low, n.end):
            return last.unit not in MONEY or n.value * 10000 > last.value
        left = n.start - 32
        at = self.rules.at_here.search(self.low, last.start - 6, last.start)
        if last.unit == "year" and at and self.rules.aged_at.fullmatch(self.low, last.end, n.start):
            return True  # 'men retire at 63, women at 58'
        if (last.unit in LENGTHS or last.unit == "%") and self.rules.instead.search(self.low, left, n.start):
            return True  # '1.5 working days instead of 20'
        if last.unit in LENGTHS or last.unit in ("pp", "times"):
            return False
        least = Decimal("0.0001") if self.rules.step_of.search(self.low, left, n.start) else Decimal("0.001")
        told = self.rules.told.search(self.low, left, n.start)
        fine = "." in n.surface and not (told and last.unit == "%")
        if fine and last.unit in ("count", "person", "household") and "." not in last.surface:
            return False  # 'added 5,000 jobs and sentiment was 52.3'
        alike = least < n.value / last.value < 100 and (fine or last.unit not in ("%", "ratio"))
        return alike and bool(self.rules.same.search(self.low, left, n.start))

    def _rate(self, n: Numeral, start: int, rest: list[Numeral]) -> bool:
        """'28.6 percent, up 2.2 points', 'by 0.2 points to 3 percent', 'led by Shanwan (8.0)': told beside a rate."""
        rules, low = self.rules, self.low
        if rest and rest[0].unit == "%" and rules.points_to.fullmatch(low, n.start, rest[0].start):
            n.unit = "pp"
            return True
        rate, index = self.reading.rate, rules.indices.search(low, n.start - 60, n.start)
        points = (self.reading.in_points(n) or self._listed_points(n, rest)) and not index
        of_rates = points and (rules.of_rates.search(low, start, n.start) or rules.off_rates.match(low, n.end))
        if of_rates or (points and rules.in_points.search(low, n.start, n.end)):
            n.unit = "pp"  # 'half a point', 'trims growth by 0.7 points'
        elif rate is None:
            return False
        elif points and (n.value or 0) < 100 and self._close(rate, n):
            n.unit = "pp"
            if rate.unit == "pp" and rules.on_year.match(low, n.end):
                n.direction = n.direction or rate.direction  # 'up 0.7 points on the quarter and 1.9 points on the year'
        elif "." in n.surface and self._bracketed(n):
            n.unit, n.direction, n.basis = "%", rate.direction, rate.basis
        elif self._among_rates(n, start, rate):
            n.unit, n.direction, n.basis = rate.unit, n.direction or rate.direction, n.basis or rate.basis
        if rate and n.unit == "pp" and rules.basis_points.search(low, rate.start, rate.end) and (n.value or 0) >= 10:
            n.multiply(Decimal("0.01"))
        return n.unit is not None

    def _bracketed(self, n: Numeral) -> bool:
        """'Shanwan (8.0)': whether a bare number stands alone within brackets."""
        alone = self.reading.opened(n) and self.reading.closed(n) and (n.value or 0) < 100
        return alone and n.surface.replace(".", "", 1).isdecimal()

    def _among_rates(self, n: Numeral, start: int, rate: Numeral) -> bool:
        """'Exports rose 7.2 percent, imports 4.4 and investment 1.3', 'up 9 percent, after 3.9 in March': the next number is a rate too."""
        rules, low, gap = self.rules, self.low, self.low[rate.end : n.start]
        fine = "." in n.surface
        if (
            self.told != rate.end
            or not n.surface.replace(".", "", 1).isdecimal()
            or (n.value or 0) >= 100
            or len(gap) > 100
        ):
            return False
        if rules.uncounted.search(gap) or rules.by_dollar.match(low, n.end) or not rules.bare_end.match(low, n.end):
            return False
        if rate.end < start:
            return fine and bool(n.direction or rules.rate_again.search(low, start - 2, n.start))
        listed = rules.item_at.fullmatch(gap) and rules.at_here.search(low, rate.start - 6, rate.start)
        if rules.reaching_gap.search(gap) and not (listed or rules.same_rate.search(gap)):
            return False  # 'grew 5.5 percent to 9.01'
        # 'ahead of the country by 3 points in total trade, 0.1 in exports and 6.2 in imports'
        item = rules.item_for.fullmatch(gap) and rules.for_item.match(low, n.end)
        again = rate.unit == "%" or item or rules.on_year.match(low, n.end)
        return bool(fine and again) or bool(rules.next_rate.fullmatch(gap))

    def _grown_again(self, n: Numeral) -> None:
        """'5.2 in the third and 5.0 percent in the fourth', 'Suzhou (5.8%) and Wuxi (6.5%)': rates of growth as the one before."""
        rate = self.reading.percent
        if not (rate and rate.direction and rate.basis in (None, "yoy")):
            return
        beside = self.told == rate.end and not self.rules.level_after.match(self.low, n.end)
        again = beside and self.rules.growth_again.fullmatch(self.low, rate.end, n.start)
        aside = self.reading.opened(n) and self.reading.closed(n) and not self._share_aside(n, rate)
        if again or aside:
            n.direction, n.basis = rate.direction, rate.basis

    def _listed_points(self, n: Numeral, rest: list[Numeral]) -> bool:
        """'Up 1.2 and 3.5 points': whether a bare number stands in a list that ends with one in points."""
        for q in rest:
            if q.unit is not None or not self.rules.list.fullmatch(self.low, n.end, q.start):
                return False
            if self.reading.in_points(q):
                return True
            n = q
        return False

    def _close(self, a: Numeral, b: Numeral) -> bool:
        gap = self.low[a.end : b.start]
        return 0 < len(gap) < 80 and "." not in gap and not self.rules.reaching_gap.search(gap)

    def _counted(self, n: Numeral) -> bool:
        """'16 have opened', '7.37 million of them': what was counted last."""
        if self.reading.counted[0] is None or n.value is None:
            return False
        if self.rules.scored.search(self.low, n.start - 60, n.start):
            return False  # 'the index is back above 50'
        per = self.rules.told_per.match(self.low, n.end)
        whole = "." not in n.surface and n.value < 100000
        left = (whole or self._of_them(n)) and self.rules.left_over(self.low, n.start, n.end)
        part = self.rules.of_whom.search(self.low, n.start - 40, n.start)
        if per or (left and self.rules.spaced) or (part and self._whole(n)):
            n.unit, n.noun = self._among(n) or self.reading.counted
        return n.unit is not None

    def _among(self, n: Numeral) -> tuple[str, str] | None:
        """'Among makers of glass 61 of 70 had reopened': what a clause that begins so tells of, rather than what was counted last."""
        among = self.rules.among.search(*self.left(n, 120))
        if not among or nouns.nearest(self.low, *among.span("noun"), self.rules) is None:
            return None
        unit = "person" if nouns.are_people(among["noun"], self.rules) else "count"
        return unit, nouns.singular(among["noun"], self.rules)

    def _of_them(self, n: Numeral) -> bool:
        """'7.37 million of them', 'another 80': whether a number says itself that it counts what was counted."""
        money = self.reading.last and self.reading.last.measure in MONEY
        another = not money and self.rules.one_more.search(self.low, n.start - 60, n.start)
        return bool(another or self.rules.of_them.match(self.low, n.end))

    def _whole(self, n: Numeral) -> bool:
        return "." not in n.surface or bool(self.rules.large_amount.search(self.low, n.start, n.end))

    def _many(self, n: Numeral, start: int) -> bool:
        """Whether a number is one of things, not a reading on some scale."""
        many = (n.value or 0) >= 1000 and self._whole(n)
        return many and not self.rules.uncounted.search(self.low, start, n.start)

    def _named(self, n: Numeral, start: int) -> bool:
        """'Subscribers are expected to hit 320 million': a large number counts the things named before it."""
        words = self.rules.rules["nouns"]
        noun = nouns.nearest(self.low, start, n.start, self.rules) if self._many(n, start) else None
        if noun and self.rules.they_expect.search(self.low, max(start, n.start - 80), n.start):
            return False  # 'analysts had expected a draw of 1.1 million'
        if noun:
            n.unit, n.noun = (
                "person" if nouns.are_people(noun, self.rules) else "count",
                nouns.singular(noun, self.rules),
            )
            n.noun = None if n.noun in words["persons"] else n.noun
        return noun is not None

    def _share_aside(self, n: Numeral, rate: Numeral) -> bool:
        """'One worker in ten (11.2%)', 'fell 6.7% to 79.8 billion dollars (65.9%)': whether brackets tell an amount again, or its share."""
        last = self.reading.last
        if not last or self.low[last.end : n.start] not in ("(", " ("):
            noun = last and last.unit == "ratio" and self.rules.of_them_aside.fullmatch(self.low, last.end, n.start)
            return bool(noun)
        return last.unit == "ratio" or bool(self.rules.changed_to.fullmatch(self.low, rate.end, last.start))

    def _last(self, n: Numeral) -> bool:
        """A large number after which and before which no noun stands: what was counted last."""
        if self._many(n, max(0, n.start - 60)):
            n.unit, n.noun = self.reading.counted
        return n.unit is not None
