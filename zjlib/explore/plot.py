"""A chart of the story as a widget that can be redrawn, and tells which figure was clicked.

Not plotly's FigureWidget: that one imports nbformat (seconds in a fresh kernel), loses changes that come quickly one after the
other, shows its first figure again when a page is loaded anew, and keeps the width it had before it was on the page. Here the
whole figure is one trait, drawn by `Plotly.react`; the script is the one that plotly ships.
"""

from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import anywidget
import ipywidgets
import traitlets

from zjlib.charts import Chart

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
    return f"const Plotly = (globalThis.zjlibPlotly ??= {wrapped});\n" + Path(__file__).with_name("plot.js").read_text(
        encoding="utf-8"
    )


class Plot(anywidget.AnyWidget):
    """Shows `figure`, a plotly figure as a dict; PNG by the camera in its corner."""

    _esm = traitlets.Unicode().tag(sync=True)
    figure = traitlets.Dict().tag(sync=True)
    config = traitlets.Dict().tag(sync=True)

    def __init__(self, chart: Chart, clicked: Callable[[str, bool], None]) -> None:
        """Draw `chart`; `clicked(id, of_other)` is called with the figure's id and whether it is the other report's."""
        layout = W.Layout(flex="2 1 20rem", min_width="0", width="auto")
        camera = {"modeBarButtons": [["toImage"]], "toImageButtonOptions": {"filename": chart.name, "scale": 2}}
        config = {"displaylogo": False, "displayModeBar": True, **camera}
        super().__init__(_esm=_script(), figure=chart.figure, config=config, layout=layout)
        self._clicked = clicked
        self.on_msg(self._heard)

    def draw(self, chart: Chart) -> None:
        """Show another chart in place."""
        self.figure = chart.figure

    def clear(self) -> None:
        """Show nothing."""
        hidden = {"visible": False}
        self.figure = {"data": [], "layout": {"height": 60, "xaxis": hidden, "yaxis": hidden}}

    def _heard(self, _: Any, content: Any, buffers: Any) -> None:
        if isinstance(content, dict) and (point := content.get("clicked")):
            self._clicked(str(point[0]), len(point) > 2)


def bundle(widget: Any, first: Chart) -> dict[str, Any]:
    """What a notebook keeps of a view: the widget for a kernel, the first chart for readers without one."""
    view: dict[str, Any] = widget._repr_mimebundle_()
    return {**first._repr_mimebundle_(), VIEW: view[VIEW]}
