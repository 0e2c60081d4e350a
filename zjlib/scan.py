"""Numerals of a text, and what they measure: one engine over the rules of a language."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from decimal import Decimal
from itertools import groupby
from typing import TYPE_CHECKING, Any

from zjlib.languages import language
from zjlib.report import Document, Sentence
from zjlib.scanning import nouns
from zjlib.scanning.calendar import Calendar, within_a_year
from zjlib.scanning.cells import Cells
from zjlib.scanning.company import Company, interval
from zjlib.scanning.ellipsis import Ellipsis
from zjlib.scanning.numbers import EXACT, HALF, approximately, fraction, in_digits, plain, printed, words
from zjlib.scanning.numeral import Numeral
from zjlib.scanning.periods import Periods
from zjlib.scanning.ranges import Ranges
from zjlib.scanning.reading import Reading
from zjlib.scanning.surroundings import Surroundings, passing, per
from zjlib.scanning.times import Time
from zjlib.units import LENGTHS

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Numeral", "numerals", "scan"]


COLUMNS = (
    "start", "end", "surface", "value", "unit", "noun", "qualifier", "low", "high", "value_max",
    "direction", "basis", "period", "sentence", "paragraph",
)  # fmt: skip
_FLOATS = ("value", "low", "high", "value_max")
_INTEGERS = ("start", "end", "paragraph")

_CAPITAL = re.compile(r"\b([A-Z][A-Za-z-]+) $")
_FULL_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_PLAIN = str.maketrans("０１２３４５６７８９．％＋（）：－∶\u00a0\u3000’‘–—−‑～○", "0123456789.%+():-:  ''----~〇")


def numerals(document: Document) -> list[Numeral]:
    """Every numeral of a document, in the order of the text; spans do not overlap."""
    return _Scanner(document).run()


def scan(document: Document, all: bool = False) -> "pd.DataFrame":
    """The quantities of a document, one a row: `report` and the columns of `COLUMNS`; with `all`, every numeral and its `kind`."""
    import pandas as pd

    rows = [n for n in numerals(document) if all or n.kind == "quantity"]
    data: dict[str, Any] = {"report": pd.array([document.id] * len(rows), dtype="str")}
    for column in (*COLUMNS[:3], *(("kind",) if all else ()), *COLUMNS[3:]):
        values = [getattr(n, column) for n in rows]
        if column in _FLOATS:
            data[column] = pd.array([float("nan") if v is None else float(v) for v in values], dtype="float64")
        else:
            data[column] = pd.array(values, dtype="int64" if column in _INTEGERS else "str")
    return pd.DataFrame(data)


class _Scanner:
    """One reading of one document: numerals by one pass of the language's pattern, then sentence by sentence."""

    def __init__(self, document: Document) -> None:
        self.document, self.text = document, document.text
        self.rules = language(document.language)
        self.low = _plain(document.text, self.rules.variants)
        self.calendar = Calendar(self.rules, document.date)
        self.periods = Periods(self.calendar, self.low)
        self.reading = Reading(self.rules, self.text, self.low)
        self.ranges, self.near, self.company = Ranges(self.reading), Surroundings(self.reading), Company(self.reading)
        self.ellipsis = Ellipsis(self.reading)
        self.cells = Cells(self.rules, self.low, document.paragraphs)

    def run(self) -> list[Numeral]:
        sentences = self.document.sentences
        starts = [s.start for s in sentences]
        out: list[Numeral] = []
        found = self.rules.numeral.finditer(self.low)
        for number, matches in groupby(found, key=lambda m: bisect_right(starts, m.start()) - 1):
            out += self._read(sentences[number], matches)
        return out

    def _read(self, sentence: Sentence, matches: Iterable[re.Match[str]]) -> list[Numeral]:
        """The numerals of one sentence, with what the words around them say."""
        text = self.text[sentence.start : sentence.end]
        if self.periods.paragraph != sentence.paragraph:
            self.reading.start_paragraph()
        found: list[Numeral] = []
        times: list[Time] = []
        counted = self.reading.counted
        for m in matches:
            kind = m.lastgroup or "rest"
            if kind in ("date", "silent", "span"):
                n = self._date(kind, m, times)
            elif kind == "quantity":
                n = self._quantity(m)
            else:
                n = self._other(kind, m, found[-1].end if found else sentence.start)
            if n is not None and not (found and n.start < found[-1].end):
                n.paragraph = sentence.paragraph
                # 'Vol. 3' holds what looks like a sentence's end
                n.sentence = text if n.end <= sentence.end else self.text[sentence.start : n.end]
                found.append(n)
        found = self.ranges.join(found)
        quantities = [n for n in found if n.kind == "quantity"]
        self.ranges.units(quantities)
        for i, n in enumerate(quantities):
            lo = next((q.end for q in quantities[:i][::-1] if not passing(q)), sentence.start)
            self.near.read(n, lo, self._reach(n, quantities[i + 1 :], sentence))
        self.company.read(quantities)
        self.cells.read(sentence, found)
        self.reading.counted = counted
        for i, n in enumerate(quantities):
            self.ellipsis.read(n, sentence.start, quantities[i + 1 :])
            interval(n)
        self.periods.assign(sentence, quantities, times)
        self._year_on_year(sentence, quantities)
        return found

    def _reach(self, n: Numeral, rest: list[Numeral], sentence: Sentence) -> int:
        """How far what stands after an amount may be of it: to the next one that is not the same again in brackets."""
        for q in rest:
            if not self.rules.aside_after.fullmatch(self.low, n.end, q.start):
                return q.start
        return sentence.end

    def _year_on_year(self, sentence: Sentence, quantities: list[Numeral]) -> None:
        """Growth of a year's or a part of a year's total is told against the year before, where nothing else is named."""
        for n in quantities:
            if n.direction and n.basis is None and n.unit in ("%", "times") and within_a_year(n.period):
                lo, hi = max(sentence.start, n.start - 12), n.end
                if self.rules.spaced:
                    others = [q for q in quantities if q is not n]
                    lo = max([sentence.start, n.start - 40, *(q.end for q in others if q.end <= n.start)])
                    hi = min([sentence.end, n.end + 40, *(q.start for q in others if q.start >= n.end)])
                if not self.rules.not_yearly.search(self.low, lo, hi):
                    n.basis = "yoy"
            told = self.rules.base_year.match(self.low, n.end) if n.basis == "yoy" else None
            if told and n.period and int(told["base"]) != int(n.period[:4]) - 1:
                n.basis = None  # 'over the same period of 2019', told of 2021

    # -- one numeral ------------------------------------------------------------------------------------------------

    def _rank(self, surface: str) -> Decimal | None:
        """The place that an ordinal names: 2 for 'second', '2nd' and 'No. 2'; None when its words are not in the language's ranks."""
        figure = re.search(r"\d+", surface)
        place = figure[0] if figure else self.rules.rules.get("ranks", {}).get(surface)
        return Decimal(place) if place is not None else None

    def _other(self, kind: str, m: re.Match[str], floor: int) -> Numeral:
        """A numeral that is no date and no plain amount; the one before it ends at `floor`."""
        start, end = m.span()
        if kind == "rest":
            while (
                start > max(m.start() - 20, floor) and self.low[start - 1].isascii() and self.low[start - 1].isalnum()
            ):
                start -= 1
            kind = "name"
        n = Numeral(start, end, self.text[start:end], kind)
        if kind == "ordinal":
            n.value = self._rank(m[0])
        if kind in ("name", "ordinal", "word"):
            return n
        n.kind, n.qualifier = "quantity", "exact"
        if kind == "vague":
            self._vague(n, m)
        elif kind == "fraction":
            self._fraction(n, m)
        else:
            times, direction = self.rules.rules["multiples"][m["multiple"]]
            n.value, n.unit = Decimal(times), "times"
            if direction and not self.rules.of_another.match(self.low, end):
                n.direction = direction
        return n

    def _vague(self, n: Numeral, m: re.Match[str]) -> None:
        """'tens of thousands of jobs', 数百亿元: an amount that is told without its number."""
        if self._quoted(n.start):
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
                n.end = unit.end()
                n.surface = self.text[n.start : n.end]
            else:
                self._noun(n, n.end)
        elif m[0] in self.rules.rules.get("vague_units", ()):
            n.unit = self.rules.rules["vague_units"][m[0]]
        else:
            n.unit = "count"
            self._noun(n, following)
            self.reading.counted = n.unit, n.noun

    def _fraction(self, n: Numeral, m: re.Match[str]) -> None:
        """'two thirds of', 三成, 1:3."""
        groups = m.groupdict()
        n.value, n.unit = fraction(groups, self.rules)
        if n.unit == "count":
            self._noun(n, n.end)
        if groups.get("overhalf"):  # 过半
            n.qualifier = "more_than"
        if groups.get("tenths2") and (most := self.rules.values[m["tenths2"]] * 10) > n.value:  # 七八成
            n.value_max = most
        if groups.get("tenmore"):  # 三成多
            n.qualifier, n.end = "more_than", n.end - 1
            n.surface = self.text[n.start : n.end]

    def _quantity(self, m: re.Match[str]) -> Numeral:
        rules, number = self.rules, m["number"]
        start, end = m.span()
        n = Numeral(start, end, self.text[start:end], "quantity", qualifier="exact")
        factor = Decimal(1)
        if m["scale"]:
            for word in rules.scale_words.findall(m["scale"]):
                factor = EXACT.multiply(factor, rules.scales[word])
        if in_digits(number):
            value = printed(number, factor, rules)
            step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        elif kind := self._named(m, number):
            n.kind, n.qualifier = kind, None
            return n
        else:
            value, step = words(number, rules), Decimal(1)
        groups = m.groupdict()
        if more := groups.get("more") or groups.get("tail"):
            n.qualifier = "about" if rules.more_about.fullmatch(more) else "more_than"
        if groups.get("sign"):
            n.direction = "up" if m["sign"] == "+" else "down"
        short = rules.rules.get("scale_or_unit", {}).get(m["scale"])
        if short and not (m["unit"] or m["currency"]) and self._metres(start, end):
            factor, n.unit = Decimal(1), short  # 'dredged from 14.5 m to 16 m'
        elif m["unit"] in rules.bare_measures:  # 三大产业, 十部门
            n.end, n.unit = m.start("unit"), "count"
            end = m.end() if m["unit"] in rules.adjective_measures else n.end
            n.surface = self.text[start : n.end]
        elif m["unit"]:
            factor = EXACT.multiply(factor, self._unit(n, m["unit"].strip(" -")))
        elif m["currency"]:
            n.unit = rules.currency[m["currency"]]
            other = rules.rules["shared_signs"].get(m["currency"])
            if other and rules.its_country.search(self.low, max(0, start - 300), end + 300):
                n.unit = other
        if m["per"] and n.unit in (*LENGTHS, "%", "pp", "times"):  # '365 days a year'
            n.end = m.end("unit")
            n.surface = self.text[start : n.end]
        elif m["per"] and not n.unit:  # told by the ellipsis, where it is known what is counted
            n.end = max(m.end("number"), m.end("scale"))
            n.surface = self.text[start : n.end]
        elif m["per"]:
            factor = EXACT.divide(factor, per(rules, n, [groups[k] for k in ("per", "per2") if groups.get(k)]))
        if not rules.spaced and (pair := approximately(number, rules)):
            value, n.value_max = pair[0], plain(EXACT.multiply(pair[1], factor))
        n.value = plain(EXACT.multiply(value, factor))
        n.low = EXACT.multiply(step * HALF, factor)  # half a unit of the last printed digit, until `interval`
        if n.unit is None and not m["unit"] and not m["currency"]:
            if not self._bare(n, number, m["scale"]):
                n.kind = "name" if n.kind == "name" or self._quoted(start) else "word"
                n.qualifier = n.value = n.low = None
        elif n.unit == "household" and rules.firms.search(
            self.low, max(0, start - (40 if rules.spaced else 12)), end + 8
        ):
            n.unit = "count"
            self._noun(n, end)
        elif n.unit == "count" or (n.unit == "person" and not rules.spaced):
            self._noun(n, end)
        if n.unit in ("count", "person") and n.noun:
            self.reading.counted = n.unit, n.noun
        return n

    def _named(self, m: re.Match[str], number: str) -> str:
        """The kind of a numeral in words that is no quantity, else ''."""
        if self._quoted(m.start()) and not (self.rules.spaced and m["unit"]):
            return "name"
        rules, low, left = self.rules, self.low, max(m.start() - 1, 0)
        if rules.spaced:
            return ""
        if rules.nothing.fullmatch(number):
            return "word"
        if rules.round.fullmatch(number):
            bound = m["more"] or m["tail"] or rules.round_before.search(low, left, m.start())
            return "" if bound or rules.round_after.match(low, m.end()) else "name"
        if not m["unit"]:
            return "" if rules.spelled_range.match(low, m.end()) else "word"
        if rules.single.fullmatch(number) and not m["scale"] and not rules.single_units.fullmatch(m["unit"]):
            return "" if rules.only_one.search(low, left, m.start()) else "word"
        return ""

    def _unit(self, n: Numeral, word: str) -> Decimal:
        """Set the unit that a word names; the factor to its base unit."""
        if word in self.rules.measures:
            n.unit = "count"
            return Decimal(1)
        cased = next((u for w, u in self.rules.cased.items() if self.text.endswith(w, n.start, n.end)), None)
        n.unit, factor = cased or self.rules.units[word]
        return factor

    def _bare(self, n: Numeral, number: str, scale: str | None) -> bool:
        """A number with no unit: counted things if a noun stands by it. False if it is no quantity."""
        spelled, rules = not in_digits(number), self.rules
        if rules.spaced and (self._proper(n) if spelled else self._alone_in_quotes(n)):
            n.kind = "name"
            return False
        if not rules.spaced:
            if scale or (spelled and rules.crowd.match(self.low, n.end)):
                n.unit, n.qualifier = "count", n.qualifier if scale else "about"
                self._noun(n, n.end)
                return True
            if spelled and rules.spelled_range.match(self.low, n.end):
                return True
            if number.isdigit() and not scale and rules.named.match(self.low, n.end):
                n.kind = "name"  # '365展贸网'
                return False
            return not spelled and not self._quoted(n.start)
        one = bool(rules.one.fullmatch(number)) and not scale
        noun, people, self.reading.stops[n.start] = nouns.head(self.low, n.start, n.end, self.rules, one)
        if one and rules.with_one.search(self.low, max(0, n.start - 6), n.start):
            return False
        told = rules.rules["nouns"]
        if noun in told["no_noun"]:
            noun, n.unit = None, "count"
        if noun in told["households"]:
            n.unit = "household"
        elif self._aged(n):
            n.unit = "year"
        elif noun or people:
            n.unit, n.noun = ("person" if people else "count"), (None if noun in told["persons"] else noun)
        elif rules.aged.search(self.low, max(0, n.start - 90), n.start) or rules.older.match(self.low, n.end):
            n.unit = "year"
        elif spelled and not scale and not one and rules.spelled_range.match(self.low, n.end):
            return True  # 'between two and three thousand flats': what follows tells the unit
        elif (
            spelled
            and not scale
            and (not one or rules.for_every.match(self.low, n.end))
            and self.reading.counted[0]
            and rules.left_over(self.low, n.start, n.end)
        ):
            n.unit, n.noun = self.reading.counted
        elif rules.times_of.search(self.low, max(0, n.start - 12), n.start):
            n.unit = "times"
        elif not (spelled or scale) and self._titled(n):
            n.kind = "name"
            return False
        return not (spelled and not scale and n.unit is None) or bool(rules.large.search(number))

    def _aged(self, n: Numeral) -> bool:
        """'aged 65', 'Zheng Lihua, 61, has farmed oysters'."""
        if len(n.surface) != 2 or not n.surface.isdigit():
            return False
        name = self.text[n.end : n.end + 1] in (",", ".") and self.rules.aged_name.search(
            self.text, n.start - 20, n.start
        )
        return bool(name or self.rules.aged_here.search(self.low, max(0, n.start - 5), n.start))

    def _titled(self, n: Numeral) -> bool:
        """'Boeing 737': a number after a capitalised word that neither begins a sentence nor says something of amounts."""
        m = None if "," in n.surface else _CAPITAL.search(self.text, max(0, n.start - 20), n.start)
        if m is None or m.start(1) < 2 or self.text[m.start(1) - 2] in ".!?\n":
            return False
        return m[1].lower()[::-1] not in self.rules.before[1]

    def _metres(self, start: int, end: int) -> bool:
        """Whether '14.5 m' is a length: no plural follows that millions could count."""
        return bool(self.rules.metres.match(self.low, end)) or nouns.head(self.low, start, end, self.rules)[0] is None

    def _alone_in_quotes(self, n: Numeral) -> bool:
        """'the "411" plan', 'the “10,000 Firms Going Global” campaign'."""
        opened = self.low[n.start - 1 : n.start] in ("“", '"')
        return opened and (self.low[n.end : n.end + 1] in ("”", '"') or self.text[n.end + 1 : n.end + 2].isupper())

    def _proper(self, n: Numeral) -> bool:
        """'the Three Gorges': a number in capitals within a sentence, before a word in capitals."""
        inside = n.start > 1 and self.text[n.start - 1] == " " and self.text[n.start - 2] not in ".!?:“\n"
        return inside and self.text[n.start].isupper() and self.text[n.end + 1 : n.end + 2].isupper()

    def _noun(self, n: Numeral, end: int) -> None:
        """Set the noun that a number counts, which stands after `end`; where it is people, they are its unit."""
        if self.rules.spaced:
            n.noun, people, self.reading.stops[n.start] = nouns.head(self.low, n.start, end, self.rules)
        else:
            n.noun, people, _ = nouns.written(self.low, n.start, end, self.rules)
            measure = self.low[end - 1]
            people = people and (measure in self.rules.people_measures or measure not in self.rules.measures)
        if people:
            n.unit = "person"

    def _quoted(self, start: int) -> bool:
        """Whether a numeral stands in quotation marks that opened shortly before it: a slogan or a name."""
        left = self.low[max(0, start - 60) : start]
        opened = left.rfind("“")
        if opened > left.rfind("”"):
            longest = 90 if self.rules.spaced else 18  # what is longer is speech
            return self.low.find("”", start, start - len(left) + opened + longest) >= 0
        return '"' in left and left.count('"') % 2 == 1

    def _date(self, kind: str, m: re.Match[str], times: list[Time]) -> Numeral | None:
        """Note the time that a date or a span names; the numeral that stands for it, None where it is told in plain words."""
        start, end = m.span()
        period = self.calendar.period(kind, self.low, start, end)
        times.append(Time(start, end, period, m[0]))
        if kind == "silent":
            return None
        if kind == "date":
            lead = self.rules.date_lead.match(self.low, start)
            start = lead.end() if lead else start
            named = self.rules.rules["plans_are_names"] and self.calendar.is_plan(m[0])
            return Numeral(start, end, self.text[start:end], "name" if named else "date", period=period)
        inner = self.calendar.span(m[0])
        start += inner.start("n")
        value = Decimal(self.calendar.number(inner["n"]))
        return Numeral(start, end, self.text[start:end], "quantity", value, "year", None, "exact", HALF, period=period)


def _plain(text: str, variants: dict[int, int]) -> str:
    """The text in lower case with plain quotes, hyphens, digits and characters, every one in its place."""
    plain = text.translate({**_PLAIN, **variants})
    if "，" in plain:
        plain = _FULL_COMMA.sub(",", plain)
    low = plain.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


language("en")  # its patterns are compiled with the import, not with the first report
