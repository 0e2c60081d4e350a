"""Figures of later sources (`zjlib.outcomes`) as rows that charts draw, with their sources and corrections."""

import pandas as pd

from zjlib.drawing.digits import known_step
from zjlib.drawing.words import Wording, stated, vocabulary
from zjlib.nearest import ensure_known
from zjlib.outcomes import outcomes
from zjlib.story.figures import Row
from zjlib.story.teller import Teller, Text
from zjlib.tables import records


class Later(Teller):
    """What the charts of later sources share."""

    def _row(self, id: str) -> Row:
        """A figure; `outcome.subject.measure` is what the latest source says of the year that the first batch is of."""
        if not id.startswith("outcome."):
            return super()._row(id)
        table = outcomes().sort_values("as_of", kind="stable")
        ids = "outcome." + table["subject"] + "." + table["measure"]
        ensure_known([id], sorted(set(ids)), "outcome", "outcomes.csv")
        year = super()._row("first_batch.investment")["period"]
        rows = self._later(table[ids.eq(id) & table["period"].eq(str(year))])
        return within_digits(rows[-1]) if rows else {"id": id, "value": float("nan"), "period": None, "paragraph": None}

    def _later(self, table: pd.DataFrame) -> list[Row]:
        """Rows of the outcomes as figures: with id, labels, and a line that names their source, its day and its standing."""
        rows = []
        for row in records(table):
            source = self.wording.phrases["later_source"].format(
                what=self._pick((row["what"], row["what_zh"])),
                day=self.wording.day(row["source_date"]),
                standing=vocabulary(self.wording.language)["standings"].get(row["standing"], row["standing"]),
            )
            row["label"], row["label_zh"] = (
                vocabulary(language)["measures"].get(row["measure"], row["measure"]) for language in ("en", "zh")
            )
            row |= {"source_id": row["source"], "source": source, "source_line": source, "paragraph": None, "mark": ""}
            row["id"] = f"outcome.{row['subject']}.{row['measure']}.{row['period']}"
            if stated(row["correction"]):
                row["mark"], row["correction"] = " †", self._pick((row["correction"], row["correction_zh"]))
                row["source_line"] += f" † {row['correction']}"
            row["short"] = self.wording.label(row) + row["mark"]
            if len(row["period"]) > 4:
                row["short"] += self._pick((", ", "，")) + self.wording.period(row["period"])
            rows.append(row)
        return sorted(rows, key=lambda row: str(row["period"])[:4])

    def _absent(self, like: Row, year: str, nature: str) -> Row:
        """A row of the same measure that no source at hand gives."""
        keep: Row = {
            key: like[key] for key in ("subject", "measure", "label", "label_zh", "unit", "noun") if key in like
        }
        words = self.wording.phrases["not_found"]
        told = {
            "id": f"absent.{like['id']}.{year}.{nature}",
            "period": year,
            "nature": nature,
            "words": words,
            "mark": "",
        }
        return {**keep, **told, "value": float("nan"), "absent": True, "short": self.wording.label(like)}

    def _corrected(self, rows: list[Row]) -> Text:
        as_printed = Wording(self.wording.language)
        corrected = [
            (as_printed.say(row | {"value": row["printed"]}), row["correction"]) for row in rows if row["mark"]
        ]
        return (
            " ".join(f"† Corrected; the source prints {printed}. {reason}" for printed, reason in corrected),
            "".join(f"† 已更正；来源原文为{printed}。{reason}" for printed, reason in corrected),
        )

    def _sources(self, rows: list[Row], *cited: str) -> str:
        """The source line of rows that other sources than the report state, after what else is cited."""
        told = list(dict.fromkeys([*cited, *(str(row["source"]) for row in rows if stated(row.get("source")))]))
        form = self.wording.phrases["source" if len(told) == 1 else "sources"]
        return str(form).format(self.wording.phrases["semicolon"].join(told))

    def _both(self, rows: list[Row]) -> str:
        """The source line of rows of which some are the report's and some are of other sources."""
        own, later = ([row for row in rows if stated(row.get("source_id")) == told] for told in (False, True))
        return self._sources(later, self._cited(own))


def within_digits(row: Row) -> Row:
    """The row of a later source with the interval that its printed digits and bound allow; a count is just itself."""
    half = 0.0 if row["unit"] == "count" else known_step(row) / 2
    low, high = row["value"] - half, row["value"] + half
    open_ends = {"more_than": (low, None), "at_least": (low, None), "less_than": (None, high), "at_most": (None, high)}
    return row | dict(zip(("low", "high"), open_ends.get(row["qualifier"], (low, high)), strict=True))
