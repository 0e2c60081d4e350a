"""Amounts as they are printed: number, scale, unit, what is counted; also fractions, multiples and amounts without a number."""

import re
from bisect import bisect_right
from decimal import Decimal
from operator import itemgetter

from zjlib.scanning import nouns
from zjlib.scanning.names import Names
from zjlib.scanning.numbers import HALF, approximately, fraction, in_digits, plain, printed, words
from zjlib.scanning.numeral import Numeral
from zjlib.scanning.reading import Reader, Reading, denominators, group, per
from zjlib.units import EXACT, LENGTHS


class Amounts(Reader):
    """Reads the amounts of one document, each by itself."""

    def __init__(self, reading: Reading) -> None:
        """Reads the amounts of the document that `reading` holds."""
        super().__init__(reading)
        self.names = Names(reading)
        # Where a text tells the currency of what follows, '（港币，下同）', and which it is.
        told = any(word in self.low for word in self.rules.rules["tells_money"])
        self.currencies = [
            (m.start(), self.rules.currency.get(m[m.lastgroup or 0]) or self._named(m[m.lastgroup or 0]))
            for m in (self.rules.all_in.finditer(self.low) if told else ())
        ]

    def read(self, m: re.Match[str]) -> Numeral:
        """A number with what stands directly before and after it: sign, currency, scale, unit, denominator."""
        rules, number = self.rules, m["number"]
        n = Numeral(*m.span(), self.text[m.start() : m.end()], "quantity", qualifier="exact")
        if self.names.of_a_plan(m.start()):
            n.kind, n.qualifier = "name", None
            return n
        factor = rules.scale(m["scale"])
        if in_digits(number):
            value = printed(number, factor, rules)
        elif kind := self.names.in_words(m, number):
            n.kind, n.qualifier = kind, None
            return n
        else:
            value = words(number, rules)
            if m["scale"] and group(m, "more") and not rules.spaced:  # 五亿三千多万
                value = EXACT.divide(words(number + m["scale"], rules), factor)
        step = Decimal(1).scaleb(min(0, int(value.as_tuple().exponent)))
        if more := group(m, "more") or group(m, "tail"):
            n.qualifier = "about" if rules.more_about.fullmatch(more) else "more_than"
        if sign := group(m, "sign"):
            n.direction = {"+": "up", "-": "down"}.get(sign)
        factor = self._denominator(n, m, self._measure(n, m, factor))
        if not (rules.spaced or in_digits(number)) and (pair := approximately(number, rules)):
            value, n.value_max = pair[0], plain(EXACT.multiply(pair[1], factor))
        n.value = plain(EXACT.multiply(value, factor))
        n.half = plain(EXACT.multiply(step * HALF, factor))
        self._counted(n, m)
        if n.kind == "quantity":
            self.reading.end = n.end
        return n

    def parts(self, m: re.Match[str]) -> list[Numeral]:
        """'三次产业结构为5.1:44.0:50.9': the parts of a whole in per cent; none where they do not make one."""
        told = self.rules.split_in.search(self.low, m.start() - 64, m.start())
        if not (told and self.rules.parts.fullmatch(m[0])):
            return []
        out = []
        for part in re.finditer(r"[\d.]+", m[0]):
            start, end, value = m.start() + part.start(), m.start() + part.end(), Decimal(part[0])
            n = Numeral(start, end, self.text[start:end], "quantity", value, "%", qualifier="exact")
            n.half = Decimal(1).scaleb(int(value.as_tuple().exponent)) * HALF
            out.append(n)
        if abs(sum((n.value or Decimal(0) for n in out), Decimal(0)) - 100) > 1:
            return []
        self.reading.parts.update((n.start, out[0]) for n in out)
        self.reading.end = m.end()
        return out

    def _measure(self, n: Numeral, m: re.Match[str], factor: Decimal) -> Decimal:
        """Set the unit or currency that is printed; the factor that it and the scale give the number."""
        rules, word = self.rules, m["unit"]
        short = rules.rules["scale_or_unit"].get(m["scale"])
        if short and not (word or m["currency"]) and self._metres(n.start, n.end):
            n.unit = short
            return Decimal(1)  # 'dredged from 14.5 m to 16 m'
        if word and m["currency"] and rules.spaced and rules.units[word.strip(" -")][0] in LENGTHS:
            word = None  # '$3.26 full year'
            self.reading.end_at(n, m.start("unit"))
        if word in rules.bare_measures:  # 三大产业, 十部门
            n.unit = "count"
            self.reading.end_at(n, m.start("unit"))
        elif word:
            if m["currency"] and not rules.spaced:  # 人民币5亿元 tells its currency twice
                n.start, n.surface = m.start("number"), self.text[m.start("number") : n.end]
            factor = EXACT.multiply(factor, self._unit(n, word.strip(" -")))
            if m["currency"] and word in rules.rules["plain_money"]:
                n.unit = rules.currency[m["currency"]]  # 港币5亿元
            return factor
        elif m["currency"]:
            sign = m["currency"]
            n.unit = rules.currency[sign] if sign in rules.currency else self._named(sign)
            if sign in rules.rules["plain_money"]:
                n.unit = self.reading.money_at_home(n.unit)  # '津貼由$2,285增至$2,390', in Hong Kong
            other = rules.rules["shared_signs"].get(sign)
            near = other and rules.its_country.search(self.low, n.start - 300, n.end + 300)
            if other and (near or self.reading.money == other or sign in self.reading.foreign_signs):
                n.unit = other
                self.reading.foreign_signs.add(sign)
        return factor

    def _named(self, word: str) -> str | None:
        """The currency that a word names before the sum: 'Yuan 310/t'; None for the initial of one that is not known."""
        unit, factor = self.rules.units.get(word, (None, Decimal(1)))
        return unit if factor == 1 else None

    def _denominator(self, n: Numeral, m: re.Match[str], factor: Decimal) -> Decimal:
        """Divide the unit by what 'per', 'a' or a slash names; the factor that is left."""
        if not m["per"]:
            return factor
        of = m["unit"] and self.rules.of_next.match(self.low, m.end("unit"))
        daily = n.unit == "hour" and m["per"] == "day" and not of
        if (
            n.unit in LENGTHS or n.unit in ("%", "pp", "times")
        ) and not daily:  # '365 days a year', but '17 hours a day'
            self.reading.end_at(n, m.end("unit"))
            return factor
        if not n.unit:  # unknown, or told by the ellipsis, where it is known what is counted
            if not (m["unit"] or m["currency"]):
                self.reading.end_at(n, max(m.end("number"), m.end("scale")))
            return factor
        if of:
            self.reading.end_at(n, m.end("unit"))  # '880 million kWh of electricity a year'
        return EXACT.divide(factor, per(self.rules, n, denominators(m)))

    def _counted(self, n: Numeral, m: re.Match[str]) -> None:
        """Set what is counted; an amount of nothing that is told is a name or a word."""
        rules = self.rules
        if n.unit is None and not m["unit"] and not m["currency"] and not self._cents(n):
            if not self._bare(n, m["number"], m["scale"]):
                n.kind = "name" if n.kind == "name" or self.names.quoted(n.start) else "word"
                n.qualifier = n.value = n.half = None
        elif n.unit == "household" and (lines := rules.subscribers.search(self.low, n.start - 60, n.start)):
            n.unit, n.noun = "count", lines["noun"]
        elif n.unit == "household" and self._of_firms(n):
            n.unit = "count"
            self._noun(n, n.end)
        elif n.unit == "count" or (n.unit == "person" and not rules.spaced):
            self._noun(n, m.end() if m["unit"] in rules.adjective_measures else n.end)
        if n.unit in ("count", "person"):
            self.reading.counted = (n.unit, n.noun) if n.noun else self.reading.counted
            each = rules.a_time.match(self.low, self.reading.noun_end(n))
            if each:  # '640 vehicles a day'
                self.reading.divide(n, [each["per"]])

    def _cents(self, n: Numeral) -> bool:
        """'每股盈利18.46分': whether a number is told in parts of the money of the text, as what a share earns is."""
        cents = self.rules.cents_next.match(self.low, n.end)
        if not (cents and self.rules.of_a_share.search(self.low, n.start - 16, n.start)):
            return False
        n.unit = self.reading.money or self.reading.money_at_home(self.rules.rules["bare_sums"])
        n.divide(Decimal(100))
        self.reading.end_at(n, cents.end())
        return True

    def _of_firms(self, n: Numeral) -> bool:
        """Whether 户 are businesses."""
        homes = self.rules.homes  # '龙头企业带动农户6.2万户'
        if homes.search(self.low, n.start - 2, n.start) or homes.match(self.low, n.end):
            return False
        if self.rules.and_people.match(self.low, n.end):
            return False
        before, after = (self.rules.reach[name] for name in ("firms", "after_firms"))
        return bool(self.rules.firms.search(self.low, n.start - before, n.end + after))

    def _unit(self, n: Numeral, word: str) -> Decimal:
        """Set the unit that a word names; the factor to its base unit."""
        if word in self.rules.measures:
            graded = "." in n.surface and self.rules.graded.search(word)
            n.unit = None if graded else "count"
            return Decimal(1)
        cased = next((u for w, u in self.rules.cased.items() if self.text.endswith(w, n.start, n.end)), None)
        n.unit, factor = cased or self.rules.units[word]
        if word in self.rules.weights and self._weighed(n):
            n.unit, factor = self.rules.weights[word]
        if word in self.rules.rules["plain_money"]:
            n.unit = self.reading.money_at_home(n.unit)
            told = bisect_right(self.currencies, n.end, key=itemgetter(0))
            n.unit = self.currencies[told - 1][1] if told else n.unit
        if n.unit == "kWh" and self.rules.temperature.search(self.low, n.start - 10, n.start):
            n.unit = None
        if n.unit == "times" and self.rules.rising.fullmatch(word):
            n.direction = "up"  # 'elevenfold'
        return factor

    def _weighed(self, n: Numeral) -> bool:
        """'Calves weighing 500 pounds', '22 billion pounds of pork': whether pounds are of goods, not of money."""
        before = self.rules.weighed.search(self.low, n.start - 50, n.start)
        return bool(before or self.rules.goods_next.match(self.low, n.end))

    def _bare(self, n: Numeral, number: str, scale: str | None) -> bool:
        """A number with no unit: counted things if a noun stands by it. False if it is no quantity."""
        return self._spaced(n, number, scale) if self.rules.spaced else self._written(n, number, scale)

    def _written(self, n: Numeral, number: str, scale: str | None) -> bool:
        """A bare number where words do not stand apart: 3.2万, 两三百."""
        spelled, rules = not in_digits(number), self.rules
        large = spelled and (rules.large_in_words.fullmatch(number) or self._passed(n, number))
        if scale or large or (spelled and rules.crowd.match(self.low, n.end)):
            n.unit, n.qualifier = "count", n.qualifier if scale or large else "about"
            self._noun(n, n.end)
            homes = n.noun in rules.rules["nouns"]["households"]  # 270万家庭
            if homes or rules.households_told.search(self.low, n.start - 12, n.start):
                n.unit, n.noun = "household", None
            elif n.unit == "count" and rules.people_told.search(self.low, n.start - 30, n.start):
                n.unit, n.noun = "person", None
            elif (
                not n.noun
                and self.reading.counted[0] == "person"
                and rules.passing_bare.search(self.low, n.start - 4, n.start)
            ):
                n.unit = "person"
            return True
        if rules.ups_and_downs.match(self.low, n.end) or rules.things_told.search(self.low, n.start - 9, n.start):
            n.unit = "count"
            return True
        if spelled:
            ends = rules.spelled_range.match(self.low, n.end) or rules.either.match(self.low, n.start)
            return rules.point in number or bool(ends)
        if number.isdigit() and rules.named.match(self.low, n.end):
            n.kind = "name"  # '365展贸网'
            return False
        return not self.names.quoted(n.start)

    def _passed(self, n: Numeral, number: str) -> bool:
        """'超百万观众', '突破千亿': whether a round number that something has reached is one that counts without a measure word."""
        rules, low = self.rules, self.low
        if not (rules.round.fullmatch(number) and len(number) > 1 and rules.on_scale.match(number[-1])):
            return False
        if rules.spelled_range.match(low, n.end) or rules.round_after.match(low, n.end):
            return False  # '站上万亿台阶'
        return bool(rules.round_before.search(low, n.start - 1, n.start))

    def _spaced(self, n: Numeral, number: str, scale: str | None) -> bool:
        """A bare number where words stand apart: '34 projects', 'the remaining ten', 'aged 65'."""
        spelled, rules = not in_digits(number), self.rules
        if not (spelled or scale) and self._in_parts(n):
            n.unit = "%"
            return True
        if self.names.proper(n) if spelled else self.names.alone_in_quotes(n):
            n.kind = "name"
            return False
        if self.reading.at_mark(n):
            return True
        one = bool(rules.one.fullmatch(number)) and not scale
        noun, people, self.reading.stops[n.start] = nouns.head(self.low, n.start, n.end, rules, one)
        if one and rules.with_one.search(self.low, n.start - 24, n.start):
            return False
        told, plain_words = rules.rules["nouns"], spelled and not scale
        people = people and not rules.market_bodies.search(self.low, n.start - 40, n.end + 30)
        if noun in told["no_noun"]:
            noun, n.unit = None, "count"
        if noun in told["households"]:
            n.unit = "household"
        elif rules.group_of.search(self.low, n.start - 20, n.start):
            n.unit = "person"
        elif self._aged(n) or (people and number.isdigit() and len(number) == 2 and self._of_age(n)):
            n.unit = "year"
        elif noun in rules.units and rules.units[noun][0] in LENGTHS:  # 'on six of the eight days'
            n.unit, factor = rules.units[noun]
            n.multiply(factor)
        elif noun or people:
            things = people and self.reading.counted[0] == "count" and rules.of_them_firms.match(self.low, n.end)
            n.unit = "person" if people and not things else "count"
            n.noun = None if noun in told["persons"] else noun
        elif self._of_age(n) or rules.older.match(self.low, n.end):
            n.unit = "year"
        elif (
            plain_words
            and (not one or rules.moves_to.match(self.low, n.end))
            and rules.spelled_range.match(self.low, n.end)
        ):
            return True  # 'between two and three thousand flats': what follows tells the unit
        elif plain_words and (not one or self.reading.counted[0] == "count") and self._compared(n):
            return True  # '331 days, nine more than in the year before', 'three days, compared with eight last year'
        elif plain_words and rules.unit_from.search(self.low, n.start - 50, n.start):
            return True  # 'from 12 days to three'
        elif plain_words and not one and (took := self._took_too(n)):
            n.unit, factor = rules.units[took]
            n.multiply(factor)  # 'took six years to go to ten million, and four more to reach 15 million'
        elif plain_words and not self._a_million(number) and self._left_over(n, one):
            n.unit, n.noun = self.reading.counted
        elif plain_words and not one and rules.of_them.match(self.low, n.end):
            n.unit = "count"
        elif rules.times_of.search(self.low, n.start - 12, n.start):
            n.unit = "times"
        elif not (spelled or scale) and self.names.titled(n):
            n.kind = "name"
            return False
        return not plain_words or n.unit is not None or bool(rules.large.search(number))

    def _in_parts(self, n: Numeral) -> bool:
        """'China took 28 percent, Hong Kong 19', 'up 12.4 year-on-year': whether a number is in per cent, though it does not say so."""
        small = n.surface.replace(".", "", 1).isdigit() and len(n.surface.partition(".")[0]) < 3
        if small and "." in n.surface and self.rules.year_on_year_then.match(self.low, n.end):
            return True
        ends = small and self.rules.part_ends.match(self.low, n.end)
        return bool(ends and self.rules.in_parts.search(self.low, n.start - 90, n.start))

    def _compared(self, n: Numeral) -> bool:
        """Whether a bare number is set beside an amount told before it."""
        rules, low = self.rules, self.low
        against = rules.set_against.search(low, n.start - 30, n.start) and rules.then.match(low, n.end)
        return bool(against or rules.more_than_then.match(low, n.end))

    def _took_too(self, n: Numeral) -> str | None:
        """What a number in words tells that stands bare beside a length of time: 'and only two to reach 20 million'."""
        if not self.rules.more_to.match(self.low, n.end):
            return None
        took = self.rules.took_to.search(self.low, n.start - 160, n.start)
        return took and took["time"]

    def _a_million(self, number: str) -> bool:
        """'Reserves of 580 billion cubic metres should pass a trillion by 2020': what it counts is told before it."""
        return number.partition(" ")[0] in self.rules.rules["articles"] and bool(self.rules.large.search(number))

    def _left_over(self, n: Numeral, one: bool) -> bool:
        """Whether a number in words counts what was counted before it: 'the remaining ten'."""
        told = (
            not one
            or self.rules.for_every.match(self.low, n.end)
            or self.rules.and_one.search(self.low, n.start - 6, n.start)
        )
        counted = self.reading.counted[0] and told
        return bool(counted and self.rules.left_over(self.low, n.start, n.end))

    def _aged(self, n: Numeral) -> bool:
        """'aged 65', 'Zheng Lihua, 61, has farmed oysters'."""
        if len(n.surface) != 2 or not n.surface.isdigit():
            return False
        name = self.text[n.end : n.end + 1] in (",", ".") and self.rules.aged_name.search(
            self.text, n.start - 20, n.start
        )
        grouped = self.rules.age_groups.match(self.low, n.end)
        under = self.rules.under_age.search(self.low, n.start - 24, n.start)
        under = under and self.rules.clause_stops.match(self.low, n.end)
        return bool(name or grouped or under or self.rules.aged_here.search(self.low, n.start - 24, n.start))

    def _of_age(self, n: Numeral) -> bool:
        return bool(self.rules.aged.search(self.low, n.start - 90, n.start))

    def _metres(self, start: int, end: int) -> bool:
        """Whether '14.5 m' is a length: no plural follows that millions could count."""
        return bool(self.rules.metres.match(self.low, end)) or nouns.head(self.low, start, end, self.rules)[0] is None

    def _noun(self, n: Numeral, end: int) -> None:
        """Set the noun that a number counts, which stands after `end`; where it is people, they are its unit."""
        if self.rules.spaced:
            n.noun, people, self.reading.stops[n.start] = nouns.head(self.low, n.start, end, self.rules)
        else:
            n.noun, people, stop = nouns.written(self.low, n.start, end, self.rules)
            if n.unit == "person" and not people and stop == end:
                n.noun = None  # what stands before '286.9万人' is who they are, or what they did
            measure = self.low[end - 1]
            people = people and (measure in self.rules.people_measures or measure not in self.rules.measures)
        if people:
            n.unit = "person"

    def vague(self, n: Numeral, m: re.Match[str]) -> None:
        """'tens of thousands of jobs', 数百亿元: an amount that is told without its number."""
        if self.names.quoted(n.start):
            n.kind, n.qualifier = "name", None
            return
        n.qualifier = "about"
        link = self.rules.vague_of.match(self.low, n.end)
        following = link.end() if link else n.end
        unit = (
            self.rules.unit_after.match(self.low, following)
            if self.rules.spaced
            else re.search(f"(?:{self.rules.unit_words})$", m[0])
        )
        if unit:
            self._unit(n, unit[0].strip())
            if self.rules.spaced:
                self.reading.end_at(n, unit.end())
            else:
                self._noun(n, n.end)
        elif m[0] in self.rules.rules["vague_units"]:
            n.unit = self.rules.rules["vague_units"][m[0]]
        else:
            n.unit = "count"
            self._noun(n, following)
            self.reading.counted = n.unit, n.noun

    def fraction(self, n: Numeral, m: re.Match[str]) -> None:
        """'two thirds of', 三成, 1:3."""
        groups = m.groupdict()
        n.value, n.unit = fraction(groups, self.rules)
        unit = self.rules.unit_after.match(self.low, n.end) if groups.get("ofscale") else None
        if unit:  # 'a quarter of a trillion dollars'
            n.value = plain(EXACT.multiply(n.value, self._unit(n, unit[0].strip())))
            self.reading.end_at(n, unit.end())
        elif n.unit == "count":
            self._noun(n, n.end)
        if groups.get("overhalf") or groups.get("passed") is not None:  # 过半, 过三成
            n.qualifier = "more_than"
        if groups.get("tenths2") and (most := self.rules.values[m["tenths2"]] * 10) > n.value:  # 七八成
            n.value_max = most
        if groups.get("tenmore"):  # 三成多
            n.qualifier = "more_than"
            self.reading.end_at(n, n.end - 1)

    def multiple(self, n: Numeral, m: re.Match[str]) -> None:
        """'doubled', 翻一番."""
        times, direction = self.rules.rules["multiples"][m["multiple"]]
        n.value, n.unit = Decimal(times), "times"
        if direction and not self.rules.of_another.match(self.low, n.end):
            n.direction = direction
