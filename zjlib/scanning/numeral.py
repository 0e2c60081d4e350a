"""What is known of a numeral of a text."""

from dataclasses import dataclass
from decimal import Decimal


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
