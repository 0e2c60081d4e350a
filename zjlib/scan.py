"""Numerals of a text, and what they measure: one engine over the rules of a language."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Context, Decimal
from typing import TYPE_CHECKING, Any

from zjlib.languages import Language, language
from zjlib.periods import Calendar
from zjlib.report import Document

if TYPE_CHECKING:
    import pandas as pd

_EXACT = Context(prec=90)
_HALF = Decimal("0.5")
_WINDOW = 90  # characters before an amount that may bound or turn it
_NOUN_WORD = re.compile(r"[ -]?([a-z][a-z'-]*)")
_PART = re.compile(r" of (?:the|its|their|these|those)(?: world's)?(?: top \d+)?| “[^“\n]{0,40}?([a-z]*)”")
_PLAIN = str.maketrans("０１２３４５６７８９．％＋（）\u00a0\u3000’‘–—−‑～", "0123456789.%+()  ''----~")


@dataclass(slots=True)
class Numeral:
    """A numeral of a text. `kind` is quantity, date, ordinal, name or word; the contract's fields say the rest."""

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
            data[column] = pd.array(values, dtype="int64" if column in ("start", "end", "paragraph") else "str")
    return pd.DataFrame(data)


class _Scanner:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.text = document.text
        self.low = _plain(document.text)
        self.rules: Language = language(document.language)
        self.calendar = Calendar(self.rules, document.date)

    def run(self) -> list[Numeral]:
        """All numerals: found by one pass of the language's pattern, then read sentence by sentence."""
        sentences = self.document.sentences
        starts = [s.start for s in sentences]
        out: list[Numeral] = []
        here, group, times = -1, [], []
        self.paragraph, self.context = 0, None
        for m in self.rules.numeral.finditer(self.low):
            number = bisect_right(starts, m.start()) - 1
            if number != here:
                if group or times:
                    out += self._read(sentences[here], group, times)
                here, group, times = number, [], []
            group.append(m)
        if group:
            out += self._read(sentences[here], group, times)
        return out

    def _read(self, sentence: Any, matches: list[re.Match[str]], times: list[Any]) -> list[Numeral]:
        """The numerals of one sentence, with what the words around them say."""
        text = self.text[sentence.start : sentence.end]
        if sentence.paragraph != self.paragraph:
            self.paragraph, self.context = sentence.paragraph, None
        found: list[Numeral] = []
        for m in matches:
            n = self._numeral(m)
            if n is None:
                continue
            if isinstance(n, tuple):
                times.append(n)
                continue
            n.sentence, n.paragraph = text, sentence.paragraph
            if n.kind == "date" and n.period:
                times.append((n.start, n.end, n.period))
            found.append(n)
        found = self._ranges(found)
        quantities = [n for n in found if n.kind == "quantity"]
        for i, n in enumerate(quantities):
            lo = quantities[i - 1].end if i else sentence.start
            hi = quantities[i + 1].start if i + 1 < len(quantities) else sentence.end
            self._attributes(n, lo, hi, quantities[i - 1] if i else None)
        self._spread(quantities)
        self._periods(sentence, quantities, times)
        return found

    # -- one numeral ------------------------------------------------------------------------------------------------

    def _numeral(self, m: re.Match[str]) -> Any:
        kind = m.lastgroup or ""
        start, end = m.span()
        for kind in ("quantity", "date", "name", "ordinal", "word", "rest", "vague", "silent", "span", "fraction", "multiple"):
            if m[kind] is not None:
                break
        surface = m[0]
        if kind == "rest":
            while start and self.low[start - 1].isalnum() and start > m.start() - 20:
                start -= 1
            kind = "name"
        if kind in ("name", "ordinal", "word"):
            rank = self._rank(surface) if kind == "ordinal" else None
            return Numeral(start, end, self.text[start:end], kind, rank)
        if kind in ("date", "silent", "span"):
            return self._date(kind, start, end, surface)
        n = Numeral(start, end, self.text[start:end], "quantity", qualifier="exact")
        if kind == "vague":
            n.unit, n.qualifier = "count", "about"
            n.noun, _ = self._noun(end)
            if self._quoted(start):
                return Numeral(start, end, n.surface, "name")
            return n
        if kind == "fraction":
            top = m["top"] or "1"
            part = self.rules.rules["fractions"][m["part"] or "half"].split("/")
            n.value = (Decimal(top) if top.isdigit() else self.rules.values.get(top, Decimal(1))) * int(part[0]) / int(part[1])
            n.unit, n.low, n.high = "ratio", n.value, n.value
            return n
        if kind == "multiple":
            times, n.direction = self.rules.rules["multiples"][m["multiple"]]
            n.value, n.unit = Decimal(times), "times"
            n.low = n.high = n.value
            return n
        return self._quantity(m, n)

    def _rank(self, surface: str) -> Decimal | None:
        """The place that an ordinal names: 2 for 'second', '2nd' and 'No. 2'; None when its words are not in the language's ranks."""
        digits = re.search(r"\d+", surface)
        place = digits[0] if digits else self.rules.rules.get("ranks", {}).get(surface)
        return Decimal(place) if place is not None else None

    def _quantity(self, m: re.Match[str], n: Numeral) -> Numeral:
        rules, number = self.rules, m["number"]
        scale = (m["scale"] or "").replace("-", " ").split()
        factor = Decimal(1)
        for word in scale:
            factor = _EXACT.multiply(factor, rules.scales[word])
        digits = number[0].isdigit()
        if digits:
            value = Decimal(number.replace(",", ""))
            step = Decimal(1).scaleb(int(value.as_tuple().exponent))
        else:
            value, step = self._words(number), Decimal(1)
        unit = None
        if m["unit"]:
            unit, per = rules.units[m["unit"].strip(" -")]
            factor = _EXACT.multiply(factor, per)
        elif m["currency"]:
            unit = rules.rules["currency"][m["currency"]]
        if m["per"] and unit:
            unit = f"{unit}/{rules.rules['per'][m['per']]}"
        n.value = _EXACT.multiply(value, factor).normalize(_EXACT) + 0
        n.low = _EXACT.multiply(step * _HALF, factor)  # for now half a unit of the last digit; _bounds makes an interval of it
        n.unit = unit
        bare = not m["unit"] and not m["currency"]
        if bare:
            n.noun, people = self._noun(n.end)
            if n.noun == "unit" and re.search(r"\b(?:vehicles?|cars?|automobiles?|nevs?)\b", self.low[max(0, n.start - 60) : n.end + 40]):
                n.noun = "vehicle"
            if n.noun:
                n.unit = "person" if people else "count"
                if people and n.noun in ("person", "people"):
                    n.noun = None
            if not digits and not scale:
                if self._quoted(n.start):
                    return Numeral(n.start, n.end, n.surface, "name")
                if not n.noun:
                    return Numeral(n.start, n.end, n.surface, "word")
            if number == "one" and not scale and self.low[max(0, n.start - 6) : n.start].split(" ")[-1:] == ["with"]:
                return Numeral(n.start, n.end, n.surface, "word")
        return n

    def _words(self, number: str) -> Decimal:
        total = current = Decimal(0)
        if number == "half a":
            return _HALF
        if number == "a dozen":
            return Decimal(12)
        tail = Decimal(0)
        if number.endswith("and a half"):
            number, tail = number[:-11], _HALF
        for word in number.replace("-", " ").split():
            word = word if word in self.rules.values else word.rstrip("s")
            if word in ("and", "a") or word not in self.rules.values:
                current = current or Decimal(word == "a")
                continue
            v = self.rules.values[word]
            if word not in self.rules.multipliers:
                current += v
            elif word in self.rules.small:
                current = (current or 1) * v
            elif v > total:
                total, current = (total + (current or 1)) * v, Decimal(0)
            else:
                total, current = total + current * v, Decimal(0)
        return total + current + tail

    def _date(self, kind: str, start: int, end: int, surface: str) -> Any:
        rules = self.rules
        patterns = {"date": rules.dates, "silent": rules.silents, "span": rules.spans}[kind]
        period = self.calendar.period(patterns, surface, None)
        if kind == "silent":
            return (start, end, period)
        if kind == "date":
            return Numeral(start, end, self.text[start:end], "date", period=period)
        # A span ('the next five years') is a length of time and a period for its sentence.
        m = next(m for p in rules.spans if (m := p.fullmatch(surface)))
        start += m.start("n")
        value = Decimal(self.calendar._number(m["n"]))
        return Numeral(start, end, self.text[start:end], "quantity", value, "year", None, "exact", _HALF, period=period)

    def _quoted(self, start: int) -> bool:
        """Whether a numeral stands in quotation marks that opened shortly before it: a slogan or a name."""
        left = self.low[max(0, start - 60) : start]
        return left.rfind("“") > left.rfind("”") or '"' in left and left.count('"') % 2 == 1

    def _noun(self, end: int) -> tuple[str | None, bool]:
        """The counted noun after an amount, singular, and whether it is people."""
        nouns = self.rules.rules["nouns"]
        head = None
        part = _PART.match(self.low, end)  # '10 of the world's top 500 companies', 'three “No. 1” projects'
        pos = part.end() if part else end
        for _ in range(9):
            m = _NOUN_WORD.match(self.low, pos)
            if m is None:
                break
            word, first, pos = m[1].removesuffix("'s").strip("'-"), pos == end, m.end()
            if word in ("and", "or") and head is None and not first:
                continue
            if word in nouns["stop"]:
                break
            plural = word in nouns["plurals"] or (word[-1:] == "s" and word[-2:] not in ("ss", "us", "is") and word not in nouns["not_plural"])
            if plural and not m[1].endswith("'s"):
                head = word
            elif head:
                break
        if head is None and part and part[1]:
            head = part[1]
            return head, False
        if head is None:
            return None, False
        return _singular(head, nouns["plurals"]), head in nouns["people"]

    # -- its neighbours ---------------------------------------------------------------------------------------------

    def _ranges(self, found: list[Numeral]) -> list[Numeral]:
        """Join '5' 'to' '5.5 percent' into one quantity with an upper end."""
        out: list[Numeral] = []
        for n in found:
            last = out[-1] if out else None
            if (
                last
                and last.kind == n.kind == "quantity"
                and last.value is not None
                and n.value is not None
                and last.value_max is None
                and n.start - last.end < 6
                and last.unit in (None, "count", n.unit)
                and self._joined(last, n)
            ):
                if last.unit != n.unit and last.value < n.value and last.low and n.low and n.unit:
                    m = self.rules.amount.match(self.low, n.start)
                    plain = Decimal(re.sub(r"[^\d.]", "", m["number"]) or 0) if m and m["number"][:1].isdigit() else None
                    if plain:
                        last.value = _EXACT.multiply(last.value, _EXACT.divide(n.value, plain)).normalize(_EXACT) + 0
                last.value_max, last.unit, last.noun = n.value, n.unit, n.noun
                last.end = n.end
                last.surface = self.text[last.start : last.end]
                continue
            out.append(n)
        return out

    def _joined(self, a: Numeral, b: Numeral) -> bool:
        gap = self.low[a.end : b.start]
        left = self.low[max(0, a.start - 14) : a.start]
        if gap == " and ":
            return "between" in left
        return bool(self.rules.range.fullmatch(gap)) and not (gap.strip().isalpha() and re.search(r"\bfrom( \w+)? $", left))

    def _attributes(self, n: Numeral, lo: int, hi: int, last: Numeral | None) -> None:
        """Qualifier, direction and basis of a quantity, from the words before and after it."""
        pattern, table = self.rules.before
        lo = max(lo, n.start - _WINDOW)
        window = self.low[lo : n.start][::-1]
        near, by, level, pos = True, False, False, 0
        direction = n.direction
        for m in pattern.finditer(window):
            kind, value = table[m[0]]
            if window[pos : m.start()].strip(" ,"):
                near = False
            pos = m.end()
            if kind == "stop":
                break
            if kind == "skip":
                by = by or near and m[0] in ("yb", "fo", "-")
            elif kind == "qualifier":
                if near and n.qualifier == "exact":
                    n.qualifier = value
            elif kind == "level":
                level = level or near
            elif kind == "basis":
                n.basis = n.basis or value
            elif kind == "noun" and direction is None and not n.basis:
                if near or by or level:
                    direction = value
            elif kind == "verb" and direction is None and not level and not n.basis:
                if near or by:
                    direction = value
        pattern, table = self.rules.after
        pos, near = n.end, True
        for m in pattern.finditer(self.low, n.end, min(hi, n.end + 60)):
            kind, value = table[m[0]]
            gap = self.low[pos : m.start()].strip(" ")
            if gap:
                near = False
            if kind == "qualifier" and near and n.qualifier == "exact":
                n.qualifier = value
                pos = m.end()
            elif kind == "noun" and near and direction is None:
                direction, pos = value, m.end()
            elif kind == "basis" and n.basis is None:
                n.basis = value
        n.direction = None if n.basis == "contribution" else direction
        self._bounds(n)

    def _bounds(self, n: Numeral) -> None:
        if n.value is None or n.unit == "ratio" or n.high is not None:
            return
        half, n.low = n.low or Decimal(0), None
        if n.value_max is not None:
            n.low, n.high = n.value, n.value_max
        elif n.qualifier in ("more_than", "at_least"):
            n.low = n.value
        elif n.qualifier in ("less_than", "at_most"):
            n.high = n.value
        else:
            if n.qualifier == "about" and n.value:
                half = max(half, Decimal(1).scaleb(int(n.value.normalize().as_tuple().exponent)) * _HALF)
            n.low, n.high = _EXACT.subtract(n.value, half), _EXACT.add(n.value, half)

    def _spread(self, quantities: list[Numeral]) -> None:
        """In a list ('13.1%, 14.0% and 10.7% over the previous year') what is said once holds for all."""
        for a, b in zip(quantities, quantities[1:], strict=False):
            if a.unit == b.unit and self.rules.list.fullmatch(self.low[a.end : b.start]):
                b.direction = b.direction or a.direction
                b.basis = b.basis or a.basis
        for b, a in zip(quantities[::-1], quantities[-2::-1], strict=False):
            if a.unit == b.unit and self.rules.list.fullmatch(self.low[a.end : b.start]):
                a.direction = a.direction or b.direction
                a.basis = a.basis or b.basis

    def _periods(self, sentence: Any, quantities: list[Numeral], times: list[Any]) -> None:
        times = [t for t in times if t[2] and not self.rules.reference.search(self.low, max(sentence.start, t[0] - 30), t[0])]
        spans = [(n.start, n.end, n.period) for n in quantities if n.period]
        times = sorted(times + spans)
        for n in quantities:
            before = [t for t in times if t[0] <= n.start]
            after = [t for t in times if t[0] > n.start]
            n.period = before[-1][2] if before else after[0][2] if after else self.context
        carry = [t[2] for t in times if len(t[2]) != 10]
        if carry:
            self.context = carry[-1]


def _plain(text: str) -> str:
    """The text in lower case with plain quotes, hyphens and digits, every character in its place."""
    plain = text.translate(_PLAIN)
    low = plain.lower()
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


def _singular(word: str, irregular: dict[str, str]) -> str:
    if word in irregular:
        return irregular[word]
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("sses", "xes", "ches", "shes", "zzes")):
        return word[:-2]
    return word[:-1]
