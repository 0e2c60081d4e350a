"""The vocabulary of units."""

import subprocess
import sys

import pytest

from zjlib.languages import language
from zjlib.paths import data_dir
from zjlib.tables import read_report
from zjlib.units import UNITS, convert, unit


@pytest.mark.parametrize(
    ("value", "source", "target", "expected"),
    [
        (15, "mu", "hectare", 1),
        (1, "km2", "hectare", 100),
        (2, "t", "kg", 2000),
        (3, "year", "month", 36),
        (1.5, "CNY/person", "CNY/person", 1.5),
        (24, "hour/project", "day/project", 1),
        (15, "mu/firm", "hectare/firm", 1),
        (12, "kWh/year", "kWh/month", 1),
    ],
)
def test_converts_within_a_dimension(value: float, source: str, target: str, expected: float) -> None:
    assert convert(value, source, target) == pytest.approx(expected)


@pytest.mark.parametrize(("source", "target"), [("CNY", "USD"), ("%", "pp"), ("kW", "kWh"), ("person", "household")])
def test_refuses_to_convert_across_dimensions_and_names_both(source: str, target: str) -> None:
    with pytest.raises(ValueError, match=source) as error:
        convert(1, source, target)
    assert target in str(error.value)


def test_an_unknown_unit_is_an_error_that_lists_the_known_ones() -> None:
    with pytest.raises(KeyError, match=r"furlong.*hectare"):
        unit("furlong")


def test_a_compound_unit_reads_as_words() -> None:
    assert unit("CNY/person").plural == "yuan per person"
    assert unit("kWh/year").chinese == "千瓦时/年"


@pytest.mark.parametrize("code", ["en", "zh"])
def test_every_unit_of_a_language_is_in_the_vocabulary(code: str) -> None:
    rules = language(code)
    named = {symbol for symbol, _ in rules.units.values() if symbol} | {u for u in rules.currency.values() if u}
    assert named
    assert all(unit(symbol) for symbol in named)
    assert {symbol for symbol, _ in rules.per.values() if symbol} <= set(UNITS)


def test_every_unit_of_the_reports_figures_is_in_the_vocabulary() -> None:
    units = set(read_report(data_dir() / "reports" / "2023-02-13.txt").figures["unit"].dropna())
    assert units
    assert all(unit(symbol) for symbol in units)


def test_what_is_told_by_the_firm_does_not_convert_to_what_is_told_by_the_project() -> None:
    with pytest.raises(ValueError, match="CNY/firm"):
        convert(1, "CNY/firm", "CNY/project")


def test_pint_is_not_imported_before_a_conversion() -> None:
    code = "import sys, zjlib.units; sys.exit('pint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code]).returncode == 0
