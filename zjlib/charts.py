"""A chart: its words, its data and its plotly figure, in the house style of zjlib/drawing/style.

In JupyterLab a chart shows itself (title, subtitle and source are drawn in the figure, on white). A page that sets the words
itself takes `without_words(figure)`: the same figure, transparent, with no title and source. For a dark page replace each
colour of `look.dark_colours()` in the figure's JSON text. No plotly module is imported: a figure is a plain dictionary.
"""

import copy
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from html import escape
from typing import Any

import pandas as pd

from zjlib.drawing.look import house, ink, words_of, wrapped
from zjlib.drawing.marks import Trace
from zjlib.drawing.words import Wording, stated

PLOTLY = "application/vnd.plotly.v1+json"
CONFIG = {"displaylogo": False, "displayModeBar": False, "responsive": True, "scrollZoom": False}
CSV_COLUMNS = (
    "id",
    "label",
    "words",
    "value",
    "value_max",
    "unit",
    "noun",
    "qualifier",
    "low",
    "high",
    "period",
    "nature",
    "paragraph",
    "sentence",
    "formula",
    "source",
)
_PAGE_WIDTH = 84  # characters in a line of words inside the figure


@dataclass(frozen=True)
class Chart:
    """A chart of the story.

    `data` has one row a figure drawn (columns CSV_COLUMNS; base units). `traces` and `layout` are plotly's, the layout's
    height that of the plot without its words. `addresses` has the address of each source that has one, as sources.csv has it.
    """

    name: str
    title: str
    subtitle: str
    source: str
    alt: str
    data: pd.DataFrame = field(repr=False)
    traces: list[Trace] = field(repr=False)
    layout: dict[str, Any] = field(repr=False)
    note: str = ""
    wording: Wording = field(default_factory=Wording, repr=False)
    addresses: Mapping[str, str] = field(default_factory=dict, repr=False)

    @property
    def figure(self) -> dict[str, Any]:
        """The plotly figure, words included, ready for the application/vnd.plotly.v1+json mimetype."""
        sizes, lines = house()["sizes"], self._lines()
        top = 10 + 25 * lines["title"] + 20 * lines["subtitle"] + 14
        foot = 18 * (lines["source"] + lines["note"]) + 16
        height = self.layout["height"] + top + foot
        title = f"<b>{wrapped(self.title, _PAGE_WIDTH - 18)}</b><br>"
        title += f"<span style='font-size:{sizes['subtitle']}px;color:{ink('muted')}'>{wrapped(self.subtitle, _PAGE_WIDTH)}</span>"
        words = "<br>".join(wrapped(text, _PAGE_WIDTH + 14) for text in (self.note, self.source) if text)
        source = {
            "name": "source",
            "text": words,
            "x": 0,
            "xref": "paper",
            "xanchor": "left",
            "align": "left",
            "y": 0,
            "yref": "paper",
            "yanchor": "top",
            "yshift": -14,
            "showarrow": False,
            "font": {"size": sizes["small"], "color": ink("muted")},
        }
        layout = {
            **_base(),
            **copy.deepcopy(self.layout),
            "height": height,
            "margin": {"l": 12, "r": 12, "t": top, "b": foot, "pad": 0},
            "title": {
                "text": title,
                "x": 0,
                "xref": "paper",
                "xanchor": "left",
                "y": round(1 - 20 / height, 4),
                "yref": "container",
                "yanchor": "top",
                "font": {"size": sizes["title"], "color": ink("text")},
            },
            "meta": {
                "name": self.name,
                "title": self.title,
                "subtitle": self.subtitle,
                "source": self.source,
                "note": self.note,
                "alt": self.alt,
                "marks": self.marks,
                "height": self.layout["height"],
            },
        }
        layout["annotations"] = [*layout.get("annotations", []), source]
        return {"data": copy.deepcopy(self.traces), "layout": layout}

    @property
    def marks(self) -> int:
        """How many figures are drawn: the points that carry customdata."""
        return sum(len(trace.get("customdata", ())) for trace in self.traces)

    def csv(self) -> str:
        """The chart's data as CSV: id, label, words, value in base units, unit, bound, period, nature, sentence."""
        return self.data.to_csv(index=False, lineterminator="\n", float_format="%.15g")

    def table_html(self) -> str:
        """The same facts as a table of escaped HTML."""
        heads = self.wording.phrases["table"]
        records: list[dict[str, Any]] = [dict(row) for _, row in self.data.iterrows()]
        rows = [
            [
                _text(row["label"]),
                _text(row["words"]),
                _text(self.wording.period(row["period"]) if stated(row["period"]) else ""),
                _text(self.wording.nature(row)),
                _text(row["paragraph"]) or self._linked(row["source"]),
                _text(row["sentence"]),
            ]
            for row in records
        ]
        used = [i for i in range(len(heads)) if any(row[i] for row in rows)]
        head = "".join(f'<th scope="col">{escape(heads[i])}</th>' for i in used)
        body = "\n".join(f"<tr>{''.join(_cell(row[i], i == 0) for i in used)}</tr>" for row in rows)
        return f'<table class="zj-facts">\n<thead><tr>{head}</tr></thead>\n<tbody>\n{body}\n</tbody>\n</table>'

    def _linked(self, source: Any) -> str:
        """A source in HTML, as a link where it has an address; sources.csv has no scheme, and sites lead on to the one they have."""
        address = self.addresses.get(source, "") if stated(source) else ""
        if not re.fullmatch(r"[\w-]+(\.[\w-]+)+/\S*", address):
            return _text(source)
        return f'<a href="http://{escape(address)}" rel="noopener">{_text(source)}</a>'

    def html(self) -> str:
        """A figure for readers with no plotly: title, subtitle, table, note and source; all text escaped."""
        note = f'<p class="zj-note">{escape(self.note)}</p>\n' if self.note else ""
        return (
            f'<figure class="zj-chart" id="chart-{escape(self.name)}">\n<figcaption><strong>{escape(self.title)}</strong><br>'
            f"{escape(self.subtitle)}</figcaption>\n{self.table_html()}\n{note}"
            f'<p class="zj-source">{escape(self.source)}</p>\n</figure>'
        )

    def _repr_mimebundle_(
        self, include: Sequence[str] | None = None, exclude: Sequence[str] | None = None
    ) -> dict[str, Any]:
        # Our own bundle: plotly's would import nbformat, which costs a fresh kernel two seconds.
        bundle = {
            PLOTLY: {**self.figure, "config": CONFIG},
            "text/html": self.html(),
            "text/csv": self.csv(),
            "text/plain": f"{self.title}\n{self.alt}",
        }
        return {
            kind: value
            for kind, value in bundle.items()
            if (not include or kind in include) and kind not in (exclude or ())
        }

    def _lines(self) -> dict[str, int]:
        widths = {
            "title": _PAGE_WIDTH - 18,
            "subtitle": _PAGE_WIDTH,
            "source": _PAGE_WIDTH + 14,
            "note": _PAGE_WIDTH + 14,
        }
        return {
            name: wrapped(text, width).count("<br>") + 1 if (text := getattr(self, name)) else 0
            for name, width in widths.items()
        }


def without_words(figure: dict[str, Any]) -> dict[str, Any]:
    """A chart's figure without title, note and source, on a transparent ground: for pages that set the words themselves."""
    layout = copy.deepcopy(figure["layout"])
    layout.pop("title", None)
    layout["annotations"] = [each for each in layout.get("annotations", []) if each.get("name") != "source"]
    layout |= {"height": layout["meta"]["height"] + 8, "margin": {"l": 2, "r": 2, "t": 4, "b": 4, "pad": 0}}
    layout |= {"paper_bgcolor": "rgba(0,0,0,0)", "plot_bgcolor": "rgba(0,0,0,0)"}
    return {"data": figure["data"], "layout": layout}


def facts(rows: Sequence[Any], wording: Wording) -> pd.DataFrame:
    """The tidy data of a chart: one row a figure, with its words, in the columns CSV_COLUMNS."""
    records = [
        {
            **{column: row.get(column) for column in CSV_COLUMNS},
            "label": wording.label(row),
            "words": words_of(row, wording),
        }
        for row in rows
    ]
    table = pd.DataFrame(records, columns=list(CSV_COLUMNS))
    return table.astype(dict.fromkeys(("value", "value_max", "low", "high"), "float64") | {"paragraph": "Int64"})


def _base() -> dict[str, Any]:
    return {
        "template": {"layout": {}},
        "font": {"family": house()["sizes"]["font"], "size": house()["sizes"]["label"], "color": ink("text")},
        "paper_bgcolor": ink("page"),
        "plot_bgcolor": ink("page"),
        "showlegend": False,
        "barmode": "overlay",
        "hovermode": "closest",
        "dragmode": False,
        "autosize": True,
        "hoverlabel": {
            "align": "left",
            "bgcolor": ink("page"),
            "bordercolor": ink("muted"),
            "font": {"size": 12, "color": ink("text")},
            "namelength": 0,
        },
    }


def _text(value: Any) -> str:
    """A value as HTML text on one line; empty for what is not stated."""
    return escape(" ".join(str(value).split())) if stated(value) else ""


def _cell(html: str, first: bool) -> str:
    return f'<th scope="row">{html}</th>' if first else f"<td>{html}</td>"
