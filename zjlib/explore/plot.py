"""A chart of the story as a widget that can be redrawn, and tells which figure was clicked.

Not plotly's FigureWidget: that one imports nbformat (seconds in a fresh kernel), loses changes that come quickly one after the
other, shows its first figure again when a page is loaded anew, and keeps the width it had before it was on the page. Here the
whole figure is one trait, drawn by `Plotly.react`; the script is the one that plotly ships.
"""

from collections.abc import Callable
from functools import cache
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from zjlib.charts import Chart, without_words
from zjlib.drawing.look import LABELS, ink

W: Any = ipywidgets  # its names come by star imports, which mypy does not follow
VIEW = "application/vnd.jupyter.widget-view+json"


@cache
def _script() -> str:
    """plotly.min.js, which expects to be a plain script, and our code as one module. One copy serves all plots of a page."""
    package = find_spec("plotly")
    assert package is not None and package.origin is not None
    library = (Path(package.origin).parent / "package_data" / "plotly.min.js").read_text(encoding="utf-8")
    wrapped = (
        f"(() => {{ const module = {{ exports: {{}} }}; let define, exports;\n{library}\nreturn module.exports; }})()"
    )
    ours = "".join(file.read_text("utf-8") for file in (LABELS, Path(__file__).with_name("plot.js")))
    return f"const Plotly = (globalThis.zjlibPlotly ??= {wrapped});\n{ours}"


class Plot(anywidget.AnyWidget):
    """Draws a chart without its words, which the page around it sets in its own type."""

    _esm = traitlets.Unicode().tag(sync=True)
    figure = traitlets.Dict().tag(sync=True)
    words = traitlets.Dict().tag(sync=True)  # what a picture's layout has besides: title, source, room for them

    def __init__(self, chart: Chart, clicked: Callable[[str, bool], None]) -> None:
        """Draw `chart`; `clicked(id, of_other)` is called with the figure's id and whether it is the other report's."""
        super().__init__(_esm=_script(), layout=W.Layout(width="100%", min_width="0"))
        self._clicked = clicked
        self.draw(chart)
        self.on_msg(self._heard)

    def draw(self, chart: Chart) -> None:
        """Show another chart in place."""
        whole = chart.figure
        shown = without_words(whole)
        ground = {"paper_bgcolor": ink("page"), "plot_bgcolor": ink("page")}  # also on a dark page
        self.words = {key: value for key, value in whole["layout"].items() if shown["layout"].get(key) != value}
        self.figure = {"data": shown["data"], "layout": shown["layout"] | ground}

    def clear(self) -> None:
        """Show nothing."""
        hidden = {"visible": False}
        self.figure = {"data": [], "layout": {"height": 40, "xaxis": hidden, "yaxis": hidden}}

    def save(self, name: str, content: bytes) -> None:
        """Let the browser save a file."""
        self.send({"file": name}, buffers=[content])

    def picture(self, name: str) -> None:
        """Let the browser save the chart with its words as PNG, 900 pixels wide at double density."""
        self.send({"picture": name})

    def copy(self, text: str) -> None:
        """Put a text on the browser's clipboard, where the browser allows it."""
        self.send({"copied": text})

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and (point := content.get("clicked")):
            self._clicked(str(point[0]), len(point) > 2)


def bundle(widget: Any, first: Chart | None) -> dict[str, Any]:
    """What a notebook keeps of a view: the widget for a kernel, the first chart (or the widget's text) for readers without one."""
    view: dict[str, Any] = widget._repr_mimebundle_()
    kept = first._repr_mimebundle_() if first else {"text/html": widget.value, "text/plain": widget.value}
    return {**kept, VIEW: view[VIEW]}


def heading(chart: Chart) -> str:
    """A chart's title and subtitle as escaped HTML."""
    title = (
        f'<p class="zj-title" style="font-size:1.2em;line-height:1.3;margin:.4em 0 0"><b>{escape(chart.title)}</b></p>'
    )
    return f'{title}<p style="margin:.2em 0 .6em">{escape(chart.subtitle)}</p>'


def footing(chart: Chart) -> str:
    """A chart's note and source as escaped HTML."""
    lines = filter(None, (chart.note, chart.source))
    return "".join(f'<p style="line-height:1.4;margin:0"><small>{escape(line)}</small></p>' for line in lines)
