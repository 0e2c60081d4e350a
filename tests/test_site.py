"""The site: pages of executed notebooks that work from the disk and let nothing of a report act in them."""

import base64
import csv
import io
import json
import math
import re
from datetime import date
from html import unescape
from html.parser import HTMLParser

import pytest
from refreshing import cell

from zjlib import site
from zjlib.compare import compare
from zjlib.drawing import thumbnail
from zjlib.formulas import in_full
from zjlib.indicators import indicator_cells
from zjlib.report import Document
from zjlib.site import PLOTLY, Site
from zjlib.tables import read_report
from zjlib.tell import Story

EVIL = '<script>alert(1)</script><img src=x onerror="alert(2)">'
RUN = {
    "report": {"id": "r", "title": f"Title {EVIL}", "date": "2023-02-13", "sha256": "ab" * 32, "language": "en"},
    "checks": [],
    "allowed": [],
}
FIGURE = {
    "data": [
        {
            "type": "bar",
            "orientation": "h",
            "x": [3, 2, 1],
            "y": ["a", "b", "</script>"],
            "customdata": [["a", 9], ["b", 4]],
        }
    ],
    "layout": {
        "meta": {
            "name": "one",
            "title": f"One {EVIL}, paragraph 99",
            "subtitle": "Sub",
            "source": "Source: it, paragraphs 4, 9",
            "note": "N",
            "alt": "Alt",
        },
        "title": {"text": "again"},
        "width": 900,
    },
}
CSV = "label,value\nä 中,3\n"


def output(data, kind="display_data"):
    return {"output_type": kind, "metadata": {}, "data": data} | (
        {"execution_count": 1} if kind == "execute_result" else {}
    )


def page(*outputs, prose="# Finding *one*\n\nThe lede.", names=("00_a", "08_audit")):
    cells = [cell(prose, "markdown"), {**cell("1 < 2"), "execution_count": 1, "outputs": list(outputs)}]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    return site.page("00_a", json.dumps(notebook).encode(), Site(RUN, list(names)))


class Tags(HTMLParser):
    """Collects the tags of a page, each with its attributes."""

    def __init__(self, html):
        super().__init__()
        self.found = []
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        self.found.append((tag, dict(attrs)))


def tags(html, name):
    return [attributes for tag, attributes in Tags(html).found if tag == name]


@pytest.fixture(scope="module")
def chart():
    table = "<table><tr><td onclick='x()'>3 &lt; 4</td></tr></table>"
    return page(
        output({PLOTLY: FIGURE, "text/csv": CSV, "text/html": f"<figure>{table}</figure>", "text/plain": "One"})
    )


def test_title_and_lede_are_the_first_heading_and_the_paragraph_under_it():
    made = page(output({"text/plain": "1"}))
    assert (made.title, made.lede) == ("Finding one", "The lede.")


def test_a_heading_that_stands_alone_has_no_lede():
    made = page(output({"text/markdown": "*Report: it, sha256 ab…*"}), prose="# T")
    assert (made.title, made.lede) == ("T", "")


def test_findings_are_the_first_numbered_list():
    made = page(prose="# T\n\nLede\n\n1. The **first**\n2. The second,\n   in two lines\n\nMore")
    assert made.findings == ["The first", "The second, in two lines"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_s_title_is_shown_whole_and_puts_no_link_into_a_page(tmp_path, language):
    title = "See https://evil.example/bare, ![p](http://evil.example/t.png), <www.evil.example>, me@evil.example for $5 & more"
    (tmp_path / "r.txt").write_text(f"{title}\n\nNothing to count here.\n", encoding="utf-8")
    provenance = Story(read_report(tmp_path / "r.txt"), language=language).provenance()
    made = page(output({"text/markdown": str(provenance)}))
    assert "evil" not in str([*tags(made.html, "a"), *tags(made.html, "img")])
    assert title in unescape(made.html)


def test_links_that_a_notebook_writes_are_live():
    made = page(prose="# T\n\n[one](https://zj.example/one), https://zj.example/two and [three](01_programme.ipynb)")
    links = [attributes.get("href") for attributes in tags(made.html, "a")]
    assert {"https://zj.example/one", "https://zj.example/two", "01_programme.html"} <= set(links)


def test_the_sources_in_the_table_of_a_chart_are_links_that_open_no_way_back():
    made = page(output(Story(read_report()).outcomes_investment()._repr_mimebundle_()))
    links = [each for each in tags(made.html, "a") if each.get("href", "").startswith("http:")]
    assert links and {each.get("rel") for each in links} == {"noopener"}


def test_no_text_of_a_report_acts_in_a_page(chart):
    evil = [
        page(prose=f"# {EVIL}\n\n{EVIL} [x](javascript:alert(3))"),
        page(output({"text/markdown": EVIL})),
        page(output({"text/html": f"<p>safe</p>{EVIL}<a href='javascript:alert(4)'>x</a><iframe src='//x'></iframe>"})),
        page(output({"text/plain": EVIL}, "execute_result")),
        page({"output_type": "stream", "name": "stdout", "text": EVIL}),
        chart,
    ]
    for made in evil:
        for tag, attributes in Tags(made.html).found:
            assert tag not in ("img", "iframe")
            assert not [key for key in attributes if key.startswith("on")]
            assert not str(attributes.get("href", "")).startswith("javascript")
        assert "alert" not in "".join(re.findall(r"<script>(.*?)</script>", made.html, re.S))


def test_a_page_asks_the_network_for_nothing(chart):
    loads = [a.get("src") or a.get("href") for t, a in Tags(chart.html).found if t in ("script", "link", "img")]
    assert {load for load in loads if load} == {"data:,", "site.css", "plotly.min.js", "run.js", "site.js"}
    assert "url(" not in (site.TEMPLATES / "site.css").read_text("utf-8").replace("url(data", "")


def test_a_chart_has_its_words_in_html_and_its_drawing_as_json(chart):
    [figure] = tags(chart.html, "figure")
    assert figure == {"class": "chart", "id": "one"}
    [plot] = [a for a in tags(chart.html, "div") if a.get("role") == "img"]
    assert plot["aria-label"] == "Alt"
    drawing = json.loads(re.search(r'<script type="application/json">(.*?)</script>', chart.html, re.S).group(1))
    assert drawing["data"] == FIGURE["data"]
    assert not {"title", "width"} & set(drawing["layout"])
    for words in ("Sub", "Source: it, paragraphs 4, 9", "N"):
        assert f">{words}<" in re.sub("</?a.*?>", "", chart.html)


def test_each_paragraph_that_a_source_line_names_leads_to_it(chart):
    for number in (4, 9):
        assert f'<a href="08_audit.html#p{number}">{number}</a>' in chart.html
    assert "#p99" not in chart.html
    assert "#p4" not in page(output({PLOTLY: FIGURE, "text/csv": CSV}), names=("00_a",)).html


@pytest.mark.parametrize(
    ("language", "source", "linked"),
    [
        ("en", "Sources: “In paragraph 3, he”, 1 May 2023, paragraph 20; Press on 8 (2024)", ["20"]),
        ("zh", "来源：“第3段”，2023年5月1日，第6、17段；Press on 8 (2024)", ["6", "17"]),
        ("en", "Sources: Press on paragraph 3 (2024)", []),
        ("en", "Source: “<b>”, no date, paragraphs 1, 2", ["1", "2"]),
    ],
)
def test_the_paragraphs_of_a_source_line_are_told_from_other_numbers(language, source, linked):
    run = RUN | {"parameters": {"00_a": {"language": language}}}
    html = site.cited(source, Site(run, ["08_audit"]))
    assert re.findall(r'<a href="08_audit.html#p(\d+)">\1</a>', html) == linked
    assert unescape(re.sub("</?a.*?>", "", html)) == source


def test_a_paragraph_in_the_table_of_a_chart_leads_to_it():
    table = "<table><tr><th>Exports</th><td>3</td><td>9</td><td>A sentence.</td></tr></table>"
    html = page(output({PLOTLY: FIGURE, "text/html": table})).html
    assert '<td>3</td><td><a href="08_audit.html#p9">9</a></td><td>A sentence.</td>' in html


def test_a_charts_csv_opens_as_the_table_it_names(chart):
    [link] = [a for a in tags(chart.html, "a") if "download" in a]
    assert link["download"] == "one.csv"
    text = base64.b64decode(link["href"].rpartition(",")[2]).decode("utf-8-sig")
    assert list(csv.reader(io.StringIO(text))) == [["label", "value"], ["ä 中", "3"]]


def test_the_table_of_a_chart_is_there_without_javascript(chart):
    [data] = [a for a in tags(chart.html, "details") if a.get("class") == "data"]
    assert "open" in data
    assert "3 &lt; 4" in chart.html and "onclick" not in chart.html


def test_a_chart_with_no_table_shows_its_csv_as_one():
    html = page(output({PLOTLY: FIGURE, "text/csv": "a,b\n<i>1</i>,2\n"})).html
    assert "<td>&lt;i&gt;1&lt;/i&gt;</td><td>2</td>" in html


def test_a_figure_of_plain_plotly_is_drawn_too():
    made = page(output({PLOTLY: {"data": [], "layout": {"title": {"text": "Plain"}}}}))
    assert "<h3>Plain</h3>" in made.html and list(made.charts) == ["chart-1"]


def test_code_is_folded_and_the_title_comes_first(chart):
    assert chart.html.index("<h1") < chart.html.index('<details class="code">')
    assert "open" not in next(a for a in tags(chart.html, "details") if a.get("class") == "code")


def test_warnings_of_the_machine_are_not_on_the_page():
    assert "careful" not in page({"output_type": "stream", "name": "stderr", "text": "careful"}).html


def test_a_chart_that_changes_changes_its_hash():
    other = json.loads(json.dumps(FIGURE))
    other["data"][0]["x"][0] = 4
    charts = [page(output({PLOTLY: figure, "text/csv": CSV})).charts for figure in (FIGURE, FIGURE, other)]
    assert charts[0] == charts[1] != charts[2]


def test_another_title_of_the_report_changes_no_chart():
    meta = FIGURE["layout"]["meta"]
    other = {**FIGURE, "layout": {**FIGURE["layout"], "meta": {**meta, "source": "Source: another"}}}
    [first], [second] = (page(output({PLOTLY: each, "text/csv": CSV})).charts.values() for each in (FIGURE, other))
    assert first == second


def test_the_codebook_describes_every_column_of_the_figures():
    from zjlib import read_report

    assert {row["column"] for row in site.codebook()} >= {"id", "value", "unit", "period", "sentence"}
    named = {name for row in site.codebook() for name in re.findall(r"\w+", row["column"])}
    assert set(read_report().figures.columns) <= named


@pytest.mark.parametrize(("name", "said"), [("03_business_environment", "Business environment"), ("trade", "Trade")])
def test_a_page_is_called_after_its_notebook(name, said):
    assert site.label(name) == said


def test_a_small_picture_has_a_bar_for_each_bar_in_proportion():
    svg = thumbnail.thumbnail({"data": [{"type": "bar", "orientation": "h", "x": [4, 2, 1], "y": ["a", "b", "c"]}]})
    widths = [float(w) for w in re.findall(r'width="([\d.]+)"', svg)]
    assert sorted(widths) == pytest.approx([max(widths) / 4, max(widths) / 2, max(widths)], abs=0.1)


def test_a_small_picture_leaves_out_what_is_not_stated():
    svg = thumbnail.thumbnail({"data": [{"type": "bar", "y": [4, None, 1, 3], "x": ["a", "b", "c", "d"]}]})
    assert svg.count("<rect") == 3


def test_a_small_picture_lets_no_colour_act():
    svg = thumbnail.thumbnail({"data": [{"type": "bar", "y": [1, 2, 3], "marker": {"color": '"/><script>x</script>'}}]})
    assert "<script" not in svg


def test_there_is_no_small_picture_of_too_little():
    assert thumbnail.thumbnail({"data": [{"type": "bar", "y": [1]}]}) == ""
    assert thumbnail.thumbnail({"data": []}) == ""


def test_a_heading_of_prose_leaves_no_open_link():
    assert site.prose("# A title").count("<a") == 0


def test_a_number_is_never_written_with_a_power_of_ten():
    written = [in_full(number) for number in (8.337e11, 7.7715e12, 3.1, -2.5, 0.00012, 12345.6789012345)]
    assert written == ["833,700,000,000", "7,771,500,000,000", "3.1", "-2.5", "0.00012", "12,345.6789"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("地区生产总值增长4.5-5%", "4.5 – 5"),
        ("地区生产总值增长5%以上", "≥ 5"),
        ("地区生产总值增长5%左右", "≈ 5"),
        ("地区生产总值增长5%", "5"),
    ],
)
def test_the_comparison_shows_ranges_and_bounds_as_they_are_stated(tmp_path, text, said):
    document = Document.from_text(f"今年发展主要预期目标是：{text}。", id="a", date=date(2026, 1, 20))
    [cell] = indicator_cells(document).to_dict("records")
    rows = [{"report": document, "missing": "", "cells": {cell["indicator"]: cell}}]
    site.write_comparison(tmp_path, rows, [cell["indicator"]])
    assert f'<td class="n">{said}</td>' in unescape((tmp_path / "index.html").read_text("utf-8"))


def test_a_bound_of_a_decline_stands_on_the_other_side():
    assert site.as_stated({"value": -5.0, "value_max": math.nan, "qualifier": "more_than"}) == "< -5"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_change_is_on_the_overview_with_its_bound(tmp_path, language):
    old = [{"id": f"f{n}", "label": f"Figure {n}", "value": 10.0, "unit": "CNY"} for n in range(40)]
    changes = compare(old, [{**figure, "value": 20.0, "qualifier": "more_than"} for figure in old])
    (tmp_path / "figures.json").write_text("[]", "utf-8")
    for name in ("figures.csv", "figures.parquet"):
        (tmp_path / name).touch()
    run = RUN | {"parameters": {"00_a": {"language": language}}}
    site.write(tmp_path, Site(run, []), [], {"figures": changes, "charts": {}})
    html = (tmp_path / "site" / "index.html").read_text("utf-8")
    assert html.count("<td>Figure ") == len(old) == html.count({"en": "more than 20 yuan", "zh": "超过20元"}[language])
    [summary] = re.findall(r"<summary>(.*?)</summary>", html)
    assert re.findall(r"\d+", summary) == [str(html.partition("<details>")[2].count("<td>Figure "))]


@pytest.mark.parametrize(
    ("language", "said"), [("en", "at 6.4 yuan a US dollar (2020-06-30)"), ("zh", "按1美元兑6.4元折算")]
)
def test_the_overview_of_a_site_in_dollars_names_the_rate_and_its_day(tmp_path, language, said):
    def written(name, **parameters):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "figures.json").write_text("[]", "utf-8")
        for file in ("figures.csv", "figures.parquet"):
            (folder / file).touch()
        made = Site(RUN | {"parameters": {"00_a": {"language": language, **parameters}}}, ["00_a"])
        site.write(folder, made, [page()], {"figures": [], "charts": {}})
        return made.rate, (folder / "site" / "index.html").read_text("utf-8")

    asked = {"currency": "USD", "rate": 6.4, "rate_date": "2020-06-30"}
    rate, html = written("dollars", **asked)
    assert said in rate
    assert said in html.partition('class="origin"')[2].partition("</p>")[0]
    for parameters in ({}, asked | {"currency": "CNY"}):
        rate, html = written(parameters.get("currency", "none"), **parameters)
        assert rate == ""
        assert "6.4" not in html


def test_what_a_chinese_page_says_itself_has_chinese_marks(tmp_path):
    run = RUN | {"parameters": {"00_a": {"language": "zh"}}}
    run["report"] = RUN["report"] | {"title": "Title"}
    (tmp_path / "figures.json").write_text("[]", "utf-8")
    for name in ("figures.csv", "figures.parquet"):
        (tmp_path / name).touch()
    site.write(tmp_path, Site(run, []), [], {"figures": [], "charts": {}})
    for name in ("index", "data"):
        html = (tmp_path / "site" / f"{name}.html").read_text("utf-8")
        for paragraph in re.findall(r"<p[ >].*?</p>", html, re.S):
            assert not re.search(r"[.,;:()] |[.,;:]$", re.sub(r"<.*?>", "", paragraph).strip()), paragraph
