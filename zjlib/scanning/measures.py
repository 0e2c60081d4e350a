"""How a head, a label, a caption or a cell of its own names the unit of a table's numbers."""

import re
from collections import defaultdict
from decimal import Decimal

from zjlib.languages import Language
from zjlib.scanning.numbers import digits
from zjlib.units import EXACT

Measure = tuple[Decimal, str | None]  # a factor to a unit, and that unit


class Measures:
    """The units that the words of a language's tables name."""

    def __init__(self, rules: Language) -> None:
        """By the patterns of a language."""
        self.rules = rules

    def of(self, m: re.Match[str] | None) -> Measure | None:
        """The unit that a match of one of the patterns names, and its factor."""
        if m is None:
            return None
        rules = self.rules
        told: defaultdict[str, str] = defaultdict(str)
        told |= {name.rstrip("1234"): text for name, text in m.groupdict().items() if text}  # 'RMB million', 'm EUR'
        if told["base"] and not is_round(told["base"]):
            return None  # '(60.1 percent)' is an amount
        thousands = Decimal(1000 if told["zeros"] else 1)  # '000
        if told["money"]:
            return EXACT.multiply(thousands, rules.scale(told["of"])), rules.currency[told["money"]]
        if told["rate"] or told["growth"] or told["points"]:
            return Decimal(1), "pp" if told["points"] else "%"
        if told["unit"] in rules.rules["scale_or_unit_heads"] and not rules.length_head.search(m.string):
            return rules.scales[m["unit"]], "count"  # 'Population (m)'
        unit, factor = rules.units.get(told["unit"], (rules.currency.get(told["unit"], "count"), Decimal(1)))
        factor = EXACT.multiply(EXACT.multiply(factor, thousands), rules.scale(told["scale"] or told["bare"]))
        return EXACT.multiply(factor, digits(told["base"].strip() or "1", rules)), unit

    def named(self, text: str) -> Measure | None:
        """The unit that a head, a label or a caption names at its end; of a head below another first what is lower."""
        told = map(self._at_end, text.split("\n")[::-1])
        return next((self.of(m) for m in told if m), None)

    def _at_end(self, text: str) -> re.Match[str] | None:
        return self.rules.unit_line.search(text) or self.rules.head_unit.search(text)

    def in_brackets(self, text: str) -> Measure | None:
        """The unit that a line names beside amounts of its own: '(million yuan)'."""
        return self.of(self.rules.unit_line.search(text))

    def in_cell(self, text: str) -> Measure | None:
        """The unit that is all that a cell says."""
        return self.of(self.rules.unit_cell.fullmatch(text))

    def is_base(self, text: str) -> bool:
        """Whether a cell is a unit, be it of ten thousand tonnes, and no amount."""
        unit = self.rules.unit_cell.fullmatch(text)
        return bool(unit and (is_round(unit["base"]) if unit["base"] else not re.search(r"\d", text)))

    def tells_scale(self, text: str, number: str) -> bool:
        """Whether a numeral stands in what names a unit: the ten thousand of '(10,000 tons)', the zeros of '($000)'."""
        m = self._at_end(text)
        if m is None or number not in m[0]:
            return False
        base = m.groupdict().get("base")
        return is_round(base) if base else not re.search(r"[1-9]", number)


def is_round(number: str) -> bool:
    """Whether a number is ten, a hundred, …: amounts that tables are told in."""
    return number.strip().replace(",", "").strip("0") == "1"
