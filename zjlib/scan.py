"""Numerals of a text, and what they measure: one engine over the rules of a language."""

import re
from bisect import bisect_right
from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from zjlib import nouns
from zjlib.languages import language
from zjlib.numbers import EXACT, digits, fraction, plain, words
from zjlib.periods import Calendar, Time
from zjlib.report import Document, Sentence

if TYPE_CHECKING:
    import pandas as pd


@dataclass(slots=True)
class Numeral:
    """A numeral of a text, `text[start:end] == surface`.

    `kind` is quantity, date, ordinal, name or word. `value`, `low`, `high` and `value_max` are exact, in the base unit;
    None is an open end or nothing said. `paragraph` counts from 1.
    """

    start: int
    end: int
    surface: str
    kind: str
    value: Decimal | None = None
    unit: str | None = None
    noun: str | None = None
    qualifier: str | None = None
    low: Decimal | None = None
    high: Decimal | None = None
    value_max: Decimal | None = None
    direction: str | None = None
    basis: str | None = None
    period: str | None = None
    sentence: str = ""
    paragraph: int = 0


COLUMNS = (
    "start", "end", "surface", "value", "unit", "noun", "qualifier", "low", "high", "value_max",
    "direction", "basis", "period", "sentence", "paragraph",
)  # fmt: skip
_FLOATS = ("value", "low", "high", "value_max")
_INTEGERS = ("start", "end", "paragraph")

_WINDOW = 90  # characters before or after an amount that may say something of it
_CAPITAL = re.compile(r"\b([A-Z][A-Za-z-]+) $")
_RATIO = re.compile("(?:收入比|之比|比值|倍差)(?:为|达|到|至|缩小至|缩小到|降至|扩大到|由|从)?$")
_SAYS = re.compile(r"\b(?:was|were|is|are|stood|reached|account\w*|with|to|at|contribut\w*|share|rate)\b")
_FIRMS = re.compile("(?:主体|企业|工商户|公司|商户)")  # their 户 are not households
_HALF = Decimal("0.5")
_PLAIN = str.maketrans("０１２３４５６７８９．％＋（）：－∶\u00a0\u3000’‘–—−‑～", "0123456789.%+():-:  ''----~")
_MONEY = ("CNY", "USD", "EUR", "HKD", "JPY", "GBP")
_LENGTHS = ("year", "month", "day", "hour")


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
        self.low = _plain(document.text)
        self.rules = language(document.language)
        self.calendar = Calendar(self.rules, document.date)
        self.stops: dict[int, int] = {}  # where the counted noun after an amount ends
        self.counted: tuple[str | None, str | None] = (None, None)  # unit and noun last counted, for '16 have opened'
        self.money: str | None = None
        self.rate: Numeral | None = None

    def run(self) -> list[Numeral]:
        sentences = self.document.sentences
        starts = [s.start for s in sentences]
        out: list[Numeral] = []
        group: list[re.Match[str]] = []
        here = -1
        stop = -1
        for m in self.rules.numeral.finditer(self.low):
            if m.start() >= stop:
                number = bisect_right(starts, m.start()) - 1
                if group:
                    out += self._read(sentences[here], group)
                here, group = number, []
                stop = starts[number + 1] if number + 1 < len(starts) else len(self.text)
            group.append(m)
        if group:
            out += self._read(sentences[here], group)
        return out

    def _read(self, sentence: Sentence, matches: list[re.Match[str]]) -> list[Numeral]:
        """The numerals of one sentence, with what the words around them say."""
        text = self.text[sentence.start : sentence.end]
        if self.calendar.paragraph != sentence.paragraph:
            self.counted, self.money, self.rate = (None, None), None, None
        found: list[Numeral] = []
        times: list[Time] = []
        for m in matches:
            kind = m.lastgroup or "rest"
            if kind in ("date", "silent", "span"):
                n = self._date(kind, m, times)
            elif kind == "quantity":
                n = self._quantity(m)
            else:
                n = self._other(kind, m, found[-1].end if found else sentence.start)
            if n is not None and not (found and n.start < found[-1].end):
                n.sentence, n.paragraph = text, sentence.paragraph
                found.append(n)
        found = self._ranges(found)
        quantities = [n for n in found if n.kind == "quantity"]
        for i, n in enumerate(quantities):
            lo = quantities[i - 1].end if i else sentence.start
            hi = quantities[i + 1].start if i + 1 < len(quantities) else sentence.end
            self._surroundings(n, lo, hi)
        self._lists(quantities)
        for n in quantities:
            self._counted(n)
            self._interval(n)
        self.calendar.assign(sentence, self.low, quantities, times)
        for n in quantities:
            # Growth of a year's or a part of a year's total is told against the year before, where nothing else is named.
            if n.direction and n.basis is None and n.unit in ("%", "times") and self.calendar.within_a_year(n.period):
                lo, hi = max(sentence.start, n.start - 12), n.end + (22 if self.rules.spaced else 0)
                if not self.rules.not_yearly.search(self.low, lo, hi):
                    n.basis = "yoy"
        return found

    # -- one numeral ------------------------------------------------------------------------------------------------

    def _rank(self, surface: str) -> Decimal | None:
        """The place that an ordinal names: 2 for 'second', '2nd' and 'No. 2'; None when its words are not in the language's ranks."""
        digits = re.search(r"\d+", surface)
        place = digits[0] if digits else self.rules.rules.get("ranks", {}).get(surface)
        return Decimal(place) if place is not None else None

    def _other(self, kind: str, m: re.Match[str], floor: int) -> Numeral:
        start, end = m.span()
        if kind == "rest":
            while start > max(m.start() - 20, floor) and self.low[start - 1].isascii() and self.low[start - 1].isalnum():
                start -= 1
            kind = "name"
        n = Numeral(start, end, self.text[start:end], kind)
        if kind == "ordinal":
            n.value = self._rank(m[0])
        if kind in ("name", "ordinal", "word"):
            return n
        n.kind, n.qualifier = "quantity", "exact"
        if kind == "vague":
            if self._quoted(start):
                n.kind, n.qualifier = "name", None
                return n
            n.qualifier = "about"
            following = end + 3 if self.rules.spaced and self.low.startswith(" of", end) else end
            unit = re.search(f"(?:{self.rules.unit_words})$", m[0]) if not self.rules.spaced else self.rules.unit_after.match(self.low, following)
            if unit:
                self._unit(n, unit[0].strip())
                if self.rules.spaced:
                    n.end = unit.end()
                    n.surface = self.text[start : n.end]
                else:
                    self._noun(n, n.end)
            elif m[0] == "decades":
                n.unit = "year"
            else:
                n.unit = "count"
                self._noun(n, following)
        elif kind == "fraction":
            n.value, n.unit = fraction(m.groupdict(), self.rules)
            if m.groupdict().get("tenmore"):
                n.qualifier, n.end = "more_than", end - 1
                n.surface = self.text[start : n.end]
        else:
            times, n.direction = self.rules.rules["multiples"][m["multiple"]]
            n.value, n.unit = Decimal(times), "times"
        return n

    def _quantity(self, m: re.Match[str]) -> Numeral:
        rules, number = self.rules, m["number"]
        start, end = m.span()
        n = Numeral(start, end, self.text[start:end], "quantity", qualifier="exact")
        factor = Decimal(1)
        if m["scale"]:
            for word in rules.scale_words.findall(m["scale"]):
                factor = EXACT.multiply(factor, rules.scales[word])
        if number[0].isdigit():
            value = digits(number)
            step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        elif self._named(m, number):
            n.kind, n.qualifier = self._named(m, number), None
            return n
        else:
            value, step = words(number, rules), Decimal(1)
        groups = m.groupdict()
        if groups.get("more") or groups.get("tail"):
            n.qualifier = "more_than"
        if groups.get("sign"):
            n.direction = "up" if m["sign"] == "+" else "down"
        if m["unit"] in rules.bare_measures:  # 三大产业, 十部门
            n.end, n.unit = m.start("unit"), "count"
            end = m.end() if m["unit"] == "大" else n.end
            n.surface = self.text[start : n.end]
        elif m["unit"]:
            factor = EXACT.multiply(factor, self._unit(n, m["unit"].strip(" -")))
        elif m["currency"]:
            n.unit = rules.rules["currency"][m["currency"]]
        if m["per"] and n.unit:
            n.unit = "/".join([n.unit, *(rules.rules["per"][groups[k]] for k in ("per", "per2") if groups.get(k))])
        n.value = plain(EXACT.multiply(value, factor))
        n.low = EXACT.multiply(step * _HALF, factor)  # half a unit of the last printed digit, until _interval
        if n.unit is None and not m["unit"]:
            if not self._bare(n, number, m["scale"]):
                n.kind = "name" if n.kind == "name" or self._quoted(start) else "word"
                n.qualifier = n.value = n.low = None
        elif n.unit == "household" and not rules.spaced and _FIRMS.search(self.low, max(0, start - 12), end + 8):
            n.unit = "count"
            self._noun(n, end)
        elif n.unit == "count" or n.unit == "person" and not rules.spaced:
            self._noun(n, end)
        if n.unit in ("count", "person") and n.noun:
            self.counted = n.unit, n.noun
        return n

    def _named(self, m: re.Match[str], number: str) -> str:
        """The kind of a numeral in words that is no quantity, else ''."""
        if self._quoted(m.start()):
            return "name"
        if self.rules.spaced:
            return ""
        if all(c in self.rules.multipliers for c in number) and number != "十":
            after, before = self.low[m.end() : m.end() + 3], self.low[m.start() - 1 : m.start()]
            return "" if after[:2] in ("以上", "左右", "以下") or before in ("超", "近", "过", "上", "达", "每") or after[:2] == "群众" else "name"
        if not m["unit"]:
            return "word"
        if number == "一" and not m["scale"] and m["unit"] not in ("年", "亿元"):
            return "" if self.low[m.start() - 1 : m.start()] in ("仅", "有") else "word"
        return ""

    def _unit(self, n: Numeral, word: str) -> Decimal:
        """Set the unit that a word names; the factor to its base unit."""
        if word in self.rules.measures:
            n.unit = "count"
            return Decimal(1)
        n.unit, factor = self.rules.units[word]
        return factor

    def _bare(self, n: Numeral, number: str, scale: str | None) -> bool:
        """A number with no unit: counted things if a noun stands by it. False if it is no quantity."""
        spelled, rules = not number[0].isdigit(), self.rules
        if not rules.spaced:
            if scale or spelled and self.low.startswith("群众", n.end):
                n.unit, n.qualifier = "count", n.qualifier if scale else "about"
                self._noun(n, n.end)
                return True
            if "." in number and _RATIO.search(self.low, max(0, n.start - 8), n.start):
                n.unit = "ratio"
            return not spelled and not self._quoted(n.start)
        one = number == "one" and not scale
        noun, people, self.stops[n.start] = nouns.english(self.low, n.start, n.end, self.rules, one)
        if one and self.low[max(0, n.start - 5) : n.start] in ("with ", " with"):
            return False
        if noun == "one":  # 'one hundred and five older ones'
            noun, n.unit = None, "count"
        if noun or people:
            n.unit, n.noun = ("person" if people else "count"), (None if noun in ("person", "people") else noun)
        elif rules.aged.search(self.low, max(0, n.start - 16), n.start):
            n.unit = "year"
        elif spelled and not scale and number != "one" and self.counted[0] and rules.elliptic.match(self.low, n.end):
            n.unit, n.noun = self.counted
        elif not spelled and (before := _CAPITAL.search(self.text, max(0, n.start - 20), n.start)):
            if before[1].lower()[::-1] not in rules.before[1] and before.start(1) > 1 and self.text[before.start(1) - 2] not in ".!?\n":
                n.kind = "name"  # 'Boeing 737'
                return False
        return not (spelled and not scale and n.unit is None)

    def _noun(self, n: Numeral, end: int) -> None:
        if self.rules.spaced:
            n.noun, people, self.stops[n.start] = nouns.english(self.low, n.start, end, self.rules)
        else:
            n.noun, people, _ = nouns.chinese(self.low, n.start, end, self.rules)
            people = people and not self.low[end - 1] in self.rules.measures
        if people:
            n.unit = "person"

    def _quoted(self, start: int) -> bool:
        """Whether a numeral stands in quotation marks that opened shortly before it: a slogan or a name."""
        left = self.low[max(0, start - 60) : start]
        return left.rfind("“") > left.rfind("”") or '"' in left and left.count('"') % 2 == 1

    def _date(self, kind: str, m: re.Match[str], times: list[Time]) -> Numeral | None:
        start, end = m.span()
        period = self.calendar.period(kind, m[0])
        if kind == "silent":
            times.append(Time(start, end, period, m[0]))
            return None
        if kind == "date":
            times.append(Time(start, end, period, m[0]))
            name = "plan" if "五" in m[0][:4] and not m[0][0].isdigit() and self.calendar.is_plan(m[0]) else "date"
            skip = 4 if m[0].startswith("the ") else 0
            return Numeral(start + skip, end, self.text[start + skip : end], "name" if name == "plan" else "date", period=period)
        inner = self.calendar.span(m[0])
        times.append(Time(start, end, period, m[0]))
        start += inner.start("n")
        value = Decimal(self.calendar.number(inner["n"]))
        return Numeral(start, end, self.text[start:end], "quantity", value, "year", None, "exact", _HALF, period=period)

    # -- its neighbours ---------------------------------------------------------------------------------------------

    def _ranges(self, found: list[Numeral]) -> list[Numeral]:
        """Join '5' 'to' '5.5 percent' into one quantity with an upper end."""
        out: list[Numeral] = []
        for n in found:
            last = out[-1] if out else None
            if last and last.kind == n.kind == "quantity" and n.start - last.end < 6 and self._joined(last, n):
                assert last.value is not None and n.value is not None
                if last.value * 1000 < n.value or last.unit != n.unit:
                    self._scale_like(last, n)
                last.value_max, last.unit, last.noun = n.value, n.unit, n.noun
                last.end = n.end
                last.surface = self.text[last.start : last.end]
            else:
                out.append(n)
        return out

    def _joined(self, a: Numeral, b: Numeral) -> bool:
        if a.value is None or b.value is None or a.value_max is not None or a.unit not in (None, "count", b.unit):
            return False
        gap = self.low[a.end : b.start]
        left = self.low[max(0, a.start - 14) : a.start]
        if gap == " and ":
            return bool(re.search(r"\bbetween (?:[a-z]+ )?$", left))
        if not self.rules.range.fullmatch(gap):
            return False
        if a.value >= b.value:
            return False
        if gap == " to " and left.endswith("by ") and b.unit not in ("%", "pp"):
            return False
        return not (gap.strip().isalpha() and self.rules.moved.search(left))

    def _scale_like(self, a: Numeral, b: Numeral) -> None:
        """Give the first of two amounts the scale that is printed once, after the second: '1.4 to 1.6 million'."""
        m = self.rules.amount.match(self.low, b.start)
        own = self.rules.amount.match(self.low, a.start)
        if m and own and not own["scale"] and m["number"][0].isdigit() and own["number"][0].isdigit() and a.value and b.value:
            printed = digits(m["number"])
            if printed:
                factor = EXACT.divide(b.value, printed)
                value = plain(EXACT.multiply(digits(own["number"]), factor))
                if value <= b.value or factor < 1:
                    a.value, a.low = value, a.low and EXACT.multiply(a.low, factor)

    def _surroundings(self, n: Numeral, lo: int, hi: int) -> None:
        """Qualifier, direction and basis of a quantity, from the words before and after it."""
        rules = self.rules
        pattern, table = rules.before
        stop = n.start
        if self.low[stop - 1 : stop] == ")":  # '业主委员会（物业管理委员会）1000个'
            stop = max(self.low.rfind("(", lo, stop), lo)
        window = self.low[max(lo, n.start - _WINDOW) : stop][::-1]
        near, linked, by, level, pos = True, False, False, False, 0
        direction, basis = n.direction, None
        rate, money = n.unit in ("%", "pp", "times"), n.unit in _MONEY
        for m in pattern.finditer(window):
            kind, value = table[m[0]]
            near = near and not window[pos : m.start()].strip(" ")
            pos = m.end()
            if kind == "stop":
                break
            if kind == "skip":
                linked = linked or near and m[0] in ("yb", "fo", "-")
                by = by or near and m[0] == "yb"
            elif kind == "qualifier":
                if near and n.qualifier == "exact":
                    n.qualifier = value
                elif not near and not rules.spaced and rate:
                    break  # '超过全国平均水平0.7个百分点' compares
            elif kind == "level":
                level = level or near
            elif kind == "basis":
                basis = basis or value
                if value != "yoy" and direction is None:
                    direction = "none"
            elif direction is None:
                if kind == "noun":
                    if near or linked or level:
                        direction = value
                elif level:
                    continue
                elif kind == "far":
                    if near or not rate or value == "down" and m.start() <= 4:  # '减少材料60%'
                        direction = value
                elif (near or by) and (kind == "verb" or rate or by or money and not rules.spaced):
                    direction = value
        if rules.spaced and n.unit in _LENGTHS and not linked:
            direction = None
        self._after(n, hi, direction if direction != "none" else None, basis)

    def _after(self, n: Numeral, hi: int, direction: str | None, basis: str | None) -> None:
        rules = self.rules
        pattern, table = rules.after
        hi = min(hi, n.end + _WINDOW)
        pos, near, noun_end = n.end, True, self.stops.get(n.start, n.end)
        for m in pattern.finditer(self.low, n.end, hi):
            kind, value = table[m[0]]
            near = near and (m.start() == noun_end + 1 or not self.low[pos : m.start()].strip(" )"))
            if kind == "qualifier" and near and n.qualifier == "exact":
                n.qualifier, pos = value, m.end()
            elif kind == "noun" and near and direction is None:
                direction, pos = value, m.end()
            elif kind == "basis" and (basis is None or value == "yoy") and near:
                basis, pos = value, m.end()
        if basis is None and (direction or n.direction) and rules.yearly.search(self.low, n.end, hi):
            basis = "yoy"
        if basis == "yoy" and not (direction or n.direction):
            basis = None
        if n.unit == "%" and basis is None and direction is None and rules.part.match(self.low, n.end):
            basis = "share"
        each = rules.each.search(self.low, max(0, n.start - 20), n.start) if rules.each and n.unit in _MONEY else None
        if each:
            n.unit = "/".join([n.unit or "", *(rules.rules["per"][g] for g in each.groups() if g)])
        if n.unit == "pp" and basis != "yoy" and rules.comparison.match(self.low, n.end):
            direction = None
        n.direction, n.basis = (None if basis == "contribution" else direction), basis

    def _lists(self, quantities: list[Numeral]) -> None:
        """In a list ('13.1%, 14.0% and 10.7% over the previous year') what is said once holds for all."""
        pairs = list(zip(quantities, quantities[1:], strict=False))
        for a, b in reversed(pairs):
            gap = self.low[a.end : b.start]
            if not self.rules.list.fullmatch(gap) and not (self.rules.spaced and gap == " to "):
                continue
            if a.unit in (None, "count") and a.noun is None and b.unit and a.value is not None and b.value is not None:
                if gap == " to " and a.value < b.value / 100 or gap == " to " and a.value < 1000 <= b.value:
                    self._scale_like(a, b)
                a.unit, a.noun = b.unit, b.noun
            if a.unit == b.unit and gap != " to ":
                a.direction = a.direction or b.direction
                a.basis = a.basis or b.basis
                if not self.rules.spaced and b.qualifier == "about" and a.qualifier == "exact" and gap == "、" and self.low.startswith("左右", b.end):
                    a.qualifier = "about"
        for a, b in pairs:
            gap = self.low[a.end : b.start]
            if a.unit == b.unit and self.rules.list.fullmatch(gap):
                b.direction = b.direction or a.direction
                b.basis = b.basis or a.basis
            elif a.unit == b.unit and self.rules.pair.fullmatch(gap):
                b.basis = b.basis or a.basis
            elif a.direction and not b.direction and a.unit == b.unit and (a.unit == "%" or not self.rules.spaced):
                if self.rules.item.fullmatch(gap) and not _SAYS.search(gap):
                    b.direction = a.direction

    def _counted(self, n: Numeral) -> None:
        """A number with no noun of its own counts what was counted before it: '28 lines; 16 have opened'."""
        if n.unit in _MONEY:
            self.money = n.unit
        elif n.unit is None and self.money and n.value is not None and n.value >= 1000000 and not n.surface[-1].isdigit():
            n.unit = self.money  # 'tax revenue 44.6 billion'
        if n.unit == "household" and not self.rules.spaced and self.counted[0] == "count" and _FIRMS.search(self.counted[1] or ""):
            n.unit = "count"
        if n.unit == "%":
            self.rate = n
        elif n.unit is None and self.rate and "." in n.surface and self.low[n.start - 1] == "(" and self.low[n.end : n.end + 1] == ")":
            n.unit, n.direction, n.basis = "%", self.rate.direction, self.rate.basis  # 'led by Shanwan (8.0)'
        if n.unit is None and self.counted[0] and self.low.startswith((" for every", " per "), n.end):
            n.unit, n.noun = self.counted
        if n.unit is None and self.rules.spaced and self.counted[0] and n.value is not None:
            if "." not in n.surface and n.value < 100000 and self.rules.elliptic.match(self.low, n.end):
                n.unit, n.noun = self.counted
        if n.unit in ("count", "person", "household"):
            if n.noun is None and n.unit == "count":
                n.noun = self.counted[1]
            self.counted = (n.unit, n.noun)

    def _interval(self, n: Numeral) -> None:
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


def _plain(text: str) -> str:
    """The text in lower case with plain quotes, hyphens and digits, every character in its place."""
    plain = text.translate(_PLAIN)
    low = plain.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)
