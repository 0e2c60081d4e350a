"""A chart of the story as a plotly widget that can be redrawn, and tells which figure was clicked."""

from collections.abc import Callable
from copy import deepcopy
from importlib import import_module
from typing import Any

import ipywidgets

from zjlib.charts import Chart

W: Any = ipywidgets  # its names come by star imports, which mypy does not follow
VIEW = "application/vnd.jupyter.widget-view+json"


class Plot:
    """One FigureWidget for all charts: each carries plotly's whole script to the browser, so there is one a page."""

    def __init__(self, chart: Chart, clicked: Callable[[str, bool], None]) -> None:
        """Draw `chart`; `clicked(id, of_other)` is called with the figure's id and whether it is the other report's."""
        from zjlib.kernels import skip_slow_grammar

        skip_slow_grammar()  # plotly's widget imports nbformat, and that all of jsonschema
        widget: Any = import_module("plotly.graph_objects")

        self._clicked = clicked
        self.figure = widget.FigureWidget(chart.figure)
        self.figure._config = {
            "displaylogo": False,
            "responsive": True,
            "displayModeBar": True,
            "modeBarButtons": [["toImage"]],
            "toImageButtonOptions": {"filename": chart.name, "scale": 2},
        }
        self.widget = W.Box([self.figure], layout=W.Layout(flex="2 1 24rem", min_width="0", width="100%"))
        self._listen()

    def draw(self, chart: Chart) -> None:
        """Show another chart in place."""
        self._replace(chart.figure)
        self._listen()

    def clear(self) -> None:
        """Show nothing."""
        self._replace(
            {
                "data": [],
                "layout": {
                    "height": 60,
                    "xaxis": {"visible": False},
                    "yaxis": {"visible": False},
                    "template": {"layout": {}},
                },
            }
        )

    def _replace(self, drawn: dict[str, Any]) -> None:
        figure = self.figure
        with figure.batch_update():
            figure.data = ()
            figure.layout = drawn["layout"]
            figure.add_traces(drawn["data"])
        # Plotly syncs these at construction only; a page that is loaded again starts from them.
        figure._widget_data, figure._widget_layout = deepcopy(figure._data), deepcopy(figure._layout)

    def _listen(self) -> None:
        for trace in self.figure.data:
            if trace.customdata is not None:
                trace.on_click(self._on_click)

    def _on_click(self, trace: Any, points: Any, state: Any) -> None:
        if points.point_inds:
            id, _, *other = trace.customdata[points.point_inds[0]]
            self._clicked(str(id), bool(other))


def bundle(widget: Any, first: Chart) -> dict[str, Any]:
    """What a notebook keeps of a view: the widget for a kernel, the first chart for readers without one."""
    view: dict[str, Any] = widget._repr_mimebundle_()
    return {**first._repr_mimebundle_(), VIEW: view[VIEW]}
