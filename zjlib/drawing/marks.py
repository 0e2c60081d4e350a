"""The marks that every chart is made of, drawn in panels of rows.

A panel has one horizontal axis. Down the page it counts in pixels, so that a label can stand above its bar and the chart
reads at any width. How a figure is drawn follows from what it is: actual solid, planned light with an outline, derived
hatched, 'more than' with a fading open end, a range with a dotted one, not stated as an empty dashed box with the words in it.

Every figure that is drawn is one point with `customdata` [id, paragraph] and its sentence in the hover.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from html import escape
from typing import Any

from zjlib.drawing.look import WIDEST, fitted, house, hover, ink, text_width, tint, words_of
from zjlib.drawing.words import Axis, Figure, Wording, open_above, stated

Trace = dict[str, Any]
NARROW = 316  # the width in pixels of a chart on the narrowest screen; what fits there fits anywhere
FADE = 12 / NARROW  # the longest open end, as a part of the axis: a mark, no length that could be read
TICK = 4  # half the width in pixels of a target's tick and its edges
ROOM = 1.04  # what an axis needs beyond its longest bar, so that an open end fits


@dataclass
class Panel:
    """Rows of marks over one horizontal axis; `limit` is the right end of the axis, in its own units."""

    wording: Wording
    axis: Axis
    limit: Any
    start: Any = 0.0
    ticks: dict[str, Any] | None = None  # plotly settings of an axis that is shown
    traces: list[Trace] = field(default_factory=list)
    annotations: list[dict[str, Any]] = field(default_factory=list)
    shapes: list[dict[str, Any]] = field(default_factory=list)
    y: float = 0.0
    _nodes: list[float] = field(default_factory=list)  # of a tree: the last node at each depth

    # -- text

    def heading(self, text: str) -> None:
        """A line in bold above the rows that follow."""
        self._text(text, weight=700, muted=False)
        self.y += 8

    def label(self, text: str, *, muted: bool = False) -> None:
        """The label of the row that follows, above it, in two lines where one is too long for a narrow screen."""
        self._text(text, muted=muted)

    def gap(self, pixels: float = 14) -> None:
        """Empty space before the next row."""
        self.y += pixels

    # -- marks

    def bar(
        self,
        figure: Figure,
        shade: str,
        *,
        base: float = 0.0,
        text: str | None = None,
        stay: bool = False,
        height: float | None = None,
        crossed: Figure | None = None,
    ) -> None:
        """A bar from `base` to the figure's value, words at its end; an open end fades, a range goes on in dots; not stated, an empty box.

        `crossed` is the target whose tick is to go across the bar: the words stand clear of it.
        """
        height = height or house()["sizes"]["bar"]
        middle = self.y + height / 2
        ends = self.wording.positions(figure, self.axis)
        if not ends:
            self._missing(figure, shade, middle, height)
        else:
            words = self.wording.say(figure, "symbol") if text is None else text
            tick = self.wording.position(crossed, self.axis) if crossed else None
            self._bar(figure, shade, base, ends, words, middle, height, tick)
        if not stay:
            self.y += height

    def rest(self, whole: float) -> None:
        """A grey bar behind the next one, from 0 to the whole that it is a part of."""
        y0, y1 = self.y, self.y + house()["sizes"]["bar"]
        fill = {"fillcolor": ink("grid"), "line": {"width": 0}, "layer": "below"}
        self.shapes.append({"type": "rect", "x0": 0, "x1": whole, "y0": y0, "y1": y1, **fill})

    def target(self, figure: Figure, text: str) -> None:
        """A tick across the bar that was just drawn, with a fade to the right if more is wanted, or a range's band; words below it."""
        ends, height = self.wording.positions(figure, self.axis), house()["sizes"]["bar"]
        if not ends:
            return
        x, middle = ends[0], self.y - height / 2
        if open_above(figure):
            self._fade(x, x - self.start, ink("muted"), middle, height, 0.35)
        for end in ends[1:]:
            band = {"x0": x, "x1": end, "y0": self.y - height, "y1": self.y, "layer": "above", "line": {"width": 0}}
            self.shapes.append({"type": "rect", **band, "fillcolor": ink("muted") + _alpha(0.35)})
        self.tick(figure)
        marker = {"size": 16, "color": ink("text"), "opacity": 0}  # what can be pointed at
        self._point(figure, x, middle, {"mode": "markers", "marker": marker})
        share = (x - self.start) / (self.limit - self.start)
        right = share > 0.5
        lines = fitted(text, max(share, 1 - share) * NARROW)
        anchor, shift = ("right", 4) if right else ("left", -4)
        self._annotate(lines, x, self.y + 8, anchor=anchor, shift=shift, muted=True, escaped=True)
        self.y += 28 + 18 * lines.count("<br>")

    def tick(self, figure: Figure) -> None:
        """A tick across the bar that was just drawn; an edge in the colour of the page sets it off against a dark one."""
        x, middle = self.wording.position(figure, self.axis), self.y - house()["sizes"]["bar"] / 2
        half = house()["sizes"]["bar"] / 2
        edges = {"x0": x, "x1": x, "y0": middle - half - 3, "y1": middle + half + 6, "layer": "above"}
        for width, edge in ((7, "page"), (3, "text")):
            self.shapes.append({"type": "line", **edges, "line": {"width": width, "color": ink(edge)}})

    def moment(self, row: Figure, first: str, last: str, shade: str, text: str) -> None:
        """A day as a dot, a longer period as a bar, on an axis of dates (ISO); what goes on past the axis's end has no edge there."""
        begin, end = (date.fromisoformat(str(edge)) for edge in (self.start, self.limit))
        days = [(date.fromisoformat(day) - begin).days / (end - begin).days for day in (first, last)]
        height = house()["sizes"]["bar"] - 4
        self.y += height / 2
        late = days[0] > 1
        x = str(end - (end - begin) * 0.03) if late else first
        if last > first and not late:
            span = (date.fromisoformat(last) - date.fromisoformat(first)).days * 86_400_000  # plotly's milliseconds
            bar = {"type": "bar", "orientation": "h", "base": [first], "width": [height]}
            self._point(row, span, self.y, {**bar, "marker": _filled(row, shade, text_inside=True)})
            text += " →" if days[1] > 1 else ""
        else:
            marker = {key: look for key, look in _filled(row, shade).items() if key != "pattern"}
            marker |= {"symbol": "triangle-right" if late else "circle", "size": 12}
            self._point(row, x, self.y, {"mode": "markers", "marker": marker, "cliponaxis": False})
        width = text_width(text) * WIDEST + 14
        if (1 - days[1]) * NARROW > width:
            self._annotate(text, last, self.y, valign="middle", shift=9, muted=True)
        elif not late and (days[1] - days[0]) * NARROW > width:
            self._annotate(text, first, self.y, valign="middle", shift=8, inked="on" if _solid(row) else "text")
        else:
            self._annotate(text, x, self.y, anchor="right", valign="middle", shift=-10, muted=True)
        self.y += height / 2

    def big(self, figure: Figure, text: str, below: str, shade: str) -> None:
        """A figure in words as large type, with a line below; muted and smaller if nothing is stated."""
        known = stated(figure.get("value"))
        size = min(28 if known else 20, int(NARROW / text_width(text, 1) / WIDEST / 1.05))  # bold is wider
        font = {"size": size, "color": shade if known else ink("muted"), "weight": 700 if known else 400}
        look = {"mode": "text", "text": [text], "textposition": "middle right", "textfont": font, "cliponaxis": False}
        self._point(figure, self.start, self.y + 20, look)
        self.y += 40
        self._text(below, muted=True)

    def node(self, row: Figure, shade: str, depth: int) -> None:
        """A name in a tree: a dot, indented by its depth, with an elbow to the node that it hangs on."""
        size, indent, middle = (13, 8, 6)[depth], 8 + 20 * depth, self.y + 11
        pixels = {"xsizemode": "pixel", "xanchor": self.start, "layer": "below"}
        if depth:
            above = self._nodes[depth - 1 : depth + 1]
            top = above[1] if len(above) > 1 else above[0] + 6  # the sibling above, or the parent's dot
            elbows = next((shape for shape in self.shapes if shape["type"] == "path"), None)
            if elbows is None:
                elbows = {"type": "path", **pixels, "path": "", "line": {"width": 1, "color": ink("muted")}}
                self.shapes.append(elbows)
            elbows["path"] += f"M{indent - 20},{top:g}V{middle:g}H{indent - 4}"
        self._nodes = [*self._nodes[:depth], middle]
        edges = {"x0": indent - size / 2, "x1": indent + size / 2, "y0": middle - size / 2, "y1": middle + size / 2}
        self.shapes.append({"type": "circle", **pixels, **edges, "fillcolor": shade, "line": {"width": 0}})
        pad = "\N{NO-BREAK SPACE}" * round((indent + 12) / 3.9)
        lines = fitted(self.wording.label(row), NARROW - indent - 16).split("<br>")
        text = "<br>".join(pad + (f"<b>{line}</b>" if not depth else line) for line in lines)
        if stated(row.get("id")):
            look = {"mode": "text", "text": [text], "textposition": "bottom right", "textfont": {"color": ink("text")}}
            self._point(row, self.start, self.y + 3.5, look)
        else:
            self._annotate(text, self.start, self.y + 3, escaped=True)
        self.y += 22 + 18 * (len(lines) - 1) + (4 if not depth else 0)

    # -- how they are drawn

    def _bar(
        self,
        figure: Figure,
        shade: str,
        base: float,
        ends: list[float],
        words: str,
        middle: float,
        height: float,
        tick: float | None,
    ) -> None:
        strong, (length, *rest) = _solid(figure), ends
        share = abs(length) / (self.limit - self.start)
        room, width = share * NARROW, text_width(words) + 10
        reach = (base + length - self.start) / (self.limit - self.start) * NARROW
        inside, anchor = room > width, "end"
        if tick is not None and inside:
            at = (tick - self.start) / (self.limit - self.start) * NARROW
            if reach - width - TICK < at < reach:
                anchor = "start"
                inside = reach + width > NARROW or at > reach - room + width + TICK
        beyond = sum(end - length for end in rest)
        if rest:
            dots = {"shape": ".", "size": 5, "solidity": 0.35, "fgcolor": shade, "bgcolor": ink("page")}
            edge = {"color": ink("page"), "line": {"width": 1.5, "color": shade}, "pattern": dots}
            self.traces.append(_across(beyond, middle, base + length, height) | {"hoverinfo": "skip", "marker": edge})
        if open_above(figure):
            beyond += self._fade(base + length + beyond, length, shade, middle, height, 1.0 if strong else 0.35)
        trace = _across(length, middle, base, height) | {"marker": _filled(figure, shade, text_inside=inside)}
        if inside and words:
            trace |= {
                "text": [words],
                "textposition": "inside",
                "insidetextanchor": anchor,
                "textangle": 0,
                "constraintext": "none",
                "insidetextfont": {"color": ink("on") if strong else ink("text")},
            }
        elif words:  # beyond the bar's end; of one below zero, on the side that has more room
            left = length < 0 and base + length - self.start > self.limit - base
            at = base if length < 0 and not left else base + length + beyond
            anchor, shift = ("right", -5) if left else ("left", 5)
            self._annotate(words, at, middle, anchor=anchor, shift=shift, valign="middle")
        self._point(figure, length, middle, trace)

    def _missing(self, figure: Figure, shade: str, middle: float, height: float) -> None:
        """A thin dashed box with the words 'not stated' where a bar would begin."""
        words = words_of(figure, self.wording)
        width = text_width(words, 13) * WIDEST + 14
        self.shapes.append(
            {
                "type": "rect",
                "xsizemode": "pixel",
                "xanchor": self.start,
                "x0": 0,
                "x1": width,
                "y0": middle - height / 2,
                "y1": middle + height / 2,
                "line": {"width": 1, "dash": "dot", "color": shade},
            }
        )
        font = {"color": ink("muted"), "size": 13}
        text = {
            "mode": "text",
            "text": [f"\N{NO-BREAK SPACE}{words}"],
            "textposition": "middle right",
            "textfont": font,
        }
        self._point(figure, self.start, middle, text)

    def _fade(self, x: float, beside: float, shade: str, middle: float, height: float, opacity: float) -> float:
        """An end that fades out to the right of x, short beside the length that ends there; its own length on the axis."""
        length = min(FADE * float(self.limit - self.start), abs(beside) / 5)
        colours = [[0, shade + _alpha(opacity)], [1, shade + "00"]]
        self.traces.append(
            {
                "type": "scatter",
                "mode": "lines",
                "fill": "toself",
                "hoverinfo": "skip",
                "line": {"width": 0},
                "x": [x, x + length, x + length, x],
                "y": [middle - height / 2, middle - height / 2, middle + height / 2, middle + height / 2],
                "fillgradient": {"type": "horizontal", "colorscale": colours, "start": x, "stop": x + length},
            }
        )
        return length

    def _point(self, figure: Figure, x: Any, y: float, look: dict[str, Any]) -> None:
        paragraph = int(figure["paragraph"]) if stated(figure.get("paragraph")) else None
        self.traces.append(
            {
                "type": "scatter",
                "x": [x],
                "y": [y],
                **look,
                "hoverinfo": "text",
                "hovertext": [hover(figure, self.wording)],
                "customdata": [[str(figure.get("id", "")), paragraph]],
            }
        )

    def _text(self, text: str, *, weight: int = 400, muted: bool = False) -> None:
        size = house()["sizes"]["label"]
        lines = fitted(text, NARROW - 4, size)
        self.y += (size + 5) * (lines.count("<br>") + 1) + 2
        self._annotate(lines, None, self.y - 3, valign="bottom", muted=muted, weight=weight, escaped=True)

    def _annotate(
        self,
        text: str,
        x: Any,
        y: float,
        *,
        anchor: str = "left",
        valign: str = "top",
        muted: bool = False,
        weight: int = 400,
        shift: float = 0,
        escaped: bool = False,
        inked: str = "",
    ) -> None:
        font: dict[str, Any] = {"color": ink(inked or ("muted" if muted else "text"))}
        where = {"x": 0, "xref": "x domain"} if x is None else {"x": x, "xref": "x"}
        label = {"text": text if escaped else escape(text, quote=False), "y": y, "yref": "y", **where, "font": font}
        label |= {"xanchor": anchor, "yanchor": valign, "showarrow": False, "borderpad": 0}
        if weight != 400:
            font["weight"] = weight
        if self.ticks and not inked:  # no line of the grid goes through words
            label["bgcolor"] = ink("page")
        if shift:
            label["xshift"] = shift
        if "<br>" in label["text"]:
            label["align"] = anchor
        self.annotations.append(label)


def longest(positions: Iterable[float], room: float = 1.0) -> float:
    """The right end of an axis: the largest position, times `room`; just above zero where all lie below."""
    end = max(positions, default=1.0) * room
    return max(end, 1e-9) if end else 1.0


def lowest(positions: Iterable[float]) -> float:
    """The left end of an axis: zero, or beyond the lowest position below it, with room for its words."""
    return min([0.0, *positions]) * 1.16


def _across(length: float, middle: float, base: float, height: float) -> Trace:
    """A bar as plotly has it, without its look."""
    where = {"x": [length], "y": [middle], "base": [base], "width": [height]}
    return {"type": "bar", "orientation": "h", **where, "cliponaxis": False}


def _solid(figure: Figure) -> bool:
    return figure.get("nature") == "actual" and not stated(figure.get("formula"))


def _filled(figure: Figure, shade: str, *, text_inside: bool = False) -> Trace:
    """How a figure is filled: actual solid, planned light with an outline, derived hatched, faintly behind a text."""
    marker: Trace = {"color": shade, "line": {"width": 0, "color": shade}}
    if not _solid(figure):
        marker = {"color": tint(shade), "line": {"width": 1.5, "color": shade}}
    if stated(figure.get("formula")):
        solidity = 0.08 if text_inside else 0.18
        marker["pattern"] = {"shape": "/", "size": 6, "solidity": solidity, "fgcolor": shade, "bgcolor": tint(shade)}
    return marker


def _alpha(opacity: float) -> str:
    return f"{round(opacity * 255):02x}"
