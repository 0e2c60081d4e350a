"""Which numerals are no amounts: names, titles, slogans in quotes, and words that count nothing."""

import re

from zjlib.scanning.numeral import Numeral
from zjlib.scanning.reading import Reader, Reading
from zjlib.units import MONEY

# Words in capitals, or two things counted: 'Two Thousand Projects, Two Trillion Yuan', '1,000 projects, 1 trillion yuan'.
# No way back into what was matched: else a row of digits in quotes takes time by the power of its length.
_SLOGAN = re.compile(
    r"(?:[A-Z][a-z-]*+|[\d,.]++|of|and|the|for|[ ,-])++|\d[\d,.]*+ [a-z]++, \d[\d,.]*+ (?:[a-z]++ )?+[a-z]++"
)
_CAPITAL = re.compile(r"\b([A-Z][A-Za-z-]+) $")


class Names(Reader):
    """Tells the numerals of one document that only look like amounts."""

    def __init__(self, reading: Reading) -> None:
        """Reads the numerals of the document that `reading` holds."""
        super().__init__(reading)
        self.plans = self.rules.of_a_plan.search(self.low) is not None  # most texts name none

    def in_words(self, m: re.Match[str], number: str) -> str:
        """The kind of a numeral in words that is no quantity, else ''."""
        if self.quoted(m.start()) and not (self.rules.spaced and m["unit"]):
            return "name"
        rules, low, left = self.rules, self.low, max(m.start() - 1, 0)
        if rules.spaced:  # 'Anhui speeds up its Two-Trillion-Yuan Plan'
            capitals = self.text[m.start()].isupper() and self.text[m.end() + 1 : m.end() + 2].isupper()
            inside = self.text[left] == " " and self.text[left - 1] not in ".!?:“"
            return "name" if capitals and inside and "-" in m[0] else ""
        if rules.nothing.fullmatch(number):
            return "word"
        if rules.round.fullmatch(number):
            unit, _ = rules.units.get(m["unit"], (None, None))
            told = unit in MONEY or unit == "day"  # 百亿元企业, 百日攻坚
            if told and not rules.captioned.search(low, left, m.start()):
                return ""
            bound = m["more"] or m["tail"] or rules.round_before.search(low, left, m.start())
            return "" if bound or rules.round_after.match(low, m.end()) else "name"
        if rules.point in number:
            return ""
        if not m["unit"]:
            counts = rules.large_in_words.fullmatch(number) or rules.spelled_range.match(low, m.end())
            counts = counts or rules.ups_and_downs.match(low, m.end())
            return "" if counts or rules.either.match(low, m.start()) else "word"
        if rules.single.fullmatch(number) and not m["scale"] and not rules.single_units.fullmatch(m["unit"]):
            return "" if rules.only_one.search(low, left, m.start()) else "word"
        return ""

    def titled(self, n: Numeral) -> bool:
        """'Boeing 737': a number after a capitalised word that neither begins a sentence nor says something of amounts."""
        m = None if "," in n.surface else _CAPITAL.search(self.text, n.start - 20, n.start)
        if m is None or m.start(1) < 2 or self.text[m.start(1) - 2] in ".!?\n":
            return False
        return m[1].lower()[::-1] not in self.rules.before[1] and not self._listed(n, m.start(1))

    def _listed(self, n: Numeral, start: int) -> bool:
        """'China took 30 percent, France 9': a number after a name that begins at `start`, in a list of amounts."""
        last = self.reading.end
        beside = 0 < start - last < 50 and self.rules.next_name.search(self.low, last, start)
        return bool(beside and self.rules.list_ends.match(self.low, n.end))

    def alone_in_quotes(self, n: Numeral) -> bool:
        """'the "411" plan', 'the “10,000 Firms Going Global” campaign'."""
        opened = self.low[n.start - 1 : n.start] in ("“", '"')
        return opened and (self.low[n.end : n.end + 1] in ("”", '"') or self.text[n.end + 1 : n.end + 2].isupper())

    def of_a_plan(self, start: int) -> bool:
        """'the “Two Thousand Projects, Two Trillion Yuan” plan': whether a numeral stands in a plan's name in quotes."""
        if not self.plans:
            return False
        opened = max(self.low.rfind(mark, max(0, start - 60), start) for mark in ("“", '"'))
        closed = self.rules.of_a_plan.search(self.low, start, opened + 90) if opened >= 0 else None
        quoted = self.text[opened + 1 : closed.start()] if closed else ""
        return _SLOGAN.fullmatch(quoted) is not None

    def proper(self, n: Numeral) -> bool:
        """'the Three Gorges': a number in capitals within a sentence, before a word in capitals."""
        inside = n.start > 1 and self.text[n.start - 1] == " " and self.text[n.start - 2] not in ".!?:“\n"
        return inside and self.text[n.start].isupper() and self.text[n.end + 1 : n.end + 2].isupper()

    def quoted(self, start: int) -> bool:
        """Whether a numeral stands in quotation marks that opened shortly before it: a slogan or a name, not what someone says."""
        low, floor = self.low, max(0, start - 60)
        opened, closing = low.rfind("“", floor, start), "”"
        if opened <= low.rfind("”", floor, start):
            opened, closing = (low.rfind('"', floor, start) if low.count('"', floor, start) % 2 else -1), '"'
        if opened < 0:
            return False
        closed = low.find(closing, start, opened + self.rules.reach["quote"])
        if closed < 0:
            return False
        said = low[closed - 1] in ",.!?" and self.rules.speaking.search(low, opened - 9, opened)
        said = said or self.rules.clauses.search(low, opened + 1, closed)
        return not said  # '"Three of our ten lines are idle," he said'
