"""Numerals of a text, and what they measure: one engine over the rules of a language."""

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal
from functools import cache
from itertools import groupby
from typing import TYPE_CHECKING, Any

from zjlib.glyphs import RADICALS, respelled
from zjlib.languages import Language, language
from zjlib.report import Document, Sentence, expect
from zjlib.scanning.amounts import Amounts
from zjlib.scanning.bases import Bases
from zjlib.scanning.calendar import Calendar, is_day
from zjlib.scanning.cells import Cells
from zjlib.scanning.company import Company
from zjlib.scanning.ellipsis import Ellipsis
from zjlib.scanning.numbers import HALF
from zjlib.scanning.numeral import Numeral, interval
from zjlib.scanning.periods import Periods
from zjlib.scanning.ranges import Ranges
from zjlib.scanning.reading import Reading
from zjlib.scanning.surroundings import Surroundings, passing
from zjlib.scanning.times import Time
from zjlib.units import MONEY

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["COLUMNS", "Numeral", "numerals", "scan"]


COLUMNS = (
    "start", "end", "surface", "value", "unit", "noun", "qualifier", "low", "high", "value_max",
    "direction", "basis", "period", "sentence", "paragraph",
)  # fmt: skip
_FLOATS = ("value", "low", "high", "value_max")
_INTEGERS = ("start", "end", "paragraph")

# What ends a clause, where words are parted by spaces and where they are not.
_CLAUSE = {True: (", ", "; "), False: (",", ";", "，", "；")}
_BARRED = re.compile(r"(?m)^[^|\n]*\|[^|\n]*\|.*$")
_SPACED = re.compile(r"(?m)^\S[^\n]*[^\s.!?:;,]  +[^\s][^\n]*[^\s.!?:;,]  +\S.*$")
_PARTED = re.compile(r"(?m)^[^;\n]{2,60}(?:;[^;.\n]+)+\n(?:[^;\n]{2,60}(?:; ?[-+]?\d[\d.,]*%?)+(?:\n|\Z))+")
_SPACED_THOUSANDS = re.compile(r"(?<=\t)\d{1,3}(?: \d{3})+(?=[\t\n]|\Z)|(?<=\t )\d{1,3}(?: \d{3})+(?= [\t\n]|\Z)")
_QUOTED = re.compile(r"(?m)^ ?>[> ]*")  # lines of a mail that another one quotes
_BEFORE_LETTER = re.compile(r"  (?=[a-z])")
_WIDE_GAP = re.compile(r"(?<= ) (?=\S)")
_FULL_COMMA = re.compile(r"(?<=\d)，(?=\d{3}(?!\d))")
_RAISED = re.compile("[¹²³⁴-⁹]+")
# What no power is of, but a footnote may be.
_NOTED = re.compile(r"(?:[a-z]{4}|(?<!\d)(?:19|20)\d\d|\d\.\d+|[%年])\Z", re.I)
_DASHED = re.compile(r"(?<=[A-Za-z).”])—(?=[^\s])|(?<=[^\s])—(?=[A-Za-z“])")
_PLAIN = str.maketrans(
    "０１２３４５６７８９．﹒％﹪℅＋（）：／－∶\u00a0\u202f\u2009\u3000’‘–—−‑～〜∼○",
    "0123456789..%%%+():/-:    ''----~~~〇",
)


def numerals(document: Document) -> list[Numeral]:
    """Every numeral of a document, in the order of the text; spans do not overlap."""
    expect(document, Document, "scan", "read_document(path), or make one of a text with Document.from_text(text)")
    typed = respelled(document.text)
    if typed is None:
        return _numerals(document)
    sentences = document.sentences
    starts = [s.start for s in sentences]
    found = _numerals(replace(document, text=typed.text))
    for n in found:
        n.start, n.end = typed.places[n.start], typed.places[n.end - 1] + 1
        sentence = sentences[bisect_right(starts, n.start) - 1]
        n.surface, n.paragraph = document.text[n.start : n.end], sentence.paragraph
        n.sentence = document.text[sentence.start : max(sentence.end, n.end)]
    return found


def _numerals(document: Document) -> list[Numeral]:
    others = {*document.languages} - {document.language}
    if not others:
        return _Scanner(document).run()
    out, starts = [], [start for start, _ in document.paragraphs]
    for code in (document.language, *others):  # each reads all, and of what it read its own paragraphs count
        for n in _Scanner(replace(document, language=code)).run():
            n.paragraph = bisect_right(starts, n.start)  # lines that a language joins are others of another's
            if document.languages[n.paragraph - 1] == code:
                out.append(n)
    return sorted(out, key=lambda n: n.start)


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
        self.low = _plain(_in_cells(_unbroken(document)), self.rules)
        self.calendar = Calendar(self.rules, document.date)
        self.periods = Periods(self.calendar, self.low)
        self.reading = Reading(self.rules, self.text, self.low)
        self.amounts, self.ranges, self.near = Amounts(self.reading), Ranges(self.reading), Surroundings(self.reading)
        self.company, self.ellipsis = Company(self.reading), Ellipsis(self.reading)
        self.cells = Cells(self.rules, self.low, document.paragraphs)
        self.bases = Bases(self.calendar, self.periods.times, self.low)

    def run(self) -> list[Numeral]:
        sentences = self.document.sentences
        starts = [s.start for s in sentences]
        out: list[Numeral] = []
        found = self.rules.numeral.finditer(self.low)
        for number, matches in groupby(found, key=lambda m: bisect_right(starts, m.start()) - 1):
            out += self._read(sentences[number], matches, out[-1].end if out else 0)
        return out

    def _read(self, sentence: Sentence, matches: Iterable[re.Match[str]], end: int) -> list[Numeral]:
        """The numerals of one sentence, with what the words around them say; those before it end at `end`."""
        text = self.text[sentence.start : sentence.end]
        if self.periods.paragraph != sentence.paragraph:
            self.reading.start_paragraph()
            self.bases.start_paragraph()
            if self.low.find("\t", *self.document.paragraphs[sentence.paragraph - 1]) >= 0:
                self.reading.counted = None, None  # a row counts what it says itself
        found: list[Numeral] = []
        times: list[Time] = []
        counted = self.reading.counted
        for m in matches:
            for n in self._found(m, times, sentence, max(end, sentence.start)):
                if n.start >= end:
                    n.paragraph = sentence.paragraph
                    # 'Vol. 3' holds what looks like a sentence's end
                    n.sentence = text if n.end <= sentence.end else self.text[sentence.start : n.end]
                    found.append(n)
                    end = n.end
        quantities = [n for n in found if n.kind == "quantity"]
        if len(quantities) > 1:
            found = self.ranges.join(found)
            quantities = [n for n in found if n.kind == "quantity"]
        if quantities:  # half of the sentences with numerals have only names, dates and words
            self._tell(sentence, quantities)
        self.cells.read(sentence, found)
        self.reading.counted = counted
        for i, n in enumerate(quantities):
            self.ellipsis.read(n, sentence.start, quantities[i + 1 :])
            interval(n)
        self.periods.assign(sentence, quantities, times)
        if self.reading.parts:
            for n in quantities:
                n.period = self.reading.parts.get(n.start, n).period
        self.bases.read(sentence, quantities, times)
        return found

    def _found(self, m: re.Match[str], times: list[Time], sentence: Sentence, floor: int) -> Iterable[Numeral]:
        """The numerals that a match is; the one before it ends at `floor`. Times that it names are put into `times`."""
        kind = m.lastgroup or "rest"
        if kind == "quantity":
            return (self.amounts.read(m),)
        if kind in ("date", "silent", "span"):
            n = self._date(kind, m, times, sentence)
            return (n,) if n else ()
        parts = self.amounts.parts(m) if kind == "name" and ":" in m[0] else ()
        return parts or (self._other(kind, m, floor),)

    def _tell(self, sentence: Sentence, quantities: list[Numeral]) -> None:
        """What the words of a sentence, and its amounts themselves, say of its amounts."""
        self.ranges.sums(quantities)
        if len(quantities) > 1:
            self.ranges.units(quantities)
        lo = sentence.start
        for i, n in enumerate(quantities):
            self.near.read(n, sentence.start, lo, self._reach(n, quantities[i + 1 :], sentence))
            if not (passing(n) or (n.unit in MONEY and self.rules.sum_floor.match(self.low, n.end))):
                lo = n.end
        self.company.read(quantities)

    def _reach(self, n: Numeral, rest: list[Numeral], sentence: Sentence) -> int:
        """How far what stands after an amount may be of it: to the next one that is not the same again in brackets."""
        for q in rest:
            aside = self.rules.aside_after.match(self.low, n.end)
            if not aside or aside.end() != q.start:
                return q.start
        return sentence.end

    def _to_come(self, m: re.Match[str], sentence: Sentence, period: str) -> bool:
        """'38 are to be completed by December', 'from January 1 it will': whether a time is told of what will be."""
        marks = _CLAUSE[self.rules.spaced]
        start = max(sentence.start, *(self.low.rfind(mark, sentence.start, m.start()) for mark in marks))
        before = self.low[start : m.start()]
        by = self.rules.by_then.search(before)
        if by or self.rules.by_head.match(m[0]):
            leads = not (before[: by.start()] if by else before).strip()
            return self._due_in_clause(m.end(), sentence, marks) if leads else bool(self.rules.due.search(before))
        if is_day(period) and self.rules.then_did.match(self.low, m.end()):
            return False  # 'will cost more after the minister on Friday raised the duty'
        months = (len(period) == 15 and int(period[-2:]) - int(period[5:7]) == 2) or self.rules.months_on.search(m[0])
        if not (months or len(period) in (7, 10, 21)) or not self.calendar.nearer_ahead(period):
            return False
        if self.rules.month_told.search(m[0]) and self.calendar.just_gone(period):
            return False  # '11月22日，晚稻收割完毕，预计年内可售完'
        stops = marks if before.strip() else ()
        if self.rules.opens.fullmatch(before):
            stops = marks[1:]  # 'starting in May, the fee will be …; '
        ends = [self.low.find(mark, m.end(), sentence.end) for mark in stops]
        if more := self.rules.and_more.search(self.low, m.end(), sentence.end):
            ends.append(more.start())
        end = min((e for e in ends if e > 0), default=sentence.end)
        due = self.rules.due.search(self.low, start, end)
        # 'work started on Thursday on two plants that will cost 40 billion yuan'
        aside = due and is_day(period) and self.rules.relative_word.search(self.low, m.end(), due.start())
        return bool(due and not aside)

    def _due_in_clause(self, start: int, sentence: Sentence, marks: tuple[str, ...]) -> bool:
        """'By September, 53 berths will be open': whether the clause after a time that leads its sentence tells what will be."""
        ends = [self.low.find(mark, start + 2, sentence.end) for mark in marks]
        clause = self.low[start : min((e for e in ends if e > 0), default=sentence.end)]
        due = self.rules.due.search(clause)
        return due is not None and not self.rules.was_so.search(clause, 0, due.start())

    def _rank(self, surface: str) -> Decimal | None:
        """The place that an ordinal names: 2 for 'second', '2nd' and 'No. 2'; None when its words are not in the language's ranks."""
        figure = re.search(r"\d+", surface)
        place = figure[0] if figure else self.rules.rules["ranks"].get(surface)
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
        read = {"vague": self.amounts.vague, "fraction": self.amounts.fraction, "multiple": self.amounts.multiple}
        read[kind](n, m)
        return n

    def _date(self, kind: str, m: re.Match[str], times: list[Time], sentence: Sentence) -> Numeral | None:
        """Note the time that a date or a span names; the numeral that stands for it, None where it is told in plain words."""
        start, end = m.span()
        period = self.calendar.period(kind, self.low, start, end)
        if period and self._to_come(m, sentence, period):
            period = self.calendar.next_year(period, m[0])
        if self.rules.in_years.fullmatch(m[0]):
            ahead = self.rules.will.search(self.low, sentence.start, sentence.end)
            if not ahead or self.rules.superlative.search(self.low, sentence.start, start):
                period = None  # 'the lowest level in 16 years'
        times.append(Time(start, end, period, m[0]))
        if kind == "silent":
            return None
        if kind == "date":
            lead = self.rules.date_lead.match(self.low, start)
            start = lead.end() if lead else start
            named = self.rules.rules["plans_are_names"] and self.calendar.is_plan(m[0])
            return Numeral(start, end, self.text[start:end], "name" if named else "date", period=period or None)
        inner = self.calendar.span(m[0])
        start += inner.start("n")
        value = Decimal(self.calendar.number(inner["n"]))
        surface = self.text[start:end]
        return Numeral(
            start, end, surface, "quantity", value, "year", qualifier="exact", period=period or None, half=HALF
        )


def _unbroken(document: Document) -> str:
    """The text with a space for each line's end within a paragraph."""
    parts, last = [], 0
    for start, end in document.paragraphs:
        if "\n" in document.text[start:end]:
            parts += [document.text[last:start], document.text[start:end].replace("\r", " ").replace("\n", " ")]
            last = end
    return "".join(parts) + document.text[last:]


def _in_cells(text: str) -> str:
    """The text with tabs between the cells of rows that are parted by bars, semicolons or several spaces."""
    text = _BARRED.sub(_unbarred, text) if "|" in text else text
    text = _PARTED.sub(lambda m: m[0].replace(";", "\t"), text) if ";" in text else text
    if "\t" in text:
        text = _SPACED_THOUSANDS.sub(lambda m: m[0].replace(" ", ","), text)
    return (
        _SPACED.sub(lambda m: m[0] if _justified(m[0]) else _WIDE_GAP.sub("\t", m[0]), text) if "  " in text else text
    )


def _unbarred(m: re.Match[str]) -> str:
    """A row with tabs for the bars between its cells, and nothing for those at its ends."""
    row = m[0].rstrip().removesuffix("|")
    if row.lstrip().startswith("|"):
        row = row.replace("|", " ", 1)
    return row.replace("|", "\t").ljust(len(m[0]))


def _justified(line: str) -> bool:
    """Whether the wide gaps of a line are those of prose that was filled to both margins: most stand before small letters."""
    return len(_BEFORE_LETTER.findall(line)) * 2 > len(_WIDE_GAP.findall(line))


@cache
def _odd(rules: Language) -> tuple[re.Pattern[str], dict[str, str]]:
    """The characters that a text may have in a form that the rules are not written for, and that form."""
    table: dict[int, int | str] = {**_PLAIN, **RADICALS, **rules.variants}
    forms = {chr(c): chr(c).translate(table) for c in table}
    return re.compile(f"[{re.escape(''.join(forms))}]"), forms


def _plain(text: str, rules: Language) -> str:
    """The text in lower case with plain quotes, hyphens, digits and characters, every one in its place."""
    if ">" in text:
        text = _QUOTED.sub(lambda m: " " * len(m[0]), text)
    if rules.spaced and "—" in text:
        text = _DASHED.sub(";", text)  # 'a tidy tale—5.4%': no hyphen
    odd, forms = _odd(rules)
    plain = text
    for c in sorted(set(odd.findall(text)), key=lambda c: forms[c] in forms):  # 車 before ⾞, which becomes 車
        plain = plain.replace(c, forms[c])
    plain = _RAISED.sub(  # 'fell 3 percent²', 'in 2023⁴'
        lambda m: " " * len(m[0]) if _NOTED.search(plain, m.start() - 8, m.start()) else m[0], plain
    )
    if "，" in plain:
        plain = _FULL_COMMA.sub(",", plain)
    if "0" in plain:
        plain = rules.nought.sub("〇", plain)
    if "·" in plain:
        plain = rules.raised_point.sub(".", plain)
    if "." in plain:
        plain = rules.spelled_point.sub(rules.point, plain)
    low = plain.lower()
    if "o" in low:
        low = rules.letter_nought.sub("〇", low)
    if "-" in low:
        low = rules.range_dash.sub(lambda m: f"{m[0][:-1]}~", low)
    return low if len(low) == len(text) else "".join(c.lower() if len(c.lower()) == 1 else c for c in plain)


language("en")  # its patterns are compiled with the import, not with the first report
