"""A small picture of a chart as inline SVG, drawn from the chart's own data: no browser, no kernel."""

import base64
import math
import re
from collections.abc import Mapping, Sequence
from datetime import date
from html import escape
from typing import Any

WIDTH, HEIGHT, EDGE = 240.0, 120.0, 6.0
_COLOUR = "#0072b2"
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def thumbnail(figure: Mapping[str, Any]) -> str:
    """An SVG of the figure's bars (at most 12), or of its lines and points; empty where there is too little to show."""
    traces = [
        t
        for t in figure.get("data", [])
        if t.get("type", "scatter") in ("bar", "scatter") and t.get("visible", True) is True
    ]
    bars = [t for t in traces if t.get("type") == "bar" and t.get("xaxis", "x") == "x" and t.get("yaxis", "y") == "y"]
    bars = [t for t in bars if not _dated(t)]
    downwards = _downwards((figure.get("layout") or {}).get("yaxis") or {})
    shapes = _bars(bars, downwards) if bars else _lines(traces, downwards)
    if len(shapes) < 3:
        return ""
    return f'<svg viewBox="0 0 {WIDTH:g} {HEIGHT:g}" aria-hidden="true" focusable="false">{"".join(shapes)}</svg>'


def _downwards(axis: Mapping[str, Any]) -> bool:
    """Whether a vertical axis runs from the top to the bottom, as that of rows under each other."""
    ends: list[float] = list(axis.get("range") or [])
    return axis.get("autorange") == "reversed" or (len(ends) == 2 and ends[0] > ends[1])


def _bars(traces: Sequence[Mapping[str, Any]], downwards: bool = False) -> list[str]:
    sideways = any(t.get("orientation") == "h" for t in traces)
    places: dict[str, list[tuple[float, str]]] = {}
    for trace in traces:
        names, sizes = (trace.get("y"), trace.get("x")) if sideways else (trace.get("x"), trace.get("y"))
        sizes = numbers(sizes)
        for i, size in enumerate(sizes):
            name = str(names[i]) if isinstance(names, list) and i < len(names) else str(i)
            places.setdefault(name, []).append((abs(size), _fill(trace, i)))
    stacks = [stack for stack in list(places.values())[:12] if any(not math.isnan(size) for size, _ in stack)]
    longest = max((sum(s for s, _ in stack if not math.isnan(s)) for stack in stacks), default=0)
    if not longest:
        return []
    along, across = (WIDTH, HEIGHT) if sideways else (HEIGHT, WIDTH)
    step = (across - 2 * EDGE) / len(stacks)
    thick = min(step * 0.72, 30)
    shapes = []
    for i, stack in enumerate(reversed(stacks) if sideways and not downwards else stacks):
        offset = EDGE
        for size, colour in stack:
            if math.isnan(size):
                continue
            length = size / longest * (along - 2 * EDGE)
            side = EDGE + i * step + (step - thick) / 2
            x, y, w, h = (offset, side, length, thick) if sideways else (side, HEIGHT - offset - length, thick, length)
            shapes.append(f'<rect x="{x:.1f}" y="{y:.1f}" width="{w:.1f}" height="{h:.1f}" rx="1.5" {colour}/>')
            offset += length
    return shapes


def _lines(traces: Sequence[Mapping[str, Any]], downwards: bool = False) -> list[str]:
    """Lines and points of numbers; areas, as of a map, keep their proportions."""
    drawn = [(points, trace) for trace in traces[:60] if (points := _points(trace))]
    every = [point for points, _ in drawn for point in points if not math.isnan(point[1])]
    if not every:
        return []
    (x0, x1), (y0, y1) = ((min(v), max(v)) for v in zip(*every, strict=True))
    across, up = (WIDTH - 2 * EDGE) / ((x1 - x0) or 1), (HEIGHT - 2 * EDGE) / ((y1 - y0) or 1)
    left = EDGE
    if any(trace.get("fill") == "toself" for _, trace in drawn):
        across = up = min(across, up)
        left = (WIDTH - across * (x1 - x0)) / 2
    shapes = []
    for points, trace in drawn:
        placed = [
            None
            if math.isnan(y)
            else f"{left + (x - x0) * across:.1f} {EDGE + (y - y0) * up if downwards else HEIGHT - EDGE - (y - y0) * up:.1f}"
            for x, y in points
        ]
        colour = _colour(trace, 0)
        if trace.get("fill") == "toself":
            area = trace.get("fillcolor")
            colour = escape(area, quote=True) if isinstance(area, str) else colour
        if "lines" in trace.get("mode", "lines"):
            path = "".join(
                ("M" if i == 0 or placed[i - 1] is None else "L") + place for i, place in enumerate(placed) if place
            )
            paint = (
                f'fill="{colour}"'
                if trace.get("fill") == "toself"
                else f'fill="none" stroke="{colour}" stroke-width="2"'
            )
            shapes.append(f'<path d="{path}" {paint}/>')
        else:
            circles = (place.split() for place in placed if place)
            shapes += [f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in circles]
    return shapes


def _points(trace: Mapping[str, Any]) -> list[tuple[float, float]]:
    """A trace's points; one with no y is a gap. Names along x are set at equal distances."""
    xs, ys = numbers(trace.get("x")), numbers(trace.get("y"))
    if _dated(trace):  # a bar from its base on, as long as x has milliseconds
        begin = numbers(trace["base"])[0]
        xs, ys = [begin, begin + xs[0] / 86_400_000], ys[:1] * 2
    if all(map(math.isnan, xs)) or len(xs) != len(ys):
        xs = [float(i) for i in range(len(ys))]
    points = [(x, math.nan if math.isnan(x) else y) for x, y in zip(xs, ys, strict=True)]
    fewest = 1 if trace.get("mode") == "markers" else 2
    return points if sum(not math.isnan(y) for _, y in points) >= fewest else []


def _dated(trace: Mapping[str, Any]) -> bool:
    base = trace.get("base")
    return trace.get("type") == "bar" and isinstance(base, list) and bool(base) and isinstance(base[0], str)


def numbers(values: Any) -> list[float]:
    """A trace's values as floats, days as their number, NaN for anything else; plotly also stores them as base64."""
    if isinstance(values, Mapping) and "bdata" in values:
        import numpy as np

        values = np.frombuffer(base64.b64decode(values["bdata"]), dtype=values["dtype"]).tolist()
    out = []
    for value in values if isinstance(values, list | tuple) else []:
        if isinstance(value, str) and _DAY.fullmatch(value):
            value = date.fromisoformat(value).toordinal()
        number = isinstance(value, int | float) and not isinstance(value, bool)
        out.append(float(value) if number else math.nan)
    return out


def _fill(trace: Mapping[str, Any], i: int) -> str:
    """Fill and outline of a bar, as in the chart: what is planned is light with an outline."""
    edge = ((trace.get("marker") or {}).get("line") or {}).get("color")
    stroke = f' stroke="{escape(edge, quote=True)}"' if isinstance(edge, str) else ""
    return f'fill="{_colour(trace, i)}"{stroke}'


def _colour(trace: Mapping[str, Any], i: int) -> str:
    colour: Any = (trace.get("marker") or {}).get("color") or (trace.get("line") or {}).get("color") or _COLOUR
    if isinstance(colour, list | tuple):
        colour = colour[i % len(colour)] if colour else _COLOUR
    return escape(colour, quote=True) if isinstance(colour, str) else _COLOUR
