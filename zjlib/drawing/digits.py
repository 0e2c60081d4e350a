"""How many digits of a figure are known: those that were printed, or those that an interval supports."""

import math
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

import pandas as pd

from zjlib.units import MONEY, WHOLE

Figure = Mapping[str, Any]
DERIVED_DIGITS = 3  # so many significant digits are enough for a derived figure


def stated(value: Any) -> bool:
    """Whether a cell holds something: not None, NaN, <NA> or an empty text."""
    return not (pd.api.types.is_scalar(value) and pd.isna(value)) and value != ""


def known_step(figure: Figure) -> float:
    """The size of the last digit that is known, in base units: 1e8 for '912.6 billion', 0.1 for '12.4%'.

    A printed figure has the digits that were printed; a derived one those that its interval supports, a range's ends a fifth of its width.
    """
    if found := printed(figure):
        return found[0]
    value, derived = float(figure["value"]), stated(figure.get("formula"))
    if derived and stated(figure.get("value_max")) and (width := abs(float(figure["value_max"]) - value)):
        return magnitude(width / 5)
    if not value:
        return 1.0
    if not derived:  # a table's own value, or a number that was printed as a word
        return 10.0 ** int(exact_decimal(value).normalize().as_tuple().exponent)
    low, high = _ends(figure)
    if value.is_integer() and low == high:
        return 1.0
    first = magnitude(value)
    finest = min(max(first * 10.0 ** (1 - DERIVED_DIGITS), 1.0 if figure.get("unit") in WHOLE else 0.0), first)
    if figure.get("qualifier") in ("more_than", "less_than") or not math.isfinite(high - low):
        return finest
    half = max(value - low, high - value)
    supported = 10.0 ** math.ceil(math.log10(half) - 1e-9) if half > 0 else 0.0
    return settled(value, low, high, min(max(finest, supported), first), finest)


def settled(value: float, low: float, high: float, step: float, finest: float) -> float:
    """The step, or the first finer one, to which the value can be rounded and still speaks for `low..high`.

    The rounded value lies within the interval, and not near an end of it unless all of the interval is rounded to it. At `finest` it
    may, or lie outside, as 47.6 does of 47.64 to 47.65, where all is rounded to it or far more is known than is said.
    """
    while True:
        said = round(value / step) * step
        inside, near = low <= said <= high, abs(said - value) <= (high - low) * 3 / 8
        whole = said - step / 2 <= low and high <= said + step / 2
        if (inside and (near or whole)) or (step <= finest and (inside or whole or high - low < step / 10)):
            return step
        step /= 10


def as_range(figure: Figure) -> Figure:
    """A derived figure of which too little is known for one number, as the range from `low` to `high`; any other one as it is."""
    if not stated(figure.get("formula")) or stated(figure.get("value_max")) or figure.get("qualifier") != "exact":
        return figure
    low, high = _ends(figure)
    half, size = (high - low) / 2, abs(float(figure["value"]))
    if not math.isfinite(half) or half <= min(max(2 * known_step(figure), size / 25), size / 4):
        return figure
    return {**figure, "value": low, "value_max": high}


def _ends(figure: Figure) -> tuple[float, float]:
    low, high = (float(figure[end]) if stated(figure.get(end)) else math.nan for end in ("low", "high"))
    return low, high


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


def magnitude(value: float) -> float:
    """The size of a number's first digit: 100 of 750. ValueError for zero."""
    return 10.0 ** math.floor(math.log10(abs(value)) + 1e-9)


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
