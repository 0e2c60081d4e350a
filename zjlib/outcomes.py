"""What became of the programme later: `data/outcomes.csv`, each row with its source, declared corrections applied."""

import tomllib
from pathlib import Path
from typing import Any

import pandas as pd

from zjlib.errors import ZjlibError
from zjlib.paths import data_dir

_TYPES = dict.fromkeys(
    ("subject", "measure", "unit", "qualifier", "period", "nature", "as_of", "source", "note"), "string"
)


_KEYS = {"id", "table", "where", "column", "printed", "corrected", "expect", "reason", "reason_zh"}


class CorrectionError(ZjlibError, ValueError):
    """A declared correction no longer meets what its source prints."""


def outcomes(folder: Path | None = None) -> pd.DataFrame:
    """The outcomes, one row each: subject, measure, value (base unit), unit, qualifier, period, nature, as_of, source, note,
    then `printed` (the uncorrected value, NaN where nothing was corrected), `correction` (its reason), and the source's
    date, what, address and standing.

    CorrectionError when a correction of `data/corrections.toml` finds not exactly one row, or another value than it expects.
    """
    folder = folder or data_dir()
    table = pd.read_csv(folder / "outcomes.csv", dtype=_TYPES | {"value": "float64"})
    table["printed"] = float("nan")
    table["correction"] = pd.Series(pd.NA, index=table.index, dtype="string")
    for correction in corrections(folder):
        _apply(table, correction)
    sources = pd.read_csv(folder / "sources.csv", dtype="string").rename(
        columns={"id": "source", "date": "source_date"}
    )
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
    table.loc[rows, "correction"] = correction["reason"]
