"""What became of the programme later: `data/outcomes.csv`, each row with its source, declared corrections applied."""

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from zjlib.errors import ZjlibError
from zjlib.paths import data_dir

_KEYS = {"id", "table", "where", "column", "printed", "corrected", "expect", "reason", "reason_zh"}


class CorrectionError(ZjlibError, ValueError):
    """A declared correction no longer meets what its source prints."""


def outcomes(folder: Path | None = None) -> pd.DataFrame:
    """The outcomes, one row each: subject, measure, value (base unit), unit, noun, qualifier, period, nature, as_of, source, note,
    `surface` (the digits as printed, 6.0 not 6; <NA> for money, whose noughts are its scale's), then `printed` (the uncorrected
    value, NaN where nothing was corrected), `correction` and `correction_zh` (its reason), and the source's source_date, what,
    what_zh, address and standing.

    CorrectionError when a correction of `data/corrections.toml` finds not exactly one row, or another value than it expects.
    """
    return _read(folder or data_dir()).copy(deep=False)


@cache
def _read(folder: Path) -> pd.DataFrame:
    table = pd.read_csv(folder / "outcomes.csv", dtype="str")
    table["surface"] = table["value"].mask(table["unit"] == "CNY")
    table["value"] = table["value"].astype("float64")
    table = table.assign(printed=float("nan"))
    table["correction"] = table["correction_zh"] = pd.Series(index=table.index, dtype="str")
    for correction in corrections(folder):
        _apply(table, correction)
    sources = pd.read_csv(folder / "sources.csv", dtype="str").rename(columns={"id": "source", "date": "source_date"})
    return table.merge(sources, on="source", how="left", validate="many_to_one")


def corrections(folder: Path | None = None) -> list[dict[str, Any]]:
    """The declared corrections, as they stand in `data/corrections.toml`."""
    file = (folder or data_dir()) / "corrections.toml"
    try:
        content = tomllib.loads(file.read_text(encoding="utf-8"))
    except tomllib.TOMLDecodeError as error:
        raise CorrectionError(f"{file.name}: cannot be read as TOML: {error}") from error
    if unknown := set(content) - {"correction"}:
        raise CorrectionError(f"{file.name}: [[{unknown.pop()}]] is unknown; expected [[correction]]")
    for number, each in enumerate(content.get("correction", []), 1):
        if missing := _KEYS - set(each):
            raise CorrectionError(
                f"{file.name}: correction {each.get('id', number)} lacks {', '.join(sorted(missing))}"
            )
        if each["table"] != "outcomes":
            raise CorrectionError(f"{file.name}: {each['id']}: table {each['table']!r}, expected 'outcomes'")
        if not all(isinstance(each[key], int | float) for key in ("expect", "corrected")):
            raise CorrectionError(f"{file.name}: {each['id']}: expect and corrected must be numbers in base units")
    return list(content.get("correction", []))


def _apply(table: pd.DataFrame, correction: dict[str, Any]) -> None:
    if unknown := {*correction["where"], correction["column"]} - set(table.columns):
        raise CorrectionError(
            f"corrections.toml: {correction['id']}: outcomes.csv has no column {', '.join(sorted(unknown))}"
        )
    rows = table.index[(table[list(correction["where"])] == pd.Series(correction["where"])).all(axis=1)]
    found = table.loc[rows, correction["column"]].tolist()
    if found != [correction["expect"]]:
        what = f"matches {len(rows)} rows" if len(rows) != 1 else f"finds {found[0]:,.0f}"
        raise CorrectionError(
            f"corrections.toml: {correction['id']} {what}, expected one row of outcomes.csv with {correction['expect']:,.0f}; "
            "the source may have been mended: remove or update this correction"
        )
    table.loc[rows, "printed"] = table.loc[rows, correction["column"]]
    table.loc[rows, correction["column"]] = correction["corrected"]
    table.loc[rows, ["correction", "correction_zh"]] = [correction["reason"], correction["reason_zh"]]
