"""How many digits of a figure are known: those that were printed, or those that an interval supports."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from zjlib.units import MONEY, WHOLE

Figure = Mapping[str, Any]
DERIVED_DIGITS = 3  # a derived figure is never said with more significant digits than this


def stated(value: Any) -> bool:
    """Whether a cell holds something: not None, NaN, <NA> or an empty text."""
    return not (pd.api.types.is_scalar(value) and pd.isna(value)) and value != ""


def known_step(figure: Figure) -> float:
    """The size of the last digit that is known, in base units: 1e8 for '912.6 billion', 0.1 for '12.4%'.

    A printed figure has the digits that were printed; a derived one those that its interval supports.
    """
    if found := printed(figure):
        return found[0]
    value = float(figure["value"])
    if not value:
        return 1.0
    if not stated(figure.get("formula")):  # a table's own value, or a number that was printed as a word
        return 10.0 ** int(exact_decimal(value).normalize().as_tuple().exponent)
    low, high = (float(figure[end]) if stated(figure.get(end)) else math.nan for end in ("low", "high"))
    if value.is_integer() and low == high:
        return 1.0
    fewest = 10.0 ** (math.floor(math.log10(abs(value))) - DERIVED_DIGITS + 1)
    known = {"more_than": [low], "less_than": [high]}.get(str(figure.get("qualifier")), [low, high])
    ends = [abs(end - value) for end in known if math.isfinite(end)]
    half = max(ends, default=0.0)
    supported = 10.0 ** math.ceil(math.log10(half) - 1e-9) if half else 0.0
    return min(max(fewest, supported), 10.0 ** math.floor(math.log10(abs(value))))


def printed(figure: Figure) -> tuple[float, float] | None:
    """Of a printed figure: the size of its last digit, and its scale ('billion': 1e9), both in base units."""
    numbers = re.findall(r"\d[\d,，]*(?:\.\d+)?", str(figure["surface"])) if stated(figure.get("surface")) else []
    if not numbers or not figure["value"]:
        return None
    digits = [Decimal(re.sub("[,，]", "", number)) for number in numbers]
    if not digits[0]:
        return None
    ratio = abs(float(figure["value"]) / float(digits[0]))
    scale = 10.0 ** round(math.log10(ratio))
    if not math.isclose(ratio, scale, rel_tol=1e-9):  # '3 weeks' are 21 days: no digit of the value is printed
        return None
    places = max(-int(number.as_tuple().exponent) for number in digits)
    return scale * 10.0**-places, scale


def is_money(unit: Any) -> bool:
    """Whether a unit is a currency, or a currency a something."""
    return str(unit).split("/")[0] in MONEY


def significant(value: float, step: float) -> int:
    """How many significant digits a value has when it is known to a step."""
    return max(1, math.floor(math.log10(abs(value))) - round(math.log10(step)) + 1) if value else 1


def exact_decimal(number: Any) -> Decimal:
    """A number as it would be typed, not as binary holds it or arithmetic leaves it."""
    return Decimal(f"{float(number):.15g}")


def is_whole(figure: Figure, ends: list[float]) -> bool:
    """Whether a figure can be only itself: a whole count that is printed in full."""
    counted = figure.get("unit") in WHOLE
    return ends[0] == ends[1] or (counted and figure.get("qualifier") == "exact" and ends[1] - ends[0] <= 1)
