"""What-if as ipywidgets: a question and a slider over the chart of `whatif`."""

import math
from html import escape
from typing import Any

import ipywidgets

from zjlib.charts import Chart
from zjlib.drawing.words import Axis, Wording
from zjlib.explore import whatif
from zjlib.explore.draw import words
from zjlib.explore.plot import Plot, bundle, footing, heading
from zjlib.quick import given
from zjlib.tables import Report

W: Any = ipywidgets  # its names come by star imports, which mypy does not follow
STEPS = 40  # about so many steps has a slider


class WhatIf:
    """When is the programme's target passed, and how long does an area's investment take, at a pace that a slider sets?

    A question is `projects` or `investment` of the programme, where its first batch lies below the target, or an area's id. A report
    that gives no question gets a line that says so.
    """

    def __init__(self, report: Report | None = None, *, wording: Wording | None = None, language: str = "en"):
        """Build the widgets on `report`, the newest one if none is given, in one `wording` or just in a language."""
        self.report, self.wording = given(report, "WhatIf"), wording or Wording(language)
        said = words(self.wording.language)
        self.charts = whatif.WhatIfCharts(self.report, wording=self.wording)
        programme = said["whatif"]["measure"] + self.wording.phrases["colon"]
        questions = [(programme + said["whatif"][each], each) for each in self._measures()]
        names = self.report.catalogue.names
        areas = [(str(self.wording.label(names[area])), area) for area in whatif.areas(self.report)]
        self.first: Chart | None = None
        if not (questions or areas):
            self.widget = W.HTML(f"<p>{escape(said['whatif']['missing'])}</p>")
            return
        style, wide = {"description_width": "8rem"}, W.Layout(width="100%", max_width="32rem")
        self.question = W.Dropdown(
            options=[*questions, *areas], description=said["whatif"]["question"], style=style, layout=wide
        )
        self.slider = W.FloatSlider(style=style, layout=W.Layout(width="100%", max_width="44rem"))
        self.message = W.HTML()
        self._axis, self._busy = Axis(1, ""), False
        self._ask()
        self.chart = self.first = self.draw()
        self.plot = Plot(self.chart, lambda id, other: None)
        self.heading, self.footing = W.HTML(heading(self.chart)), W.HTML(footing(self.chart))
        self.widget = W.VBox([self.question, self.slider, self.message, self.heading, self.plot, self.footing])
        self.question.observe(self._asked, "value")
        self.slider.observe(self._moved, "value")

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return bundle(self.widget, self.first)

    def draw(self) -> Chart:
        """The chart of the question at the slider's pace."""
        rate = self.wording.rate if self.wording.currency == "USD" and self.question.value != "projects" else 1
        pace = self.slider.value * self._axis.divisor * (rate or 1)
        if self.question.value in ("projects", "investment"):
            return self.charts.programme(self.question.value, pace)
        return self.charts.sector(self.question.value, pace)

    def _ask(self) -> None:
        """Set the slider for the question: from nothing to the whole gap; from a quarter to twice the plan's own pace."""
        said, question = words(self.wording.language)["whatif"], self.question.value
        if question in ("projects", "investment"):
            first = self.report.row(f"first_batch.{question}")
            self._axis = self.wording.axis([first])
            years = whatif.years(self.report, question)
            gap = self._shown(whatif.gap(self.report, question), first)
            step = _nice(gap / STEPS)
            low, high, value = (
                0.0,
                math.ceil(gap / step) * step,
                (math.floor(gap / max(1, years - 1) / step) + 1) * step,
            )
        else:
            plan = self.report.row(f"sector.{question}.investment_per_year")
            self._axis = self.wording.axis([plan])
            pace = self._shown(plan["value"], plan)
            low, step = pace / 4, pace / 20  # the plan's own pace is one of the steps
            high, value = pace * 2, pace
        self._busy = True
        with self.slider.hold_sync():  # a browser that gets them one by one rounds the value to the step before
            self.slider.min, self.slider.max = min(low, self.slider.min), max(high, self.slider.max)
            self.slider.step, self.slider.value = step, value
            self.slider.min, self.slider.max = low, high
            self.slider.description = said["added" if question in ("projects", "investment") else "yearly"]
            self.slider.readout_format = ",.0f" if step == round(step) else ",.1f"
        self.message.value = f"<small>{escape(self._axis.unit)}</small>" if self._axis.unit else ""
        self._busy = False

    def _asked(self, _: Any) -> None:
        self._ask()
        self._moved(None)

    def _moved(self, _: Any) -> None:
        if not self._busy:
            self.chart = self.draw()
            self.plot.draw(self.chart)
            self.heading.value, self.footing.value = heading(self.chart), footing(self.chart)

    def _shown(self, value: float, row: dict[str, Any]) -> float:
        return self.wording.position(row | {"value": value}, self._axis) or 0.0

    def _measures(self) -> list[str]:
        """What of the first batch lies below the target: what lies above it passes it with nothing added."""
        asked = []
        for measure in ("projects", "investment"):
            try:
                whatif.years(self.report, measure)
                if whatif.gap(self.report, measure):
                    asked.append(measure)
            except whatif.NotStatedError:
                continue
        return asked


def _nice(step: float) -> float:
    """The next of 1, 2, 5, 10, … times a power of ten."""
    power = 10 ** math.floor(math.log10(step))
    return next(float(factor * power) for factor in (1, 2, 5, 10) if factor * power >= step * 0.999)
