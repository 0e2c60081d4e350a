"""The explorer as ipywidgets: a thin view of `choice`. It shows itself as widgets where a kernel is, and carries the first view as
a static chart for readers who have none.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, replace
from functools import partial
from html import escape
from io import BytesIO
from pathlib import Path
from typing import Any

import ipywidgets

from zjlib.charts import Chart
from zjlib.drawing.words import Wording, stated, vocabulary
from zjlib.explore.choice import FILTERS, KINDS, ORIGINS, Choice
from zjlib.explore.draw import everything, words
from zjlib.explore.plot import Plot, bundle, footing, heading
from zjlib.explore.shelf import Shelf
from zjlib.explore.table import doubts, table
from zjlib.formats import ENDINGS
from zjlib.quick import STYLE, Passage, given, newest
from zjlib.report import ReportError
from zjlib.tables import Report

W: Any = ipywidgets  # its names come by star imports, which mypy does not follow
CONTROLS = ("topic", "area", "unit", "origin", "bound", "nature", "period", "words")
SAYING = ("kind", "language", "currency", "rate", "rate_date", "scale", "changed")


class Explorer:
    """Choose figures, see them drawn and in a table, click one to read its sentence, compare two reports, take the data along.

    `choice` is the first view; with `remember` the last one of this user comes back when an explorer that began with the same
    report and the same choice is made anew, as after a restart of the kernel.
    """

    def __init__(
        self,
        report: Report | None = None,
        choice: Choice | None = None,
        *,
        remember: bool = True,
        shelf: Shelf | None = None,
    ):
        """Build the widgets on `report`, the newest one if none is given."""
        self.shelf, self.remember = shelf or Shelf(), remember
        self.report = given(report, "Explorer")
        self.other: Report | None = None
        self.choice = choice or Choice(topic="sectors", unit="CNY", origin="stated")
        began = str(self.report.path.resolve()) if self.report.path else self.report.sha256
        self.began = f"{began} {self.choice.to_json()}"
        self.chart = self._chart_or_all()
        self.first = self.chart
        self._busy = False
        if remember and (saved := self.shelf.load(self.began)):
            self._restore(*saved)
        self._build()
        self._label()
        self._show()

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        return bundle(self.widget, self.first)

    # -- what the user did

    def _changed(self, change: Any) -> None:
        if self._busy:
            return
        relabel = change["owner"] is self.controls["language"]
        self.choice = replace(self.choice, **{name: control.value for name, control in self.controls.items()})
        if relabel:
            self._label()
        self._reveal()
        self._show()

    def _chose_report(self, change: Any) -> None:
        if self._busy:
            return
        try:
            self.report = self.shelf.read(Path(self.reports.value))
            self.other = self.shelf.read(Path(self.others.value)) if self.others.value else None
        except ReportError as problem:
            self._label()  # back to the reports that are open
            self._tell(str(problem))
            return
        self._label()
        self._show()

    def _opened(self, change: Any) -> None:
        """A file was opened: it becomes the report, compared with the one before."""
        if self._busy or not self.upload.value:
            return
        file = self.upload.value[0]
        try:
            path = self.shelf.keep(file["name"], bytes(file["content"]))
        except OSError as problem:
            return self._tell(f"{file['name']}: {problem.strerror}")
        finally:
            with self._quietly():
                self.upload.value = ()
        try:
            opened = self.shelf.read(path)
        except ReportError as problem:
            path.unlink(missing_ok=True)
            return self._tell(str(problem).replace(str(path), path.name))
        self.report, self.other = opened, self.report if self.report.sha256 != opened.sha256 else self.other
        self._label()
        self._show()

    def select(self, id: str, of_other: bool = False) -> None:
        """Show the passage of a figure, of both reports where two are open."""
        with self._quietly():
            self.figure.value = id if id in [value for _, value in self.figure.options] else ""
        reports = [self.report, *([self.other] if self.other else [])]
        passages = (
            [Passage(each, id, self.choice.wording).html() for each in (reports[::-1] if of_other else reports)]
            if id
            else []
        )
        columns = "".join(f"<div>{passage}</div>" for passage in passages)
        said = words(self.choice.language)["hint"]
        self.passage.value = (
            f'{STYLE}<div class="zj-passage zj-two">{columns}</div>' if id else f"<p><i>{escape(said)}</i></p>"
        )

    def export(self, ending: str) -> None:
        """Save the chart's data as `csv` or `parquet`, columns as `Chart.data`, or the chart as `png`."""
        name = f"{self.report.id}-{self.chart.name}.{ending}"
        if ending == "png":
            self.plot.picture(name)
        elif ending == "csv":
            self.plot.save(
                name, b"\xef\xbb\xbf" + self.chart.csv().encode()
            )  # with the mark by which spreadsheets know UTF-8
        else:
            buffer = BytesIO()
            self.chart.data.to_parquet(buffer)
            self.plot.save(name, buffer.getvalue())

    def _save(self, ending: str, _: Any) -> None:
        self.export(ending)

    # -- what is shown

    def _show(self) -> None:
        try:
            self.chart = self.choice.chart(self.report, self.other)
        except (LookupError, ValueError) as problem:
            self._tell(str(problem))
            self.plot.clear()
            for each in (self.table, self.heading, self.footing, self.code, self.passage):
                each.value = ""
            with self._quietly():
                self.figure.options = [("", "")]
            self._offer(False)
            return
        if self.remember:  # before it is drawn, so that what one sees is what a restart brings back
            self.shelf.save(self.began, self.choice, self.report, self.other)
        self._tell("")
        self._offer(True)
        self.plot.draw(self.chart)
        self.heading.value, self.footing.value = heading(self.chart), footing(self.chart)
        self.table.value = table(self.chart, self.choice.language, compared=self.other is not None)
        is_newest = self.report.path is not None and self.report.sha256 == newest().sha256
        self.code.value = self.choice.code(self.report, self.other, is_newest)
        selected = self.figure.value
        with self._quietly():
            named = zip(self.chart.data["label"], self.chart.data["id"], strict=True)
            self.figure.options = [("", ""), *dict.fromkeys((label, id) for label, id in named if stated(id))]
        self.select(selected if selected in set(self.chart.data["id"]) else "")

    def _offer(self, drawn: bool) -> None:
        """What can be saved and copied is what is drawn."""
        for each in (self.figure, self.code, self.copy, *self.saves.values()):
            each.disabled = not drawn

    def _tell(self, message: str) -> None:
        text = escape(message).replace("\n", "<br>")
        self.message.value = f'<p class="zj-message" role="alert">{text}</p>' if message else ""

    def _label(self) -> None:
        """Give every control its words and what this report lets one choose."""
        said, values = words(self.choice.language), words(self.choice.language)["values"]
        known_figures, names = everything(self.report), self.report.catalogue.names
        labels = {"topic": said["topics"], "area": {id: self._named(name) for id, name in names.items()}}
        labels["period"] = {
            period: Wording(self.choice.language).period(period) for period in known_figures["period"].dropna().unique()
        }
        options = {
            "origin": list(ORIGINS[1:]),
            "kind": list(KINDS),
            "language": ["en", "zh"],
            "currency": ["CNY", "USD"],
        }
        options |= {name: sorted(known_figures[column].dropna().unique()) for name, column in FILTERS.items()}
        options |= {
            "topic": list(known_figures["topic"].dropna().unique()),
            "scale": list(vocabulary(self.choice.language)["scales"]),
        }
        with self._quietly():
            for name, known in options.items():
                spoken = labels.get(name, values)
                every = (
                    []
                    if name in ("kind", "language", "currency")
                    else [(said["printed" if name == "scale" else "all"], "")]
                )
                control, value = self.controls[name], getattr(self.choice, name)
                control.options = [*every, *((str(spoken.get(each, each)), each) for each in known)]
                control.value = value if value in known else control.options[0][1]
            for name, control in self.controls.items():
                control.description = said[name]
            self.controls["rate_date"].placeholder = said["day_form"]
            paths = self.shelf.paths(self.report.path, self.other.path if self.other else None)
            listed = [(path.stem, str(path.resolve())) for path in paths]
            self.reports.options, self.others.options = listed, [(said["none"], ""), *listed]
            self.reports.value = str(self.report.path.resolve()) if self.report.path else listed[0][1]
            self.others.value = str(self.other.path.resolve()) if self.other and self.other.path else ""
            for each, name in (
                (self.reports, "report"),
                (self.others, "other"),
                (self.upload, "open"),
                (self.figure, "figure"),
                (self.code, "code"),
            ):
                each.description = said[name]
            self.take.value, self.copy.description = escape(said["export"]), said["copy"]
        self.choice = replace(self.choice, **{name: control.value for name, control in self.controls.items()})
        opened = [self.report, *([self.other] if self.other else [])]
        self.doubts.value = "".join(doubts(report, self.choice.language) for report in opened)
        self._reveal()

    def _reveal(self) -> None:
        """Show the controls that the choice makes use of."""
        self.controls["changed"].layout.display = "" if self.other else "none"
        self.beside.layout.flex = (
            "1 1 100%" if self.other else "1 1 18rem"
        )  # two columns more have the page's whole width
        for name in ("rate", "rate_date"):
            self.controls[name].layout.display = "" if self.choice.currency != "CNY" else "none"

    def _build(self) -> None:
        said = asdict(self.choice)
        made: dict[str, Any] = {name: W.Dropdown(**_box()) for name in (*CONTROLS, *SAYING)}
        made["words"] = W.Text(said["words"], continuous_update=False, **_box())
        made["rate_date"] = W.Text(said["rate_date"], continuous_update=False, **_box())
        made["rate"] = W.BoundedFloatText(said["rate"], min=0, max=1e6, step=0.01, **_box())
        made["changed"] = W.Checkbox(said["changed"], indent=False, layout=W.Layout(width="auto"))
        self.controls = made
        self.reports, self.others, self.figure = (W.Dropdown(**_box()) for _ in range(3))
        self.upload = W.FileUpload(accept=",".join(ENDINGS), multiple=False, layout=W.Layout(width="auto"))
        self.message, self.doubts, self.heading, self.footing, self.table, self.passage, self.take = (
            W.HTML() for _ in range(7)
        )
        self.code = W.Textarea(rows=5, layout=W.Layout(width="100%"), style={"description_width": "6.5rem"})
        self.saves = {
            name: W.Button(description=name, layout=W.Layout(width="auto")) for name in ("CSV", "Parquet", "PNG")
        }
        self.copy = W.Button(layout=W.Layout(width="auto"))
        self.plot = Plot(self.chart, self.select)
        self.figure.layout = W.Layout(width="100%", max_width="46rem")
        row = W.Layout(flex_flow="row wrap", width="100%")
        self.beside = W.Box([self.table], layout=W.Layout(min_width="16rem"))
        drawn = W.VBox([self.heading, self.plot, self.footing], layout=W.Layout(flex="2 1 20rem", min_width="0"))
        self.widget = W.VBox(
            [
                W.Box([self.reports, self.others, self.upload, made["changed"]], layout=row),
                W.Box([made[name] for name in CONTROLS], layout=row),
                W.Box([made[name] for name in SAYING[:-1]], layout=row),
                self.doubts,
                self.message,
                W.Box([drawn, self.beside], layout=row),
                self.figure,
                self.passage,
                W.Box([self.take, *self.saves.values(), self.copy], layout=row),
                self.code,
            ]
        )
        for control in made.values():
            control.observe(self._changed, "value")
        for each in (self.reports, self.others):
            each.observe(self._chose_report, "value")
        self.upload.observe(self._opened, "value")
        self.figure.observe(lambda change: None if self._busy else self.select(change["new"] or ""), "value")
        for name, button in self.saves.items():
            button.on_click(partial(self._save, name.lower()))
        self.copy.on_click(lambda _: self.plot.copy(self.code.value))

    def _chart_or_all(self) -> Chart:
        """The chart of the first choice; without its filters where they do not fit this report."""
        try:
            return self.choice.chart(self.report, self.other)
        except LookupError:
            unfiltered: dict[str, Any] = dict.fromkeys(CONTROLS, "")
            self.choice = replace(self.choice, **unfiltered)
            return self.choice.chart(self.report, self.other)

    def _restore(self, choice: Choice, report: Path | None, other: Path | None) -> None:
        try:
            opened = self.shelf.read(report) if report else self.report
            self.other = self.shelf.read(other) if other else None
        except ReportError:
            return  # a file that was open is gone: begin anew
        self.choice, self.report = choice, opened

    def _named(self, name: dict[str, Any]) -> str:
        return str(name["label_zh" if self.choice.language == "zh" else "label"])

    @contextmanager
    def _quietly(self) -> Iterator[None]:
        """Set controls without taking it for what the user did."""
        before, self._busy = self._busy, True
        try:
            yield
        finally:
            self._busy = before


def _box() -> dict[str, Any]:
    """A control's place in its row; a layout of its own, as some controls come and go."""
    layout = W.Layout(flex="1 1 14rem", min_width="12rem", max_width="22rem")
    return {"layout": layout, "style": {"description_width": "6.5rem"}}
