"""The whole site in a real Chromium, opened from the disk with no network, in English and in Chinese."""

import csv
import io
import re
import subprocess
import sys
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from browser import launch, needs_chromium
from playwright.sync_api import sync_playwright
from pypdf import PdfReader
from pypdfium2 import PdfDocument

pytestmark = needs_chromium
WCAG = {"runOnly": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}}


def refresh(*arguments):
    run = subprocess.run(
        [sys.executable, "-m", "zjlib", "refresh", *map(str, arguments)], capture_output=True, text=True
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.fixture(scope="module", params=["en", "zh"])
def site(request, tmp_path_factory):
    out = tmp_path_factory.mktemp(f"site-{request.param}")
    refresh("--out", out, "-p", "language", request.param)
    return out / "site"


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture
def page(chromium):
    """A page that keeps what goes wrong in `page.faults`: console errors, exceptions, requests beyond the disk."""
    context = chromium.new_context(offline=True, viewport={"width": 1200, "height": 900})
    page = context.new_page()
    page.faults = []
    page.on("console", lambda message: page.faults.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: page.faults.append(str(error)))
    page.on(
        "request",
        lambda request: (
            None if request.url.startswith(("file:", "data:", "blob:")) else page.faults.append(request.url)
        ),
    )
    yield page
    context.close()


def pages(site):
    return sorted(site.glob("*.html"))


def draw_all(page):
    """Scroll through the page, so that every chart is drawn."""
    for figure in page.locator("figure.chart").all():
        figure.evaluate("it => it.scrollIntoView()")  # waits for no animation frame, of which a busy machine has none
        figure.locator(".main-svg").first.wait_for(timeout=60_000)


def test_every_chart_is_drawn_with_no_error_and_no_request(site, page):
    drawn = 0
    for file in pages(site):
        page.goto(file.as_uri())
        draw_all(page)
        figures = page.locator("figure.chart")
        assert figures.locator(".js-plotly-plot").count() == figures.count(), file.name
        drawn += figures.count()
    assert drawn >= 20
    assert page.faults == []


def test_a_chart_has_as_many_marks_as_its_meta_says_and_its_table_has_rows(site, page):
    for file in pages(site):
        page.goto(file.as_uri())
        draw_all(page)
        for figure in page.locator("figure.chart").all():
            meta, points = figure.locator(".js-plotly-plot").evaluate(
                "plot => [plot.layout.meta, plot.data.reduce((sum, trace) => sum + (trace.customdata ? trace.customdata.length : 0), 0)]"
            )
            assert points == meta["marks"] > 0, (file.name, figure.get_attribute("id"))
            assert figure.locator("table tbody tr").count() >= meta["marks"] * 0.5, figure.get_attribute("id")


def test_every_download_is_the_table_that_it_names(site, page):
    for file in pages(site):
        page.goto(file.as_uri())
        for figure in page.locator("figure.chart").all():
            with page.expect_download() as download:
                figure.locator("a[download]").first.press("Enter")  # a chart drawn meanwhile may move it from the mouse
            assert download.value.suggested_filename == f"{figure.get_attribute('id')}.csv"
            rows = list(csv.DictReader(io.StringIO(download.value.path().read_text(encoding="utf-8-sig"))))
            assert {"label", "value", "unit", "qualifier", "period", "sentence"} <= set(rows[0])
            assert len(rows) == figure.locator("table tbody tr").count()


@pytest.mark.parametrize("width", [390, 1300])
def test_a_saved_picture_has_all_words_of_its_chart_inside_its_edges(site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.goto((site / "06_outcomes.html").as_uri())
    draw_all(page)
    figure = page.locator("figure.chart").first
    words = ["h3", ".subtitle", ".under p:first-child", ".under p:last-child"]
    words = [figure.locator(each).evaluate("element => element.firstChild.textContent") for each in words]
    with page.expect_download() as download:
        figure.locator("[data-save=png]").press("Enter")
    assert download.value.path().read_bytes().startswith(b"\x89PNG")
    with page.expect_download() as download:
        figure.locator("[data-save=svg]").press("Enter")
    page.set_content(download.value.path().read_text(encoding="utf-8"))
    texts = page.locator("svg text")
    drawn = "".join("".join(texts.all_text_contents()).split())
    assert [each for each in words if "".join(each.split()) not in drawn] == []
    picture, boxes = page.locator("svg").first.bounding_box(), [text.bounding_box() for text in texts.all()]
    for box in boxes:
        assert picture["x"] <= box["x"] and box["x"] + box["width"] <= picture["x"] + picture["width"]
        assert picture["y"] <= box["y"] and box["y"] + box["height"] <= picture["y"] + picture["height"]


def test_every_link_leads_to_what_exists(site, page):
    checked = 0
    for file in pages(site):
        page.goto(file.as_uri())
        for target in page.locator("a[href]").evaluate_all("links => links.map(link => link.getAttribute('href'))"):
            if re.match(r"(https?|data|blob|mailto):", target):
                continue
            name, _, anchor = target.partition("#")
            linked = site / name if name else file
            assert linked.exists(), (file.name, target)
            if anchor:
                assert f'id="{anchor}"' in linked.read_text(encoding="utf-8"), (file.name, target)
            checked += 1
    assert checked > 50


def test_hovers_show_the_sentence(site, page):
    page.goto((site / "02_trade.html").as_uri())
    draw_all(page)
    for figure in page.locator("figure.chart").all()[:2]:
        hovers = figure.locator(".js-plotly-plot").evaluate(
            "plot => plot.data.flatMap(t => [].concat(t.hovertext || t.text || [], (t.customdata || []).flat())).join(' ')"
        )
        assert re.search(r"respectively", hovers), figure.get_attribute("id")


def test_a_click_on_a_mark_leads_to_its_sentence(site, page):
    page.goto((site / "02_trade.html").as_uri())
    draw_all(page)
    figure = page.locator("figure.chart#trade_levels")
    figure.locator(".bars .point").first.hover(force=True)
    figure.locator(".plot.leads").wait_for()
    figure.locator(".bars .point").first.click(force=True)
    page.wait_for_url("**/08_audit.html#trade.total.level")
    assert page.locator("mark:target").is_visible()


def test_on_a_telephone_a_tap_shows_the_sentence_below_the_chart_and_the_way_to_it(site, chromium):
    context = chromium.new_context(offline=True, viewport={"width": 390, "height": 800}, has_touch=True, is_mobile=True)
    page = context.new_page()
    page.goto((site / "02_trade.html").as_uri())
    draw_all(page)
    figure = page.locator("figure.chart#trade_levels")
    figure.locator(".bars .point").first.scroll_into_view_if_needed()
    figure.locator(".bars .point").first.tap(force=True)
    said = figure.locator(".said")
    said.locator("a").wait_for()
    assert "import and export, export and import will be" in said.text_content()
    assert figure.locator(".hoverlayer").is_hidden()
    said.locator("a").click()
    page.wait_for_url("**/08_audit.html#trade.total.level")
    context.close()


@pytest.mark.parametrize("width", [360, 768, 1600])
def test_no_page_is_wider_than_the_screen(site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    for file in pages(site):
        page.goto(file.as_uri())
        draw_all(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, file.name


@pytest.mark.parametrize("width", [390, 1300])
def test_a_sentence_in_a_table_is_read_without_scrolling_sideways(site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    checked = 0
    for file in pages(site):
        page.goto(file.as_uri())
        outside = page.evaluate("""() => {
            document.querySelectorAll("details.data").forEach((each) => { each.open = true; });
            const cells = [...document.querySelectorAll(".zj-facts td:nth-child(n + 4):last-child, td.sentence")];
            return cells.map((cell) => cell.getBoundingClientRect().right > document.documentElement.clientWidth);
        }""")
        assert not any(outside), file.name
        checked += len(outside)
    assert checked > 50


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_page_breaks_wcag_aa(site, page, scheme):
    page.emulate_media(color_scheme=scheme)
    broken = {}
    for file in pages(site):
        page.goto(file.as_uri())
        draw_all(page)
        for violation in Axe().run(page, options=WCAG).response["violations"]:
            broken[file.name, violation["id"]] = [node["html"][:160] for node in violation["nodes"][:3]]
    assert broken == {}


@pytest.mark.parametrize("width", [390, 1300])
def test_on_paper_a_chart_is_as_wide_as_the_page_and_dark_on_white(site, page, width):
    page.set_viewport_size({"width": width, "height": 900})
    page.emulate_media(color_scheme="dark")
    page.goto((site / "01_programme.html").as_uri())
    charts = page.locator("figure.chart .plot")
    charts.first.locator(".main-svg").first.wait_for()
    on_screen = charts.first.locator(".main-svg").first.bounding_box()["width"]
    page.evaluate("""
        addEventListener("beforeprint", () => {
            window.printed = [...document.querySelectorAll(".plot")].map((plot) => {
                const [svg, label] = [plot.querySelector(".main-svg"), plot.querySelector("text")];
                return [Number(svg.getAttribute("width")), label.style.fill];
            });
        });
    """)
    pdf = PdfReader(io.BytesIO(page.pdf(format="A4")))
    printed = page.evaluate("printed")
    assert len(printed) == charts.count()
    room = (float(pdf.pages[0].mediabox.width) - 2 * 15 / 25.4 * 72) * 96 / 72
    for wide, fill in printed:
        assert 0.9 * room < wide * 0.8 <= room  # the style sheet's zoom
        assert sum(map(int, re.findall(r"\d+", fill)[:3])) < 3 * 140, fill
    page.wait_for_function(
        "width => document.querySelector('.main-svg').getBoundingClientRect().width == width", arg=on_screen
    )


def test_a_label_is_one_line_where_there_is_room_and_is_broken_where_there_is_none(site, page):
    page.goto((site / "01_programme.html").as_uri())
    for width in (1300, 390, 1300):
        page.set_viewport_size({"width": width, "height": 900})
        page.locator("figure#programme_timeline").evaluate("it => it.scrollIntoView()")
        page.wait_for_function(
            """width => {
                const labels = [...document.querySelectorAll("#programme_timeline .annotation text")];
                const broken = labels.some((label) => label.querySelectorAll("tspan.line").length > 1);
                const { left, right } = document.querySelector("#programme_timeline .plot").getBoundingClientRect();
                const inside = labels.every((label) => label.getBoundingClientRect().right <= right);
                return labels.length && inside && (width > 400 ? !broken : broken || document.documentElement.lang === "zh");
            }""",
            arg=width,
        )
    assert not page.faults


def test_bars_stand_below_their_labels_and_evenly_where_every_label_is_one_line(site, page):
    page.goto((site / "03_business_environment.html").as_uri())
    chinese = page.evaluate("document.documentElement.lang") == "zh"  # its labels are short
    for width in (320, 1300):
        page.set_viewport_size({"width": width, "height": 900})
        page.locator("figure#relief").evaluate("it => it.scrollIntoView()")
        page.wait_for_function(
            "() => document.querySelector('#relief .main-svg')?.clientWidth == document.querySelector('#relief').clientWidth"
        )
        page.wait_for_timeout(500)
        labels, bars, end = page.evaluate("""() => {
            const boxes = (of) => [...document.querySelectorAll(`#relief ${of}`)].map((it) => it.getBoundingClientRect());
            const edges = (boxes) => boxes.map((box) => [box.top, box.bottom]);
            const plot = boxes(".plot")[0];
            const labels = boxes(".annotation text").filter((box) => box.left - plot.left < 10);
            return [edges(labels), edges(boxes(".bars .point path")), plot.bottom];
        }""")
        assert len(labels) == len(bars) > 3
        assert all(0 <= bar[0] - label[1] < 8 for label, bar in zip(sorted(labels), sorted(bars), strict=True))
        steps = [below - above for (above, _), (below, _) in pairwise(sorted(bars))]
        assert (max(steps) - min(steps) < 1) == (width > 320 or chinese)
        assert 0 <= end - max(bar[1] for bar in bars) < 40
    assert not page.faults


def test_on_paper_the_first_page_of_outcomes_is_not_left_empty(site, page, tmp_path):
    page.goto((site / "06_outcomes.html").as_uri())
    draw_all(page)
    page.pdf(format="A4", path=tmp_path / "printed.pdf")
    first = PdfDocument(tmp_path / "printed.pdf")[0]
    text = first.get_textpage()
    lowest = min(text.get_charbox(i)[1] for i in range(text.count_chars()))
    assert lowest < first.get_height() / 3


def test_without_javascript_the_tables_are_there(site, chromium):
    context = chromium.new_context(java_script_enabled=False, offline=True)
    page = context.new_page()
    page.goto((site / "01_programme.html").as_uri())
    assert page.locator("figure.chart table").first.is_visible()
    context.close()


def test_the_first_page_is_small(site):
    first = (site / "index.html").read_bytes() + (site / "site.css").read_bytes() + (site / "site.js").read_bytes()
    assert len(first) < 300_000


def test_html_in_a_report_is_shown_as_text(tmp_path, chromium):
    report = tmp_path / "evil.txt"
    evil = "<script>window.hacked=1</script><img src=x onerror='window.hacked=2'>"
    told = f"Zhejiang's GDP will reach 5 billion yuan {evil}, an increase of 3.1% over the previous year."
    report.write_text(f"date 2024-01-05 [{evil}]\n{told}", encoding="utf-8")
    refresh("--report", report, "--out", tmp_path / "out", "--allow-failing", "coverage", "--allow-gone")
    page = chromium.new_page()
    for file in pages(tmp_path / "out" / "site"):
        page.goto(file.as_uri())
        draw_all(page)
        assert page.evaluate("window.hacked") is None, file.name
    assert "window.hacked" in (tmp_path / "out" / "site" / "08_audit.html").read_text(encoding="utf-8")
