"""The quick look, in any notebook: find a figure, show its sentence, draw a chart, turn money into another currency.

Each takes a report, and reads the newest of `data/reports` when none is given; `to` takes any table of figures too.
"""

import difflib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date as Date
from functools import lru_cache
from html import escape
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from zjlib.drawing.words import Wording, stated
from zjlib.nearest import nearest
from zjlib.report import expect
from zjlib.reports import project_reports
from zjlib.tables import Report, read_report, records

if TYPE_CHECKING:
    from zjlib.charts import Chart

AMOUNTS = ("value", "value_max", "low", "high", "printed")
FOUND = ["id", "label", "words", "value", "unit", "period", "nature", "paragraph", "sentence"]
_CJK = re.compile(r"[\u3400-\u9fff]+")
STYLE = """
<style>
.zj-passage { max-width: 46rem; line-height: 1.55; overflow-wrap: anywhere }
.zj-passage blockquote { margin: .4rem 0; padding: .1rem 0 .1rem .9rem; border-left: 3px solid #8a94a0 }
.zj-passage mark { color: inherit; background: rgba(230, 159, 0, .25); padding: .05em 0 }
.zj-passage mark strong { border-bottom: 2px solid #b8293d }
.zj-passage small { opacity: .8 }
</style>
"""


@dataclass(frozen=True, repr=False)
class Passage:
    """A figure with the paragraph it stands in, its sentence marked and its number in bold; shows itself as escaped HTML.

    A derived figure shows its formula and the passages of what it is worked out from.
    """

    report: Report
    id: str
    wording: Wording

    def __str__(self) -> str:
        """The figure in words, with its sentence."""
        row = self.report.row(self.id)
        told = row["sentence"] if stated(row["sentence"]) else row["formula"]
        return self.wording.labelled(row) + (f"\n{told}" if stated(told) else "")

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return f'{STYLE}<div class="zj-passage">{self.html()}</div>'

    def html(self) -> str:
        """The passage alone, without its style."""
        row, wording = self.report.row(self.id), self.wording
        facts = [
            wording.period(row["period"]) if stated(row["period"]) else "",
            wording.nature(row),
            wording.interval(row),
        ]
        told = escape(" · ".join(filter(None, facts)))
        head = f"<p><b>{escape(wording.labelled(row))}</b><br><small>{told} · {escape(self.id)}</small></p>"
        if stated(row["formula"]):
            parts = "".join(Passage(self.report, id, wording).html() for id in row["inputs"])
            return f"{head}<p>= <code>{escape(row['formula'])}</code></p>{parts}"
        return head + (self._quote(row) if stated(row["start"]) else "")

    def _quote(self, row: dict[str, Any]) -> str:
        text, number = self.report.text, int(row["paragraph"])
        start, end = self.report.paragraphs[number - 1]
        first, last = int(row["start"]), int(row["end"])
        sentence = next(s for s in self.report.sentences if s.start <= first < s.end)
        cuts = [start, sentence.start, first, last, sentence.end, end]
        before, left, figure, right, after = (escape(text[a:b]) for a, b in pairwise(cuts))
        quoted = f"{before}<mark>{left}<strong>{figure}</strong>{right}</mark>{after}".replace("\n", "<br>")
        where = self.wording.phrases["one_paragraph"].format(number)
        source = f"{escape(self.report.title)}, {self.report.date or ''}, {escape(where)}"
        return f'<blockquote lang="{self.report.language}">{quoted}</blockquote><p><small>{source}</small></p>'


def find(words: str, report: Report | None = None, *, language: str = "en") -> pd.DataFrame:
    """The figures whose label, area, id or sentence holds the words, in English or Chinese, the best first.

    One row a figure, columns `FOUND`; values in base units, `label` and `words` as people say them in the language. At least two
    thirds of the words are in each; a word that stands nowhere in the report is taken as the nearest one that does.

    >>> find("transport investment")["id"].iloc[0]
    'sector.transport.investment'
    >>> find("交通投资")["id"].iloc[0]
    'sector.transport.investment'
    """
    report, wording = given(report, "find"), Wording(language)
    figures = report.figures
    scores = search(words, report, figures)
    best = figures.assign(score=scores)[scores > 0].sort_values("score", ascending=False, kind="stable")
    rows = records(best)
    said = {"label": [wording.label(row) for row in rows], "words": [wording.say(row) for row in rows]}
    return best.assign(**said)[FOUND].reset_index(drop=True)


def show(figure: str | Report, report: Report | None = None, *, language: str = "en") -> "Passage | Card":
    """A figure, by id, with its sentence highlighted in its paragraph; or a report at a glance, as it shows itself in its own language.

    KeyError names the nearest ids for an unknown one.

    >>> show("first_batch.projects")._repr_html_().count("<mark>")
    1
    >>> show(newest(), language="zh").wording.language
    'zh'
    """
    if isinstance(figure, Report):
        return Card(figure, Wording(language))
    report = given(report, "show")
    report.row(figure)
    return Passage(report, figure, Wording(language))


def chart(
    name: str,
    report: Report | None = None,
    *,
    language: str = "en",
    currency: str = "CNY",
    rate: float | None = None,
    rate_date: str | None = None,
    scale: str | None = None,
) -> "Chart":
    """A chart of the story by name, said as by `Wording`: `currency="USD"` needs `rate` (yuan a dollar) and `rate_date`.

    ValueError names the nearest charts for an unknown name.

    >>> chart("sectors", language="zh").name
    'sectors'
    """
    from zjlib.story import Charts

    charts = Charts(given(report, "chart"), wording=Wording(language, currency, rate, rate_date, scale))
    if name not in charts.names:
        raise ValueError(
            f"no chart {name!r}{nearest(name, charts.names) or '; the charts are ' + ', '.join(charts.names)}"
        )
    drawn: Chart = getattr(charts, name)()
    return drawn


def to(
    currency: str,
    figures: pd.DataFrame | Report | None = None,
    *,
    rate: float | None = None,
    rate_date: str | Date | None = None,
) -> pd.DataFrame:
    """Figures with their money in another currency, at one rate for all; other figures stay as they are.

    `figures` is a report, the newest when left out, or a table with a column `unit`: `report.trade()`, `find(…)`, `outcomes()`.
    Of what is in yuan the amounts (`AMOUNTS`, those that are there) are divided by the rate, and `unit` names the currency; the
    report's sentences stay, a column `words`, which says yuan, is left out. Currencies, `rate` and `rate_date` are as for
    `Wording`, and so for `chart`: ValueError as there, and for a table in which nothing is in yuan.

    >>> dollars = to("USD", rate=7, rate_date="2023-02-13")
    >>> sorted(set(dollars["unit"].dropna()) - set(newest().figures["unit"].dropna()))
    ['USD', 'USD/beneficiary', 'USD/kW', 'USD/project', 'USD/year']
    """
    Wording("en", currency, rate, rate_date)  # refuses what charts refuse
    table = figures.copy() if isinstance(figures, pd.DataFrame) else given(figures, "to").figures
    units = table["unit"] if "unit" in table else pd.Series(index=table.index, dtype="str")
    money = units.str.fullmatch("CNY(/.*)?", na=False)
    if not money.any():
        raise ValueError(
            f"nothing in yuan: expected CNY among the units, found {', '.join(units.dropna().unique()) or 'none'}"
        )
    amounts = [column for column in AMOUNTS if column in table]
    if rate and currency != "CNY":
        table.loc[money, amounts] /= rate
        table.loc[money, "unit"] = units[money].str.replace("CNY", currency)
        table = table.drop(columns="words", errors="ignore")
    table.attrs |= {"currency": currency, "rate": rate, "rate_date": rate_date and str(rate_date)}
    return table


def given(report: Report | None, call: str) -> Report:
    """The report that a call was given, the newest when it was given none. TypeError for what is no report."""
    if report is None:
        return newest()
    expect(report, Report, call, "read_report(path)")
    return report


def newest() -> Report:
    """The newest report of `data/reports`, read once as long as its file stays as it is."""
    files = project_reports()
    return _read(files[-1], files[-1].stat().st_mtime_ns) if files else read_report()


@lru_cache(maxsize=4)
def _read(file: Path, _changed: int) -> Report:
    return read_report(file)


@dataclass(frozen=True)
class Card:
    """A report at a glance: title, date, hash, counts, the first figures; shows itself as escaped HTML."""

    report: Report
    wording: Wording

    def _repr_html_(self) -> str:
        report, wording, figures = self.report, self.wording, self.report.figures
        said, derived = wording.phrases["card"], int(figures["formula"].notna().sum())
        counts = {"paragraphs": len(report.paragraphs), "numerals": len(report.numerals)}
        counts |= {"stated": len(figures) - derived, "derived": derived}
        day = str(report.date or wording.phrases["undated"])
        facts = " · ".join([day, f"sha256 {report.sha256[:12]}…", said["counts"].format(**counts)])
        lines = [(row["id"], wording.label(row), wording.say(row)) for row in records(figures.head(8))]
        cells = ("".join(f'<td style="text-align:left">{escape(cell)}</td>' for cell in line) for line in lines)
        rows = "".join(f"<tr>{each}</tr>" for each in cells)
        calls = ("report.figures", 'zj.find("…")', 'zj.show("id")')
        ways = said["ways"].format(*(f"<code>{escape(call, quote=False)}</code>" for call in calls))
        return (
            f"<div><p><b>{escape(report.title)}</b><br><small>{escape(facts)}</small></p><table>{rows}</table>"
            f"<p><small>{ways}</small></p></div>"
        )


def card(report: Report) -> str:
    """How a report shows itself, in its own language."""
    return Card(report, Wording("zh" if report.language == "zh" else "en"))._repr_html_()


Report.card = card


def search(words: str, report: Report, rows: pd.DataFrame) -> "pd.Series[float]":
    """How well each row fits the words: 0 for one that lacks more than a third of them, more for labels than for sentences."""
    names = report.catalogue.names
    labels = [_text(row, names).lower() for row in records(rows)]
    sentences = rows["sentence"].fillna("").str.lower().tolist()
    every = " ".join([*labels, *sentences])
    terms = [term if term in every else _nearest_word(term, every) for term in _terms(words)]
    scores = []
    for label, sentence in zip(labels, sentences, strict=True):
        hits = [3 if term in label else 1 if term in sentence else 0 for term in terms]
        fits = hits and 3 * sum(map(bool, hits)) >= 2 * len(hits)
        share = sum(len(term) for term in terms if term in label) / len(
            label
        )  # of two labels with all words, the shorter
        scores.append(sum(hits) / len(hits) + share if fits else 0.0)
    return pd.Series(scores, index=rows.index, dtype="float64")


def _text(row: dict[str, Any], names: dict[str, dict[str, Any]]) -> str:
    area = names.get(row["area"], {}) if stated(row["area"]) else {}
    parts = [row["label"], row["label_zh"], area.get("label", ""), area.get("label_zh", ""), row["id"]]
    return " ".join(str(part) for part in parts if stated(part))


def _terms(words: str) -> Iterator[str]:
    """Words in lower case without a plural's s; Chinese in pairs of characters, as it has no spaces between words."""
    for word in words.lower().split():
        for chinese in _CJK.findall(word):
            yield from (chinese[i : i + 2] for i in range(max(1, len(chinese) - 1)))
        if latin := _CJK.sub("", word):
            yield latin[:-1] if len(latin) > 3 and latin.endswith("s") else latin


def _nearest_word(term: str, every: str) -> str:
    return next(iter(difflib.get_close_matches(term, set(re.findall(r"[a-z]{3,}", every)), n=1, cutoff=0.75)), term)
