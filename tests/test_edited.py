"""The text decides: in an edited report the new numbers are everywhere, and the old ones nowhere."""

import json
import re
from base64 import b64decode
from html import unescape

import pytest
from typer.testing import CliRunner

from zjlib.cli import app
from zjlib.paths import data_dir
from zjlib.tables import read_report

REPORT = data_dir() / "reports" / "2023-02-13.txt"
# figure → its new words; sums still hold
EDITS = {
    "first_batch.projects": "812",
    "first_batch.new": "262",
    "first_batch.continued": "550",
    "first_batch.investment": "901.4 billion yuan",
    "sector.transport.investment": "2,193.4 billion yuan",
    "trade.total.level": "4.79 trillion yuan",
    "trade.exports.level": "3.52 trillion yuan",
    "trade.imports.level": "1.27 trillion yuan",
    "gdp.level": "7,903.2 billion yuan",
    "trade.exports.contribution": "18.9%",
}


def number(surface):
    return re.match(r"[\d.,]+", surface)[0]


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The report with the words of EDITS in place of its own."""
    report = read_report(REPORT)
    text = report.text
    for id in sorted(EDITS, key=lambda id: -report.figure(id)["start"]):
        figure = report.figure(id)
        text = text[: figure["start"]] + EDITS[id] + text[figure["end"] :]
    file = tmp_path_factory.mktemp("edited") / "edited.txt"
    file.write_text(text, encoding="utf-8", newline="")
    return file


@pytest.fixture(scope="module")
def old():
    """The report's own numbers at the edited places."""
    report = read_report(REPORT)
    return {id: number(report.figure(id)["surface"]) for id in EDITS}


@pytest.fixture(scope="module")
def site(edited, tmp_path_factory):
    out = tmp_path_factory.mktemp("build")
    run = CliRunner().invoke(app, ["refresh", "--report", str(edited), "--out", str(out)])
    assert run.exit_code == 0, run.output
    return out / "site"


def shown(page):
    """What a reader of a page can see, point at or download: its text, and the words and values of its charts, but no sizes."""
    html = re.sub(r"<style.*?</style>| style=\"[^\"]*\"", " ", page.read_text(encoding="utf-8"), flags=re.S)
    html = re.sub(r"base64,([\w+/=]+)", lambda found: b64decode(found[1]).decode("utf-8"), html)
    charts = r"<script type=\"application/json\">(.*?)</script>"
    return unescape(re.sub(charts, lambda found: " ".join(told(json.loads(found[1]))), html, flags=re.S))


def told(content, values=False):
    """The strings of a chart's JSON, and the numbers that its marks stand for."""
    if isinstance(content, dict):
        for key, value in content.items():
            yield from told(value, values or key in ("x", "base", "customdata"))
    elif isinstance(content, list):
        for value in content:
            yield from told(value, values)
    elif isinstance(content, str) or (values and content is not None):
        yield f" {content} "


def has(text, number):
    return re.search(rf"(?<![\d.,#]){re.escape(number)}(?![\d]|[.,]\d)", text) is not None


def test_figures_follow_the_text(edited):
    report = read_report(edited)
    for id, words in EDITS.items():
        assert report.figure(id)["surface"] == words


def test_every_new_number_is_on_the_site_and_no_old_one(site, old):
    pages = {page.name: shown(page) for page in site.glob("*.html")}
    assert len(pages) > 3
    everything = "\n".join(pages.values())
    for id, words in EDITS.items():
        assert has(everything, number(words)), id
        assert not [name for name, text in pages.items() if has(text, old[id])], (id, old[id])


def test_titles_prose_and_charts_follow_the_text(site, old):
    summary = shown(site / "00_summary.html")
    assert has(re.search(r"<h1.*?</h1>", summary, flags=re.S)[0], EDITS["first_batch.projects"])
    assert "812 projects" in summary
    assert "901.4 billion yuan" in summary


def test_published_figures_follow_the_text(site, edited):
    published = {row["id"]: row["surface"] for row in json.loads((site / "figures.json").read_text(encoding="utf-8"))}
    assert {id: published[id] for id in EDITS} == EDITS
