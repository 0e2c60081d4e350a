"""What is known of a numeral of a text."""

from dataclasses import dataclass
from decimal import Decimal

from zjlib.scanning.numbers import HALF, plain
from zjlib.units import EXACT


@dataclass(slots=True)
class Numeral:
    """A numeral of a text, `text[start:end] == surface`.

    `kind` is quantity, date, ordinal, name or word. `value`, `low`, `high` and `value_max` are exact, in the base unit;
    None is an open end or nothing said; `half` is half a unit of the last printed digit. `paragraph` counts from 1.
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
    half: Decimal | None = None

    @property
    def measure(self) -> str:
        """The unit without what it is told by: `CNY` of `CNY/month`."""
        return (self.unit or "").partition("/")[0]

    def multiply(self, factor: Decimal) -> None:
        """Tell the amount in a unit of which the one it was told in is `factor`."""
        self.value = self.value and plain(EXACT.multiply(self.value, factor))
        self.value_max = self.value_max and plain(EXACT.multiply(self.value_max, factor))
        self.half = self.half and EXACT.multiply(self.half, factor)

    def divide(self, part: Decimal) -> None:
        """Tell the amount by one where it was told by `part`."""
        self.value = self.value and plain(EXACT.divide(self.value, part))
        self.value_max = self.value_max and plain(EXACT.divide(self.value_max, part))
        self.half = self.half and plain(EXACT.divide(self.half, part))


def interval(n: Numeral) -> None:
    """Set the interval that the bound, or the rounding of the printed digits, allows."""
    if n.value is None:
        return
    half = n.half or Decimal(0)
    if n.value_max is not None:
        n.low, n.high = n.value, n.value_max
    elif n.qualifier in ("more_than", "at_least"):
        n.low = n.value
    elif n.qualifier in ("less_than", "at_most"):
        n.high = n.value
    else:
        if n.qualifier == "about" and n.value and n.unit != "ratio":
            half = max(half, Decimal(1).scaleb(int(n.value.normalize(EXACT).as_tuple().exponent)) * HALF)
        n.low, n.high = EXACT.subtract(n.value, half), EXACT.add(n.value, half)
