"""The text decides: in an edited report the new numbers are everywhere, and the old ones nowhere."""

import functools
import json
import re
from base64 import b64decode
from html import unescape
from pathlib import Path

import pytest
from typer.testing import CliRunner

from zjlib.charts import Chart
from zjlib.checks import check, failed
from zjlib.cli import app
from zjlib.drawing.look import ink, text_width
from zjlib.drawing.marks import NARROW, Panel
from zjlib.drawing.words import Axis, Wording
from zjlib.explore.choice import Choice
from zjlib.paths import data_dir
from zjlib.tables import read_report
from zjlib.tell import Story

NOTEBOOKS = Path(__file__).parent.parent / "notebooks"
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


def replaced(report, edits):
    """The report's text with other words for some of its figures and events."""
    dated = report.events().set_index("id", drop=False)
    rows = [dated.loc[id] if id in dated.index else report.figure(id) for id in edits]
    text = report.text
    for row in sorted(rows, key=lambda row: -row["start"]):
        text = text[: row["start"]] + edits[row["id"]] + text[row["end"] :]
    return text


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The report with the words of EDITS in place of its own."""
    file = tmp_path_factory.mktemp("edited") / "edited.txt"
    file.write_text(replaced(read_report(REPORT), EDITS), encoding="utf-8", newline="")
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


# ---------------------------------------------------------------- an edition in which what the story compares stands the other way round


def turned(report):
    """figure or event → words that reverse what it is compared with; every check still holds."""
    words = {row["id"]: row["surface"] for row in report.figures.dropna(subset=["surface"]).to_dict("records")}
    new, continued = words["first_batch.projects"], words["first_batch.continued"]
    edits = {
        "first_batch.projects": f"{int(new) + int(continued):,}",
        "first_batch.new": new,
        "first_batch.investment": words["sector.transport.investment"],
        "sector.manufacturing.projects": words["sector.transport.projects"],
        "sector.transport.investment": words["sector.energy.investment"],
        "sector.energy.investment": words["sector.transport.investment"],
        "event.regulation_in_force": "January 20",
        "event.station_production": "2031",
        "gdp.growth": f"-{words['gdp.growth']}",
        "trade.total.growth": f"-{words['trade.total.growth']}",
    }
    for one, other in (("exports", "imports"), ("imports", "exports")):
        edits |= {f"trade.{one}.{part}": words[f"trade.{other}.{part}"] for part in ("level", "contribution")}
        edits[f"trade.{one}.growth"] = f"-{words[f'trade.{other}.growth']}"
    return edits


@pytest.fixture(scope="module")
def editions(tmp_path_factory):
    """The report as it is, and turned round; there innovation has an amount, too."""
    report = read_report(REPORT)
    text = replaced(report, turned(report))
    projects = report.figure("sector.innovation.projects")["sentence"].partition(";")[0]
    file = tmp_path_factory.mktemp("turned") / REPORT.name
    assert projects in text
    told = text.replace(
        projects, f"{projects}, with a planned investment of {report.figure('relief.payments')['surface']}"
    )
    file.write_text(told, encoding="utf-8", newline="")
    return {"own": report, "turned": read_report(file)}


def said(name, report, language, charts=True):
    """What a notebook says about a report: its paragraphs and, if wanted, its tables and the titles of its charts."""
    story = Story(report, language=language)
    words = []
    for cell in json.loads((NOTEBOOKS / f"{name}.ipynb").read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if source.startswith(("say(", "story.") if charts else "say("):
            shown = eval(source, {"say": story.say, "story": story, "report": report})
            words.append(shown.title if isinstance(shown, Chart) else str(shown))
    return "\n".join(words)


# notebook, what it says of the report, and what of the edition that is turned round (nothing: the sentence is left out)
CLAIMS = {
    "en": [
        ("00_summary", "exports grew by", "exports fell by"),
        ("00_summary", "in real terms it grew by", "in real terms it fell by"),
        ("01_programme", "innovation has a number of projects", ""),
        ("01_programme", "has the most projects", "states a number of projects for"),
        ("01_programme", "Transport and manufacturing take", "Clean energy and manufacturing take"),
        ("02_trade", "exceed imports by", "less than imports"),
        ("02_trade", "faster than imports", "Exports changed by −"),
        ("02_trade", "Imports and exports grew by", "Imports and exports fell by"),
        ("02_trade", "with an increase of", ""),
        ("03_business_environment", "take effect after the report's own date", "were in force on the report's own date"),
        ("06_outcomes", "the full plan of the same year was larger", "the full plan that was published for the same year was smaller"),
        ("07_explore", "lies below the yearly target", "has more than the"),
    ],
    "zh": [
        ("00_summary", "；出口增长", "；出口下降"),
        ("00_summary", "比上年实际增长", "比上年实际下降"),
        ("01_programme", "科技创新载明项目数", ""),
        ("01_programme", "交通最多", "报告载明4个领域的项目数"),
        ("02_trade", "顺差", "少于进口"),
        ("02_trade", "快于进口", "出口增速−"),
        ("02_trade", "\n进出口增长", "\n进出口下降"),
        ("02_trade", "本省出口增加", ""),
        ("03_business_environment", "施行日期在报告日期之后", "条例已施行"),
        ("06_outcomes", "当年全部计划更大", "当年全部计划更小"),
        ("07_explore", "首批低于", "首批已超过"),
    ],
}  # fmt: skip


def test_the_edition_that_is_turned_round_passes_every_check(editions):
    assert failed(check(editions["turned"])).empty


@pytest.mark.parametrize(
    ("language", "claim"), [(language, claim) for language in CLAIMS for claim in CLAIMS[language]]
)
def test_a_sentence_that_compares_says_what_is_true_of_the_edition(editions, language, claim):
    name, own, other = claim
    now, then = (said(name, editions[edition], language) for edition in ("own", "turned"))
    assert own in now
    assert own not in then
    assert not other or (other in then and other not in now)


@functools.cache
def own_words(name, language):
    return said(name, read_report(REPORT), language, charts=False)


STATED = [*dict.fromkeys(read_report(REPORT).figures.dropna(subset=["sentence"])["topic"])]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("topic", STATED)
def test_no_page_speaks_of_what_an_edition_without_a_topic_does_not_state(topic, language, tmp_path, editions):
    own, text = editions["own"], editions["own"].text
    for sentence in set(own.figures.query("topic == @topic")["sentence"].dropna()):
        text = text.replace(sentence, "")
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    without = read_report(tmp_path / REPORT.name)
    missing = {"en": "not stated", "zh": "未载明"}[language]
    for name in sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb")):
        words = said(name, without, language, charts=False)
        assert words.count(missing) <= own_words(name, language).count(missing), words
        assert len(re.findall(r"^# .", words, flags=re.M)) == 1


@pytest.mark.parametrize(("language", "claim"), [("en", "Every number"), ("zh", "每一个数字都有着落")])
def test_numbers_that_nothing_accounts_for_are_not_said_to_be_accounted_for(language, claim, tmp_path, editions):
    text = editions["own"].text + "\n\nThe county sold 25 tractors.\n"
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    title, other = (
        said("08_audit", report, language, charts=False).splitlines()[0]
        for report in (editions["own"], read_report(tmp_path / REPORT.name))
    )
    assert claim in title
    assert claim not in other
    assert other.startswith("# ")


@pytest.mark.parametrize(("language", "claim"), [("en", "machine's translation"), ("zh", "机器译文")])
def test_a_report_is_said_to_be_translated_only_where_its_sidecar_says_so(language, claim, editions):
    own, other = (said("00_summary", editions[edition], language, charts=False) for edition in ("own", "turned"))
    assert claim in own
    assert claim not in other
    for name in sorted(file.stem for file in NOTEBOOKS.glob("*.ipynb")):
        assert claim not in said(name, editions["turned"], language, charts=False), name


def test_the_loss_of_one_area_leaves_the_findings_on_the_others(tmp_path, editions):
    own = editions["own"]
    text = own.text.replace(own.figure("sector.energy.investment")["sentence"], "")
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    without = read_report(tmp_path / REPORT.name)
    total = Story(without).words("sector.stated.investment")
    for name in ("00_summary", "01_programme"):
        words = said(name, without, "en")
        assert total in words
        assert "transport and manufacturing" in words


@pytest.mark.parametrize(("language", "none"), [("en", "no years stated for"), ("zh", "未载明年份")])
def test_an_amount_without_years_is_not_told_as_one_of_the_plans_years(editions, language, none):
    own, turned = (Story(editions[edition], language=language) for edition in ("own", "turned"))
    innovation = own.wording.short("innovation").lower()
    for name in ("sectors", "investment_per_project"):
        assert none not in getattr(own, name)().subtitle
        assert none in getattr(turned, name)().subtitle
        assert innovation in getattr(turned, name)().subtitle
    horizon = own.words("programme.horizon")
    assert horizon not in said("01_programme", editions["turned"], language, charts=False).splitlines()[0]


def test_parts_are_not_read_as_those_of_a_whole_that_is_not_stated(tmp_path, editions):
    own = editions["own"]
    whole = own.row("relief.burden")
    assert "parts of the whole" in Story(own).relief().note
    text = own.text.replace(f"by more than {whole['surface']}", "by much")
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    assert "parts of the whole" not in Story(read_report(tmp_path / REPORT.name)).relief().note


def beyond_their_axis(chart):
    """The figures whose bars begin or end where the axis of a chart does not reach."""
    for trace in (trace for trace in chart.traces if trace["type"] == "bar" and "customdata" in trace):
        low, high = chart.layout["xaxis" + trace.get("xaxis", "x")[1:]]["range"]
        base = trace["base"][0] if isinstance(trace.get("base"), list) else trace.get("base") or 0
        if not isinstance(low, str) and not low <= base + trace["x"][0] <= high:
            yield trace["customdata"][0][0]


@pytest.mark.parametrize(
    ("name", "lost"),
    [("trade_levels", None), ("outcomes_growth", None), ("relief", "relief.burden"), ("station", "station.pumping")],
)
def test_bars_lie_within_their_axis_where_figures_fall_or_are_gone(name, lost, tmp_path, editions):
    """The year before a fall, a negative growth, parts without their whole: each was cut off, its words with it."""
    report = editions["turned"]
    if lost:
        (tmp_path / REPORT.name).write_text(replaced(editions["own"], {lost: "much"}), encoding="utf-8", newline="")
        report = read_report(tmp_path / REPORT.name)
    chart = getattr(Story(report), name)()
    assert chart.marks
    assert not list(beyond_their_axis(chart))


def test_the_words_of_a_small_bar_in_a_panel_that_falls_stand_beside_it(editions):
    panel = Panel(Wording(), Axis(1, ""), 100.0, -20.0)
    panel.bar({**editions["turned"].row("gdp.growth"), "id": "small", "value": 0.5, "low": 0.4, "high": 0.6}, "#000")
    assert [(words["x"], words["xanchor"]) for words in panel.annotations] == [(0.0, "left")]


def test_the_explorer_has_room_for_figures_that_fall(editions):
    choice = Choice(topic="trade", unit="%", origin="stated", words="growth")
    for chart in (choice.chart(editions["turned"]), choice.chart(editions["turned"], editions["own"])):
        assert any(trace["x"][0] < 0 for trace in chart.traces if trace["type"] == "bar")
        assert not list(beyond_their_axis(chart))


def test_what_is_neither_surely_below_nor_surely_above_is_not_said(tmp_path):
    report = read_report(REPORT)
    target = report.figure("programme.projects")["surface"]
    (tmp_path / REPORT.name).write_text(
        replaced(report, {"first_batch.projects": target}), encoding="utf-8", newline=""
    )
    told = said("07_explore", read_report(tmp_path / REPORT.name), "en")
    assert "lies below" not in told
    assert "has more than" not in told


def test_the_plan_ends_where_the_report_says_and_not_with_the_last_event(editions):
    title = Story(editions["own"]).programme_timeline().title
    assert Story(editions["turned"]).programme_timeline().title == title


@pytest.fixture(scope="module")
def against(tmp_path_factory):
    """The report with contributions to a growth of the country that was a fall."""
    report = read_report(REPORT)
    edits = {f"trade.{kind}.contribution": "" for kind in ("total", "exports", "imports")}
    edits = {id: f"-{report.figure(id)['surface']}" for id in edits}
    file = tmp_path_factory.mktemp("against") / REPORT.name
    file.write_text(replaced(report, edits), encoding="utf-8", newline="")
    return read_report(file)


def test_a_negative_contribution_turns_what_it_implies_and_no_check_fails(against, editions):
    own = editions["own"]
    assert failed(check(against)).empty
    for kind in ("total", "exports", "imports"):
        contribution, implied = f"trade.{kind}.contribution", f"trade.{kind}.national_increment"
        assert against.figure(contribution)["direction"] == "down"
        assert against.intervals[contribution].value == -own.intervals[contribution].value
        assert against.intervals[implied].high == pytest.approx(-own.intervals[implied].low)


@pytest.mark.parametrize(("language", "fell"), [("en", "the country's exports fell by {}"), ("zh", "全国出口下降{}")])
def test_a_negative_contribution_is_said_with_its_minus_and_what_it_implies_as_a_fall(
    language, fell, against, editions
):
    own = Story(editions["own"], language=language)
    told = said("02_trade", against, language)
    assert fell.format(own.words("trade.exports.national_increment")) in told
    for id in ("trade.total.contribution", "trade.exports.contribution"):
        assert f"\N{MINUS SIGN}{own.words(id)}" in told
    assert f"\N{MINUS SIGN}{own.words('trade.exports.contribution')}" in said("00_summary", against, language)


def test_a_contribution_told_once_with_a_minus_and_once_without_fails(against, tmp_path, editions):
    own = editions["own"].figure("trade.exports.contribution")["sentence"]
    (tmp_path / REPORT.name).write_text(f"{against.text}\n{own}\n", encoding="utf-8", newline="")
    bad = set(failed(check(read_report(tmp_path / REPORT.name)))["check"])
    assert "trade.exports.contribution.repeated" in bad


@pytest.mark.parametrize("chart", ["trade_contribution", "trade_growth"])
def test_the_words_of_a_bar_below_zero_can_be_read(chart, against, editions):
    report = {"trade_contribution": against, "trade_growth": editions["turned"]}[chart]
    figure = getattr(Story(report), chart)().figure
    low, high = figure["layout"]["xaxis"]["range"]
    within = [trace["insidetextfont"]["color"] for trace in figure["data"] if trace.get("text")]
    beside = [note for note in figure["layout"]["annotations"] if re.fullmatch("\N{MINUS SIGN}[\\d.]+%", note["text"])]
    assert len(within) + len(beside) == 3
    assert set(within) <= {ink("on")}
    for note in beside:
        assert note["x"] >= 0
        assert (high - note["x"]) / (high - low) * NARROW > text_width(note["text"])


def test_the_words_of_the_year_before_a_fall_lie_within_the_axis(editions):
    figure = Story(editions["turned"]).trade_levels().figure
    assert not [note for note in figure["layout"]["annotations"] if note["x"] > figure["layout"]["xaxis"]["range"][1]]
