"""The vocabulary of units: what a symbol is called, what it measures, and how to convert between those that measure the same."""

from __future__ import annotations

from decimal import Context
from functools import cache
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    import pint


EXACT = Context(prec=90)  # more digits than any text prints, so that units and scales lose none


class Unit(NamedTuple):
    """A unit: its symbol, singular and plural in English, Chinese, what it measures, and its expression for pint."""

    symbol: str
    singular: str
    plural: str
    chinese: str
    dimension: str
    expression: str


UNITS: dict[str, Unit] = {
    u.symbol: u
    for u in (
        Unit("CNY", "yuan", "yuan", "元", "currency", "CNY"),
        Unit("USD", "US dollar", "US dollars", "美元", "currency", "USD"),
        Unit("EUR", "euro", "euros", "欧元", "currency", "EUR"),
        Unit("HKD", "Hong Kong dollar", "Hong Kong dollars", "港元", "currency", "HKD"),
        Unit("JPY", "yen", "yen", "日元", "currency", "JPY"),
        Unit("GBP", "pound sterling", "pounds sterling", "英镑", "currency", "GBP"),
        Unit("%", "percent", "percent", "%", "rate", "percent"),
        Unit("pp", "percentage point", "percentage points", "个百分点", "difference of rates", "pp"),
        Unit("ratio", "", "", "", "ratio", "dimensionless"),
        Unit("times", "time", "times", "倍", "ratio", "dimensionless"),
        Unit("count", "", "", "个", "count", "count"),
        Unit("person", "person", "people", "人", "people", "person"),
        Unit("household", "household", "households", "户", "households", "household"),
        Unit("firm", "firm", "firms", "户", "firms", "firm"),
        Unit("beneficiary", "beneficiary", "beneficiaries", "户", "beneficiaries", "beneficiary"),
        Unit("project", "project", "projects", "项目", "projects", "project"),
        Unit("kW", "kilowatt", "kilowatts", "千瓦", "power", "kilowatt"),
        Unit("kWh", "kilowatt-hour", "kilowatt-hours", "千瓦时", "energy", "kilowatt_hour"),
        Unit("mu", "mu", "mu", "亩", "area", "mu_area"),
        Unit("hectare", "hectare", "hectares", "公顷", "area", "hectare"),
        Unit("km", "kilometre", "kilometres", "公里", "length", "kilometer"),
        Unit("km2", "square kilometre", "square kilometres", "平方公里", "area", "kilometer ** 2"),
        Unit("m", "metre", "metres", "米", "length", "meter"),
        Unit("m2", "square metre", "square metres", "平方米", "area", "meter ** 2"),
        Unit("m3", "cubic metre", "cubic metres", "立方米", "volume", "meter ** 3"),
        Unit("t", "tonne", "tonnes", "吨", "mass", "metric_ton"),
        Unit("kg", "kilogram", "kilograms", "公斤", "mass", "kilogram"),
        Unit("TEU", "TEU", "TEU", "标准箱", "containers", "TEU"),
        Unit("year", "year", "years", "年", "time", "year"),
        Unit("month", "month", "months", "个月", "time", "month"),
        Unit("day", "day", "days", "天", "time", "day"),
        Unit("hour", "hour", "hours", "小时", "time", "hour"),
    )
}
MONEY = tuple(u.symbol for u in UNITS.values() if u.dimension == "currency")
LENGTHS = tuple(u.symbol for u in UNITS.values() if u.dimension == "time")
# Units of which nothing printed in full is rounded.
WHOLE = frozenset(("count", "person", "household", "day", "month", "year"))


def unit(symbol: str) -> Unit:
    """The unit of a symbol; a compound such as `CNY/person` is put together from its parts. KeyError for an unknown one."""
    if symbol in UNITS:
        return UNITS[symbol]
    first, *per = (UNITS[part] if part in UNITS else _unknown(part) for part in symbol.split("/"))
    if not per:
        _unknown(symbol)
    return Unit(
        symbol,
        " per ".join([first.singular, *(p.singular for p in per)]),
        " per ".join([first.plural, *(p.singular for p in per)]),
        "/".join([first.chinese, *(p.chinese for p in per)]),
        " per ".join([first.dimension, *(p.dimension for p in per)]),
        " / ".join(f"({p.expression})" for p in (first, *per)),
    )


def convert(value: float, source: str, target: str) -> float:
    """A value of unit `source` in unit `target`: `convert(300_000, "mu", "hectare") == 20_000.0`.

    Raises ValueError where the two do not measure the same (currencies never convert into one another: no rate is assumed).
    """
    if source == target:
        return value
    import pint

    try:
        return float(_registry().Quantity(value, unit(source).expression).to(unit(target).expression).magnitude)
    except pint.DimensionalityError:
        raise ValueError(
            f"{source} ({unit(source).dimension}) does not convert to {target} ({unit(target).dimension}); "
            f"choose a unit of the same dimension"
        ) from None


@cache
def _registry() -> pint.UnitRegistry[Any]:
    import pint

    registry: pint.UnitRegistry[Any] = pint.UnitRegistry()
    for symbol in (*MONEY, "person", "household", "firm", "beneficiary", "project", "TEU"):
        registry.define(f"{symbol} = [{symbol}]")
    registry.define("mu_area = 10000 / 15 * meter ** 2")
    # Percentage points are differences of rates: a dimension of their own keeps them from being read as per cent.
    registry.define("pp = [percentage_point]")
    return registry


def _unknown(symbol: str) -> Unit:
    raise KeyError(f"unit {symbol!r} is not in the vocabulary; known are {', '.join(UNITS)}")
