"""Panels of marks, one below the other, as one plotly figure."""

from collections.abc import Iterable, Sequence
from typing import Any

from zjlib.drawing.marks import Panel, Trace

GAP = 26  # pixels between two panels
GROWTH = 1.6  # how much a small chart may grow to make room for what it says when pointed at


def stack(panels: Sequence[Panel]) -> tuple[list[Trace], dict[str, Any]]:
    """Panels, one below the other, as plotly traces and layout; the layout's height is that of the panels alone.

    A small chart grows to the height of its tallest hover, which plotly would drop if it were taller than the figure.
    """
    feet = [24 if panel.ticks else 0 for panel in panels]
    total = max(1, sum(panel.y + foot for panel, foot in zip(panels, feet, strict=True)) + GAP * (len(panels) - 1))
    room = max((16 * (text.count("<br>") + 1) + 12 for panel in panels for text in _hovers(panel)), default=0)
    grown = min(max(1.0, room / total), GROWTH) * total
    height = max(grown, room)
    layout: dict[str, Any] = {"height": round(height), "annotations": [], "shapes": []}
    traces: list[Trace] = []
    top = 0.0
    for number, (panel, foot) in enumerate(zip(panels, feet, strict=True), 1):
        n = "" if number == 1 else str(number)
        span = [1 - edge / total * grown / height for edge in (top + panel.y, top)]
        layout[f"yaxis{n}"] = {
            "domain": [round(max(0.0, edge), 5) for edge in span],
            "range": [panel.y, 0],
            "anchor": f"x{n}",
            "visible": False,
            "fixedrange": True,
        }
        layout[f"xaxis{n}"] = {
            "range": [panel.start, panel.limit],
            "anchor": f"y{n}",
            "fixedrange": True,
            **(panel.ticks or {"visible": False}),
        }
        traces += [trace | ({"xaxis": f"x{n}", "yaxis": f"y{n}"} if n else {}) for trace in panel.traces]
        layout["annotations"] += [_moved(each, n) for each in panel.annotations]
        layout["shapes"] += [_moved({"xref": "x", "yref": "y", **each}, n) for each in panel.shapes]
        top += panel.y + foot + GAP
    return traces, layout


def _hovers(panel: Panel) -> Iterable[str]:
    return (trace["hovertext"][0] for trace in panel.traces if "hovertext" in trace)


def _moved(item: dict[str, Any], n: str) -> dict[str, Any]:
    return item | {"xref": item["xref"].replace("x", f"x{n}", 1), "yref": item["yref"].replace("y", f"y{n}", 1)}
