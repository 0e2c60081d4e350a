"""Foreign trade: levels, growth, and what the growth meant for the country."""

from zjlib.charts import Chart
from zjlib.drawing.look import colour
from zjlib.drawing.marks import Panel, longest, lowest
from zjlib.drawing.words import Axis
from zjlib.story.figures import Row
from zjlib.story.teller import Teller

KINDS = ("total", "exports", "imports")


class Trade(Teller):
    """Charts of foreign trade."""

    def trade_levels(self) -> Chart:
        """Imports and exports in the report's year and, as the growth rates imply, in the year before."""
        rows: list[Row] = []
        levels = [self._row(f"trade.{kind}.level") for kind in KINDS]
        before = [self._row(f"trade.{kind}.previous") for kind in KINDS]
        axis = self.wording.axis([*levels, *before])
        panel = Panel(self.wording, axis, longest(self._at([*levels, *before], axis), 1.02))
        for kind, level, earlier in zip(KINDS, levels, before, strict=True):
            panel.label(self.wording.label(level))
            panel.bar(level, colour(kind), text=self._dated(level))
            panel.gap(3)
            panel.bar(earlier, colour(kind), text=self._dated(earlier), height=20)
            panel.gap()
            rows += [level, earlier]
        title = (
            "Exports of {trade.exports.level} make up {trade.exports.share} of {place}'s foreign trade",
            "出口{trade.exports.level}，占{place}进出口的{trade.exports.share}",
        )
        return self._chart(
            "trade_levels",
            [panel],
            rows,
            title,
            (
                f"Imports and exports, nominal, {axis.unit}, {{place}}, {self._period([*before, *levels])}",
                f"进出口额（现价），{axis.unit}，{{place}}，{self._period([*before, *levels])}",
            ),
            ("Bars", "条形图"),
            (
                "The earlier year is worked out from the level and its growth, both rounded in the report.",
                "上年数由报告所载的当年数与增速推算，两者均为约数。",
            ),
        )

    def trade_growth(self) -> Chart:
        """How fast imports and exports grew."""
        rows = [self._row(f"trade.{kind}.growth") for kind in KINDS]
        faster = self.surely("trade.imports.growth < trade.exports.growth")
        slower = self.surely("trade.exports.growth < trade.imports.growth")
        title = (
            (
                "Exports changed by {trade.exports.growth:signed}, imports by {trade.imports.growth:signed}",
                "出口增速{trade.exports.growth:signed}，进口增速{trade.imports.growth:signed}",
            )
            if any(row["value"] < 0 for row in rows)
            else (
                "Exports grew by {trade.exports.growth}, faster than imports at {trade.imports.growth}",
                "出口增长{trade.exports.growth}，快于进口的{trade.imports.growth}",
            )
            if faster
            else (
                "Exports grew by {trade.exports.growth}, slower than imports at {trade.imports.growth}",
                "出口增长{trade.exports.growth}，慢于进口的{trade.imports.growth}",
            )
            if slower
            else (
                "Exports grew by {trade.exports.growth}, imports by {trade.imports.growth}",
                "出口增长{trade.exports.growth}，进口增长{trade.imports.growth}",
            )
        )
        return self._bars(
            "trade_growth",
            rows,
            title,
            (
                f"Growth over the year before, nominal, %, {{place}}, {self._period(rows)}",
                f"比上年增长（现价），%，{{place}}，{self._period(rows)}",
            ),
            shades=[colour(kind) for kind in KINDS],
            labels=[self._label(f"trade.{kind}.level") for kind in KINDS],
            form="signed",
        )

    def trade_contribution(self) -> Chart:
        """The part of the nation's growth of trade that came from the province."""
        rows = [self._row(f"trade.{kind}.contribution") for kind in KINDS]
        panel = Panel(self.wording, Axis(1, "%"), 100, lowest(self._at(rows)))
        for kind, row in zip(KINDS, rows, strict=True):
            panel.label(self._label(f"trade.{kind}.level"))
            panel.rest(100)
            panel.bar(row, colour(kind))
            panel.gap()
        title = (
            "{place} contributed {trade.total.contribution} to the growth of China's foreign trade",
            "{place}对全国进出口增长的贡献率为{trade.total.contribution}",
        )
        return self._chart(
            "trade_contribution",
            [panel],
            rows,
            title,
            (
                f"Contribution to the national growth over the year before, %, {self._period(rows)}; the grey bar is the nation, 100%",
                f"对全国增长的贡献率，%，{self._period(rows)}；灰色为全国（100%）",
            ),
            ("Bars", "条形图"),
            (
                "Contribution: the province's part of the increase of the whole country's trade.",
                "贡献率：{place}增量占全国增量的比重。",
            ),
        )
