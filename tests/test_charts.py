"""Charts draw the report's figures, say what is not stated, and escape what they quote."""

import json
import math
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from html import unescape
from itertools import combinations
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from plotly import graph_objects

from zjlib.charts import CSV_COLUMNS, PLOTLY, Chart, without_words
from zjlib.checks import check
from zjlib.drawing.look import colour, dark_colours, house, hover, ink, text_width, tint, wrapped
from zjlib.drawing.marks import FADE, NARROW, Panel
from zjlib.drawing.stacking import stack
from zjlib.drawing.words import Axis, Wording, vocabulary
from zjlib.explore.choice import Choice
from zjlib.explore.draw import words as explorer_words
from zjlib.explore.whatif import WhatIfCharts
from zjlib.outcomes import corrections, outcomes
from zjlib.paths import data_dir
from zjlib.report import Document
from zjlib.story import Charts
from zjlib.tables import Report, read_report
from zjlib.tell import Story

REPORT = data_dir() / "reports" / "2023-02-13.txt"
NAMES = Charts(read_report()).names


@pytest.fixture(scope="module")
def report() -> Report:
    return read_report()


@pytest.fixture(scope="module")
def charts(report: Report) -> Charts:
    return Charts(report)


def points(chart: Chart) -> Iterator[dict[str, Any]]:
    yield from (trace for trace in chart.traces if "customdata" in trace)


def by_id(chart: Chart) -> dict[str, dict[str, Any]]:
    return {trace["customdata"][0][0]: trace for trace in points(chart)}


def sentence_of(table: pd.DataFrame, id: str) -> str:
    return str(table["sentence"].fillna("")[id])


def edited(report: Report, old: str, new: str) -> Report:
    text = report.text.replace(old, new)
    assert text != report.text
    return Report(**vars(Document.from_text(text, id="edited", date=report.date, language="en")))


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_every_chart_has_its_words_its_data_and_a_mark_a_figure(report: Report, name: str, language: str) -> None:
    chart = getattr(Charts(report, language=language), name)()
    assert chart.name == name
    assert all((chart.title, chart.subtitle, chart.source, chart.alt))
    assert tuple(chart.data.columns) == CSV_COLUMNS
    drawn = {trace["customdata"][0][0] for trace in points(chart)}
    assert drawn <= set(chart.data["id"])
    assert chart.marks == len(list(points(chart))) > 0
    meta = chart.figure["layout"]["meta"]
    assert set(meta) >= {"name", "title", "subtitle", "source", "note", "alt", "marks"}


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_a_template_leaves_no_braces_and_a_chart_says_no_nan(report: Report, name: str, language: str) -> None:
    chart = getattr(Charts(report, language=language), name)()
    said = [text for trace in points(chart) for text in (*trace["hovertext"], *trace.get("text", ()))]
    words = " ".join([chart.title, chart.subtitle, chart.note, chart.source, chart.alt, *said])
    assert not re.search(r"\{[a-z]|\bnan\b|<NA>|\bNone\b", words, re.IGNORECASE)


def test_the_data_of_a_chart_are_the_figures(charts: Charts, report: Report) -> None:
    figures = report.figures.set_index("id")
    for name in NAMES:
        data = getattr(charts, name)().data.set_index("id")
        for id in data.index.intersection(figures.index):
            assert data.loc[id, "value"] == figures.loc[id, "value"], (name, id)
            assert sentence_of(data, id) == sentence_of(figures, id), (name, id)


def test_the_length_of_a_bar_is_the_figure_s_value(charts: Charts, report: Report) -> None:
    chart = charts.sectors()
    values = report.figures.set_index("id")["value"]
    bars = {trace["customdata"][0][0]: trace["x"][0] for trace in points(chart) if trace["type"] == "bar"}
    assert bars
    assert all(length * 1e9 == pytest.approx(values[id]) for id, length in bars.items())
    assert all(trace["base"] == [0.0] for trace in points(chart) if trace["type"] == "bar")


def test_what_is_not_stated_is_never_drawn_as_a_bar(charts: Charts) -> None:
    for chart in (charts.sectors(), charts.sectors_projects(), charts.investment_per_project()):
        missing = set(chart.data.loc[chart.data["value"].isna(), "id"])
        assert missing
        for id in missing:
            trace = by_id(chart)[id]
            assert trace["type"] == "scatter"
            assert trace["mode"] == "text"
            derived = id.endswith("per_project")
            assert ("not worked out" if derived else "not stated") in trace["text"][0]
        assert len(chart.layout["shapes"]) >= len(missing)


def test_no_area_whose_projects_and_investment_are_stated_is_shown_as_not_stated(report: Report) -> None:
    sentence = report.figure("sector.manufacturing.investment")["sentence"]
    told = sentence.rstrip(".") + (
        "; the water network upgrade project will involve 40 projects, with a planned investment of 120 billion yuan."
    )
    rows = Charts(edited(report, sentence, told)).investment_per_project().data.set_index("id")
    assert "sector.water.investment_per_project" in rows.index
    missing = rows.index[rows["value"].isna()].str.replace("_per_project", "")
    assert report.sectors().set_index("id").loc[missing, "value"].isna().all()


def test_more_than_is_drawn_with_an_open_end_and_said_with_its_sign(charts: Charts) -> None:
    for chart, id in ((charts.relief(), "relief.burden"), (charts.guarantees(), "guarantee.land")):
        bar = by_id(chart)[id]
        end = bar["base"][0] + bar["x"][0]
        fades = [trace for trace in chart.traces if "fillgradient" in trace and trace["x"][0] == pytest.approx(end)]
        assert fades
        assert "> " in json.dumps([bar.get("text"), chart.layout["annotations"]])


def test_an_open_end_is_short_beside_its_own_bar() -> None:
    panel = Panel(Wording(), Axis(1, ""), 100.0)
    for value in (1.0, 90.0):
        panel.bar(
            {"id": "a", "value": value, "unit": "count", "nature": "actual", "qualifier": "more_than"}, colour("total")
        )
    fades = [max(trace["x"]) - min(trace["x"]) for trace in panel.traces if "fillgradient" in trace]
    assert fades == [pytest.approx(1.0 / 5), pytest.approx(FADE * 100)]
    assert FADE < 0.05


@pytest.mark.parametrize(
    ("language", "said", "key"), [("en", "86.2 to 88.2%", "dotted end"), ("zh", "86.2至88.2%", "点纹端")]
)
def test_a_range_is_drawn_to_both_ends_and_said_in_the_title(
    report: Report, language: str, said: str, key: str
) -> None:
    surface = report.figure("sector.energy.investment")["surface"]
    chart = Charts(edited(report, surface, "500 to 600 billion yuan"), language=language).sectors()
    bars = [trace for trace in chart.traces if trace["type"] == "bar"]
    [band] = [trace for trace in bars if "customdata" not in trace]
    bar = by_id(chart)["sector.energy.investment"]
    scale = {"en": 1, "zh": 10}[language]
    assert (bar["x"], band["base"], band["x"]) == ([500 * scale], [500 * scale], [100 * scale])
    assert band["marker"]["pattern"]["shape"] == "."
    assert said in chart.title
    assert key in chart.note
    assert key not in Charts(report, language=language).sectors().note


def test_the_axis_of_a_range_reaches_its_far_end(report: Report) -> None:
    surface = report.figure("sector.transport.investment")["surface"]
    chart = Charts(edited(report, surface, "2,000 to 3,000 billion yuan")).sectors()
    assert chart.layout["xaxis"]["range"][1] > 3000


def test_an_exact_figure_has_no_open_end(charts: Charts) -> None:
    assert not any("fillgradient" in trace for trace in charts.sectors().traces)


def test_planned_actual_and_derived_are_drawn_differently(charts: Charts) -> None:
    trade = by_id(charts.trade_levels())
    actual, derived = trade["trade.total.level"]["marker"], trade["trade.total.previous"]["marker"]
    planned = by_id(charts.sectors())["sector.transport.investment"]["marker"]
    assert actual["color"] == colour("total")
    assert derived["pattern"]["shape"] == "/"
    assert planned["color"] == tint(colour("transport")) and "pattern" not in planned


def test_a_timeline_draws_what_is_over_solid_and_what_is_to_come_light(charts: Charts, report: Report) -> None:
    drawn = by_id(charts.events())
    for event in report.events().itertuples():
        over = event.last_day.date() <= report.date
        assert drawn[event.id]["marker"]["color"] == (colour("strong") if over else tint(colour("strong"))), event.id


def test_a_period_that_goes_on_past_the_axis_has_no_edge_there(charts: Charts) -> None:
    chart = charts.events()
    end = pd.Timestamp(chart.layout["xaxis"]["range"][1])
    ends = {
        id: pd.Timestamp(trace["base"][0]) + pd.Timedelta(milliseconds=trace["x"][0])
        for id, trace in by_id(chart).items()
        if trace["type"] == "bar"
    }
    arrows = [each for each in chart.layout["annotations"] if "→" in each["text"]]
    assert len(arrows) == sum(day > end for day in ends.values()) > 0


def test_no_line_of_the_grid_goes_through_words(charts: Charts, report: Report) -> None:
    drawn = [charts.events(), charts.programme_timeline()]
    drawn += [Choice(topic="trade", kind=kind).chart(report) for kind in ("dots", "periods")]
    for chart in drawn:
        assert any("gridcolor" in axis for key, axis in chart.layout.items() if key.startswith("xaxis"))
        grounds = {each.get("bgcolor") for each in chart.layout["annotations"] if each["xref"].endswith("domain")}
        assert grounds == {ink("page")}, chart.name
    [inside] = [each for each in charts.events().layout["annotations"] if "→" in each["text"]]
    assert "bgcolor" not in inside  # the ground is the bar that it stands in


def test_the_programme_s_timeline_is_in_the_order_of_dates(charts: Charts) -> None:
    rows = charts.programme_timeline().data
    last = [str(period).split("/")[-1] for period in rows["period"]]
    assert [day[:4] for day in last] == sorted(day[:4] for day in last)


def test_a_plan_that_no_source_states_is_worked_out_from_the_completion_rate_and_says_so(charts: Charts) -> None:
    data = charts.outcomes_investment().data
    table = outcomes().query("subject == 'programme'").pivot(index="period", columns="measure", values="value")
    plans = (table["completed_investment"] / table["completion_rate"] * 100).dropna()
    derived = data[data["formula"].notna()].set_index("period")
    assert len(derived)
    for year, row in derived.iterrows():
        possible = plans[plans.index.str.startswith(str(year))]
        assert min(abs(possible - row["value"])) == pytest.approx(0, abs=1)
        assert row["low"] < row["value"] < row["high"]
        assert row["words"].startswith("about ")
        assert row["nature"] == "planned"
    years = {str(period)[:4] for period in data[data["nature"] == "actual"]["period"]}
    assert all(year in charts.outcomes_investment().title for year in years)


def test_a_plan_is_worked_out_from_the_source_that_prints_its_inputs_most_exactly(charts: Charts) -> None:
    table = outcomes().query("subject == 'programme' and measure == 'completed_investment'").set_index("period")
    parts = [period for period in table.index if len(period) > 4 and period[:4] in table.index]
    assert parts
    plans = charts.outcomes_investment().data.query("formula.notna()").set_index("period")
    for part in parts:
        plan = plans.loc[part[:4]]
        assert f"{part} / " in plan["formula"]  # nine months to five digits, not the year to two
        assert (plan["high"] - plan["low"]) / plan["value"] < 0.002
        assert table.loc[part, "what"] in plan["source"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_bars_of_one_label_are_of_one_length_and_labels_are_what_is_told(report: Report, language: str) -> None:
    chart = Charts(report, language=language).outcomes_investment()
    told, lengths = chart.data.set_index("id")["words"], {}
    for id, trace in by_id(chart).items():
        label = re.sub(r"[ （(]+[\d.]+%[）)]$", "", trace["text"][0])
        assert label.replace("≈ ", "about ").replace("≈", "约") == told[id]
        lengths.setdefault(label, set()).add(trace["x"][0])
    assert all(len(found) == 1 for found in lengths.values())


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_table_of_a_chart_tells_the_standing_of_its_sources_and_links_to_them(
    report: Report, language: str
) -> None:
    charts = Charts(report, language=language)
    standings = vocabulary(language)["standings"]
    sources = outcomes().set_index("what_zh" if language == "zh" else "what")
    for chart in (charts.outcomes_investment(), charts.outcomes_growth(), charts.city_targets()):
        cells = re.findall(
            r"<td>(?:<a href=\"(http://[^\"]+)\" rel=\"noopener\">)?([^<]*)(?:</a>)?</td>", chart.table_html()
        )
        linked = 0
        for name, row in sources[~sources.index.duplicated()].iterrows():
            for address, text in cells:
                if unescape(text).startswith(f"{name}{'（' if language == 'zh' else ' ('}"):
                    assert standings[row["standing"]] in text
                    assert address == (f"http://{row['address']}" if "/" in row["address"] else "")
                    linked += bool(address)
        assert linked


def test_an_address_is_escaped_and_one_that_is_none_is_no_link(charts: Charts) -> None:
    chart = charts.city_targets()
    [source] = chart.addresses
    for address in ('a.cn/x" onclick="y', "a.cn/<b>", "javascript:alert(1)/x", "seen on a site", "a.cn"):
        html = replace(chart, addresses={source: address}).table_html()
        assert 'onclick="' not in html and "<b>" not in html
        assert ("<a " in html) is ("/<" in address)


def test_no_english_name_of_a_source_is_on_a_chinese_chart(report: Report) -> None:
    charts = Charts(report, language="zh")
    for chart in (
        charts.outcomes_investment(),
        charts.outcomes_trade(),
        charts.outcomes_funds(),
        charts.city_targets(),
    ):
        said = f"{chart.source} {chart.table_html()} {chart.data['source'].to_list()}"
        assert not [what for what in outcomes()["what"] if what in said]
        assert not re.search(r"\d{4}-\d\d-\d\d", chart.source)


def test_grey_that_is_left_of_a_bar_is_explained(report: Report, charts: Charts) -> None:
    chart = charts.station()
    assert [shape for shape in chart.layout["shapes"] if shape["fillcolor"] == house()["ink"]["grid"][0]]
    assert charts.words("station.pumping") in chart.note and "grey" in chart.note.lower()
    assert (
        "grey" not in Charts(edited(report, report.figure("station.pumping")["surface"], "much")).station().note.lower()
    )


def test_no_bar_ends_at_the_edge_of_its_panel(charts: Charts) -> None:
    layout, traces = charts.guarantees().layout, list(points(charts.guarantees()))
    for trace, axis in zip(traces, ("yaxis", "yaxis2"), strict=True):
        assert trace["y"][0] + trace["width"][0] / 2 + 4 < layout[axis]["range"][0]


def test_a_year_of_which_nothing_is_found_says_so(charts: Charts) -> None:
    for chart in (charts.outcomes_trade(), charts.outcomes_funds()):
        absent = chart.data[chart.data["value"].isna()]
        assert len(absent)
        assert set(absent["words"]) == {"not found"}
        assert all("not found" in by_id(chart)[id]["text"][0] for id in absent["id"])
        assert "not found" in chart.note


def test_a_target_is_set_off_against_a_dark_bar(charts: Charts) -> None:
    shapes = [shape for shape in charts.outcomes_growth().layout["shapes"] if shape["type"] == "line"]
    assert [shape["line"]["color"] for shape in shapes[:2]] == [house()["ink"]["page"][0], house()["ink"]["text"][0]]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_large_number_stands_with_its_unit_and_says_its_nature_where_natures_differ(
    report: Report, language: str
) -> None:
    wording = Wording(language)
    for chart in (Charts(report, language=language).cars(), Charts(report, language=language).plaza()):
        captions = " ".join(each["text"] for each in chart.layout["annotations"])
        for _, row in chart.data.iterrows():
            assert by_id(chart)[row["id"]]["text"][0].endswith(wording.say(dict(row), "amount")), row["id"]
            assert wording.nature(dict(row)) in captions


def test_a_subtitle_names_the_areas_for_which_the_report_states_no_years(charts: Charts, report: Report) -> None:
    rows = charts.sectors_projects().data.dropna(subset=["value"]).set_index("id")
    undated = report.figures.set_index("id").loc[rows.index[rows["period"].isna()], "area"]
    assert len(undated)
    told = charts.sectors_projects().subtitle.partition("no years stated for ")[2]
    assert all(Wording().short(area).lower() in told for area in undated)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_alternative_text_gives_each_figure_with_its_period_and_nature(report: Report, language: str) -> None:
    wording = Wording(language)
    for chart in (Charts(report, language=language).outcomes_investment(), Charts(report, language=language).relief()):
        for record in chart.data.to_dict("records"):
            told = f"{record['label']}.{{0,2}}{wording.period(record['period'])}.{{1,2}}{wording.nature(record)}.{{2,3}}{record['words']}"
            assert re.search(told, chart.alt), record["id"]


def test_the_names_on_a_map_have_a_halo_with_a_dark_form(charts: Charts) -> None:
    for chart in (charts.city_targets(), charts.places()):
        halos = [trace["textfont"]["shadow"] for trace in points(chart)]
        assert len(halos) == len(chart.data)
        assert set(halos) <= set(dark_colours())


def test_a_target_s_words_end_at_its_tick() -> None:
    goal = {"id": "a", "value": 54.0, "unit": "count", "nature": "target", "qualifier": "more_than"}
    panel = Panel(Wording(), Axis(1, ""), 100.0)
    panel.target(goal, "Target: more than 54 of what one might want to have in a year")
    [words] = panel.annotations
    assert words["x"] == 54.0
    assert words["xanchor"] == "right"
    assert "<br>" in words["text"]


@pytest.mark.parametrize("share", [0.05, 0.3, 0.45, 0.6, 0.75, 0.9, 1.0])
@pytest.mark.parametrize("length", [60.0, 75.0, 90.0, 98.0])
def test_the_tick_of_a_target_never_goes_through_a_bar_s_words(length: float, share: float) -> None:
    bar = {"id": "a", "value": length, "unit": "count", "nature": "planned", "qualifier": "exact"}
    goal = bar | {"id": "b", "value": length * share, "nature": "target"}
    panel = Panel(Wording(), Axis(1, ""), 100.0)
    panel.bar(bar, colour("strong"), text="1,000 projects", crossed=goal)
    [mark] = panel.traces
    width = text_width("1,000 projects") / NARROW * 100
    left = {"start": 0.0, "end": length - width}.get(mark.get("insidetextanchor", ""), length)
    assert not left < goal["value"] < left + width
    assert left + width <= 100


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_correction_gives_its_reason_in_the_language_of_the_chart(report: Report, language: str) -> None:
    [declared] = corrections()
    chart = Charts(report, language=language).outcomes_investment()
    reason = declared["reason_zh" if language == "zh" else "reason"]
    assert f"† {'已更正' if language == 'zh' else 'Corrected'}" in chart.note
    assert reason in chart.note


def test_the_hover_holds_the_verbatim_sentence(charts: Charts, report: Report) -> None:
    sentences = report.figures.set_index("id")["sentence"].dropna()
    for name in NAMES:
        for id, trace in by_id(getattr(charts, name)()).items():
            if id in sentences.index:
                said = unescape(re.sub(r"<br>|<[^>]+>", " ", trace["hovertext"][0]))
                assert " ".join(str(sentences[id]).split()) in " ".join(said.split()), (name, id)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_chart_is_taller_than_what_it_says_when_pointed_at(report: Report, language: str) -> None:
    # plotly drops a hover that is taller than the figure
    for chart in Charts(report, language=language).all():
        lines = max(trace["hovertext"][0].count("<br>") + 1 for trace in points(chart))
        assert without_words(chart.figure)["layout"]["height"] > lines * 15.6, chart.name


@pytest.mark.parametrize("name", NAMES)
def test_plotly_accepts_every_figure(charts: Charts, name: str) -> None:
    figure = getattr(charts, name)().figure
    assert len(graph_objects.Figure(figure).data) == len(
        figure["data"]
    )  # ValueError for a property that plotly does not know


def test_what_is_not_stated_is_not_said_to_be_worked_out(charts: Charts) -> None:
    chart = charts.investment_per_project()
    [missing] = chart.data[chart.data["value"].isna()].to_dict("records")
    hovertext = by_id(chart)[missing["id"]]["hovertext"][0]
    assert "not worked out" in hovertext
    assert "orked out" not in hovertext.replace("not worked out", "")
    assert Wording().nature(missing) == ""


def test_a_derived_figure_says_how_it_was_worked_out(charts: Charts, report: Report) -> None:
    hovertext = by_id(charts.relief())["relief.unsplit"]["hovertext"][0].replace("<br>", " ")
    whole, parts = (report.figure(id)["label"] for id in ("relief.burden", "relief.parts"))
    assert f"{whole} − {parts}" in hovertext


def test_a_hover_says_nothing_twice(charts: Charts) -> None:
    for name in NAMES:
        for trace in points(getattr(charts, name)()):
            head, told = [*trace["hovertext"][0].split("<br><br>")[0].split("</b><br>"), ""][:2]
            parts = re.sub("<.*?>", "", f"{head} · {told}").split(" · ")
            assert len(set(parts)) == len(parts), parts


def test_a_time_is_said_as_the_report_says_it(report: Report) -> None:
    for language, words in (("en", "the end of {}"), ("zh", "{}底")):
        charts = Charts(report, language=language)
        [row] = [row for row in charts._events() if row["id"] == "event.programme_proposed"]
        year = charts.wording.period(row["period"][:4])
        assert row["words"] == words.format(year)
        assert row["words"] in charts.programme_timeline().title
    [began] = [row for row in Charts(report)._events() if row["id"] == "event.campaign_start"]
    assert f"At the beginning of {began['surface']}," in report.text
    assert began["words"] == f"early {began['surface']}"


@pytest.mark.parametrize("language", ["en", "zh"])
def test_what_a_timeline_says_beside_its_marks_fits_on_a_telephone(report: Report, language: str) -> None:
    charts = Charts(report, language=language)
    for chart in (charts.events(), charts.programme_timeline()):
        said = [each for each in chart.layout["annotations"] if each.get("yanchor") == "middle"]
        assert len(said) >= len(chart.data)
        start, end = (pd.Timestamp(edge) for edge in chart.layout["xaxis"]["range"])
        for each in said:
            room = NARROW * ((pd.Timestamp(each["x"]) - start) / (end - start))
            assert text_width(each["text"]) < (room if each["xanchor"] == "right" else NARROW - room), each["text"]


def test_a_source_line_names_one_source_or_several(charts: Charts, report: Report) -> None:
    for name in NAMES:
        source = getattr(charts, name)().source
        assert source.startswith("Sources: " if ";" in source else "Source: ")
        assert len(re.findall(r"\bSources?: ", source)) == 1
        assert not source.endswith((",", " "))
    assert "paragraph" not in Story(report).coverage().source


def test_a_map_counts_cities_and_names_what_lies_in_them(report: Report, charts: Charts) -> None:
    places = report.places().dropna(subset=["sentence"])
    assert f" {places['prefecture'].nunique()} cities: " in charts.places().title
    for place in places.to_dict("records"):
        assert place["label"] in charts.places().title
        assert place["prefecture"] in charts.places().title
    words = charts.places().data.set_index("label")["words"]
    assert words["Jiaxing"] == vocabulary("en")["phrases"]["no_figure"]
    assert not [each for each in Charts(report, language="zh").places().data["words"] if ":" in each]


def test_chinese_sentences_have_no_spaces_between_them(report: Report) -> None:
    for chart in (
        Charts(report, language="zh").trade_levels(),
        WhatIfCharts(report, language="zh").programme("projects", 60),
    ):
        assert "。" in chart.note
        assert "。 " not in chart.note


def test_a_chinese_title_claims_no_more_than_the_figure(report: Report) -> None:
    assert "核心零部件企业" in Charts(report, language="zh").cars().title


def test_policies_are_said_to_stand_by_their_canonical_names(report: Report) -> None:
    told = Charts(report, language="zh").policies().subtitle, Charts(report).policies().subtitle
    assert "规范名称" in told[0] and "canonical names" in told[1]


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize(
    "name", ["policies", "sectors", "sectors_projects", "investment_per_project", "events", "places"]
)
def test_what_a_report_does_not_tell_of_is_not_counted_as_none(name: str, language: str) -> None:
    other = Report(**vars(Document.from_text("The county sold 25 tractors in 2022.", language="en")))
    assert not re.search(r"\d", getattr(Charts(other, language=language), name)().title)


def test_relief_is_said_to_be_listed_only_where_it_is(report: Report, charts: Charts) -> None:
    assert "lists them after it" in charts.relief().note
    other = Report(**vars(Document.from_text("The county sold 25 tractors in 2022.", language="en")))
    assert "lists them after it" not in Charts(other).relief().note


def test_a_name_has_a_short_form_for_titles(charts: Charts, report: Report) -> None:
    names = report.catalogue.names
    assert str(charts.say(en="The {names.station:short}.", zh="")) == f"The {names['station']['short']}."
    assert str(charts.say(en="{names.jiaxing:short}", zh="")) == names["jiaxing"]["label"]


def test_markup_in_a_report_is_shown_as_text(report: Report) -> None:
    evil = "<script>alert(1)</script><img src=x onerror=alert(2)> "
    start = "According to the “thousand trillion” project plan,"
    chart = Charts(edited(report, start, evil + start)).first_batch()
    bundle = chart._repr_mimebundle_()
    assert "&lt;script&gt;" in bundle["text/html"]
    assert not re.search(r"<(script|img)", bundle["text/html"] + json.dumps(bundle[PLOTLY]))


def test_an_edited_report_changes_title_marks_and_table(report: Report, charts: Charts) -> None:
    surface = report.figure("first_batch.investment")["surface"].split()[0]
    other = f"{float(surface) + 67.7:.1f}"
    before, after = charts.first_batch(), Charts(edited(report, surface, other)).first_batch()
    told = json.dumps([after.figure, after.csv(), after.html()])
    assert surface in before.title
    assert other in after.title
    assert surface not in told


def test_a_report_with_no_stated_splits_still_draws_its_charts(report: Report) -> None:
    bare = edited(report, "with a planned investment of", "with plans of some")
    chart = Charts(bare).sectors()
    assert chart.data["value"].isna().sum() > Charts(report).sectors().data["value"].isna().sum()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("name", NAMES)
def test_a_report_of_another_subject_gives_charts_that_say_so(name: str, language: str) -> None:
    other = Report(**vars(Document.from_text("The county sold 25 tractors in 2022.", language="en")))
    chart = getattr(Charts(other, language=language), name)()
    json.dumps(chart._repr_mimebundle_(), allow_nan=False)
    assert not re.search(r"\bnan\b|not stated of|\bNone\b|, $|, ;", f"{chart.title}|{chart.subtitle}|{chart.note}")


def test_the_tree_holds_only_names_that_the_report_uses(report: Report) -> None:
    silent = edited(report, "and livelihood facilities", "and more")
    before, after = (set(Charts(each).policies().data["id"]) for each in (report, silent))
    assert before - after == {"livelihood"}


def test_the_bundle_is_the_same_every_time(report: Report) -> None:
    for name in NAMES:
        one, two = (json.dumps(getattr(Charts(report), name)()._repr_mimebundle_()) for _ in range(2))
        assert one == two


def test_the_bundle_carries_figure_table_csv_and_alternative_text(charts: Charts) -> None:
    chart = charts.sectors()
    bundle = chart._repr_mimebundle_()
    assert list(bundle) == [PLOTLY, "text/html", "text/csv", "text/plain"]
    assert json.loads(json.dumps(bundle[PLOTLY], allow_nan=False))["layout"]["meta"]["marks"] == chart.marks
    assert bundle["text/html"].count("<tr>") == len(chart.data) + 1
    assert bundle["text/csv"].splitlines()[0] == ",".join(CSV_COLUMNS)
    assert chart.alt in bundle["text/plain"]
    assert list(chart._repr_mimebundle_(include=["text/csv"])) == ["text/csv"]


def test_charts_in_a_list_are_told_in_some_lines(report: Report) -> None:
    charts = [Story(report).sectors(), Story(report).checks()]
    assert len(repr(charts)) < 2500
    assert f"title={charts[0].title!r}" in repr(charts)


def test_a_first_chart_imports_neither_nbformat_nor_plotly() -> None:
    code = (
        "import sys; from zjlib import read_report; from zjlib.story import Charts; Charts(read_report()).sectors()._repr_mimebundle_();"
        "print([m for m in ('nbformat', 'plotly', 'IPython') if m in sys.modules])"
    )
    root = str(Path(sys.modules["zjlib"].__file__ or "").parents[1])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=root)
    assert done.stdout.strip() == "[]"


def test_a_notebook_figure_stays_small(charts: Charts) -> None:
    for name in NAMES:
        size = len(json.dumps(getattr(charts, name)().figure, ensure_ascii=False))
        assert size < (100_000 if name in ("places", "city_targets") else 50_000), name


def test_a_page_that_sets_the_words_gets_the_figure_without_them(charts: Charts) -> None:
    chart = charts.trade_levels()
    plot = without_words(chart.figure)
    assert "title" not in plot["layout"]
    assert chart.source not in json.dumps({**plot["layout"], "meta": None}, ensure_ascii=False)
    assert plot["layout"]["paper_bgcolor"].endswith(",0)")
    assert plot["data"] == chart.figure["data"]


def test_dollars_change_every_amount_and_state_the_rate(report: Report) -> None:
    rate = 6.5
    chart = Charts(report, currency="USD", rate=rate, rate_date="2022-12-30").sectors()
    assert "US dollars" in chart.subtitle
    assert str(rate) in chart.note and "2022-12-30" in chart.note
    yuan = by_id(Charts(report).sectors())["sector.transport.investment"]["x"][0]
    assert by_id(chart)["sector.transport.investment"]["x"][0] == pytest.approx(yuan / rate, rel=1e-4)


def test_prose_takes_figures_and_names_in_words(charts: Charts, report: Report) -> None:
    said = str(
        charts.say(
            en="{first_batch.projects} of {names.programme}, {first_batch.projects:value}.", zh="{first_batch.projects}"
        )
    )
    number = report.figure("first_batch.projects")["surface"]
    assert said == f"{number} projects of Thousand-Project, Trillion-Yuan programme, {number}."
    assert str(Charts(report, language="zh").say(en="", zh="{first_batch.projects}")) == f"{number}个项目"


def test_prose_shows_itself_as_markdown(charts: Charts) -> None:
    assert charts.say(en="**{gdp.growth}**", zh="")._repr_mimebundle_()["text/markdown"].startswith("**")


def test_an_unknown_figure_or_name_in_prose_names_the_nearest(charts: Charts) -> None:
    with pytest.raises(KeyError, match=r"first_batch\.projects"):
        charts.say(en="{first_batch.project}", zh="")
    with pytest.raises(KeyError, match="programme"):
        charts.say(en="{names.programm}", zh="")
    with pytest.raises(ValueError, match="expected one of"):
        charts.say(en="{gdp.growth:loud}", zh="")


@pytest.mark.parametrize(
    ("ask", "near"),
    [
        (lambda story: story.passes("covrage"), "no check 'covrage' in the catalogue; did you mean coverage"),
        (lambda story: story.checks("trade.levels", "trade.level"), "no check 'trade.level'.*trade.levels"),
        (lambda story: story.named("polcy"), "no kind of policy 'polcy' in names.toml; did you mean policy"),
        (lambda story: story.dates("event.campaign"), "no event 'event.campaign'.*event.campaign_start"),
        (lambda story: story.table("gdp.levels"), "no figure 'gdp.levels'.*gdp.level"),
    ],
)
def test_an_unknown_name_is_never_nothing(report: Report, ask: Callable[[Story], object], near: str) -> None:
    with pytest.raises(KeyError, match=near):
        ask(Story(report))


def test_a_check_that_another_report_would_have_is_only_not_passed(report: Report) -> None:
    once = next(
        f"{id}.repeated" for id in report.catalogue.figures if f"{id}.repeated" not in set(check(report)["check"])
    )
    assert not Story(report).passes(once)


def test_prose_leaves_unsaid_what_speaks_of_a_figure_that_is_not_stated(report: Report) -> None:
    bare = Charts(edited(report, "GDP will reach", "GDP will grow towards"))
    first = bare.words("first_batch.projects")
    for text, said in (
        ("GDP: {gdp.level}.", ""),
        ("# GDP: {gdp.level}\n\nAnd {first_batch.projects}.", ""),
        ("For all. So {first_batch.projects}. GDP: {gdp.level}. It is much.", f"For all. So {first}."),
        ("GDP: {gdp.level}. It is much.\n\nSo {first_batch.projects}.", f"So {first}."),
        ("Two:\n1. GDP: {gdp.level}.\n1. So {first_batch.projects}.", f"Two:\n1. So {first}."),
        ("Two:\n1. GDP: {gdp.level}.\n1. It {gdp.growth:change}.", ""),
        ("No. {first_batch.projects} of no. {gdp.level}.", ""),
        ("So {first_batch.projects}; GDP: {gdp.level}; it is much.", f"So {first}."),
        ("No figure at all.", "No figure at all."),
    ):
        assert str(bare.say(en=text, zh="")) == said
    assert str(bare.say(en="GDP: {gdp.level}.", zh="") or bare.say(en="Else.", zh="")) == "Else."


def test_prose_leaves_unsaid_a_period_that_the_report_does_not_state(report: Report, charts: Charts) -> None:
    undated = next(str(row.id) for row in report.figures.itertuples() if pd.isna(row.period))
    assert charts.say(en=f"{{{undated}}}", zh="")
    assert not charts.say(en=f"In {{{undated}:period}}", zh="")


def test_a_total_names_the_areas_that_it_is_of(report: Report, charts: Charts) -> None:
    areas = [report.figure(id)["area"] for id in report.figure("sector.stated.investment")["inputs"]]
    said = charts.words("sector.stated.investment", "areas")
    assert re.split(", | and ", said) == [Wording().short(area).lower() for area in areas]


def test_growth_is_told_with_the_verb_of_its_sign(report: Report) -> None:
    rate = report.figure("gdp.growth")["surface"]
    fallen = edited(report, f"an increase of {rate} over", f"an increase of -{rate} over")
    for edition, en, zh in ((report, "grew by", "增长"), (fallen, "fell by", "下降")):
        assert str(Charts(edition).say(en="It {gdp.growth:change}.", zh="")) == f"It {en} {rate}."
        assert str(Charts(edition, language="zh").say(en="", zh="{gdp.growth:change}。")) == f"{zh}{rate}。"
    bare = edited(report, "GDP will reach", "GDP will grow towards")
    assert not Charts(bare).say(en="It {gdp.growth:change}.", zh="")


def test_prose_that_compares_is_said_only_when_the_comparison_surely_holds(charts: Charts) -> None:
    for holds in (
        "report.date < event.regulation_in_force",
        "trade.imports.level < trade.exports.level",
        "0 < gdp.growth",
    ):
        assert charts.surely(holds)
        assert charts.say(en="So.", zh="", when=holds)
        assert not charts.surely(f"{holds} and gdp.level < gdp.level")
    assert not charts.surely("sector.water.investment < gdp.level")
    assert not charts.surely("gdp.level < sector.water.investment")
    assert str(charts.say(en="So.", zh="", when="gdp.level < gdp.growth") or charts.say(en="Else.", zh="")) == "Else."


def test_a_target_that_is_open_above_is_passed_by_the_number_that_is_printed(report: Report) -> None:
    projects, target = (report.figure(id) for id in ("first_batch.projects", "programme.projects"))
    passed = Charts(edited(report, f"batch of {projects['surface']}", f"batch of {int(target['value'] + 1)}"))
    assert passed.surely("programme.projects.value < first_batch.projects")
    assert not passed.surely("programme.projects < first_batch.projects")
    assert not Charts(report).surely("programme.projects.value < first_batch.projects")


def test_an_outcome_in_a_comparison_is_of_the_year_of_the_first_batch(report: Report, charts: Charts) -> None:
    year = report.figure("first_batch.investment")["period"]
    later = outcomes().query("measure == 'projects_full_plan'").set_index("period")["value"]
    assert charts.states("outcome.programme.projects_full_plan")
    for amount, holds in ((later[year], True), (later[year] + 1, False)):
        assert charts.surely(f"outcome.programme.projects_full_plan <= {amount:.0f}")
        assert charts.surely(f"{amount:.0f} <= outcome.programme.projects_full_plan") is holds
    assert not charts.states("outcome.programme.industrial_share_first_batch")  # of another year


@pytest.mark.parametrize(
    ("wrong", "nearest"),
    [
        ("gdp.levels < 1", "gdp.level"),
        ("report.date < event.regulation", "event.regulation_in_force"),
        ("outcome.programme.projects < 1", "outcome.programme.projects_full_plan"),
    ],
)
def test_an_unknown_id_in_a_comparison_names_the_nearest(charts: Charts, wrong: str, nearest: str) -> None:
    with pytest.raises(KeyError, match=nearest):
        charts.say(en="So.", zh="", when=wrong)


def of_a_later_year(report: Report, growth: str) -> Report:
    """An edition of the report, a year later, with a growth of its own."""
    own = report.figure("first_batch.investment")
    years = {str(int(own["period"]) + n): str(int(own["period"]) + n + 1) for n in (-1, 0)}
    text = re.sub("|".join(years), lambda found: years[found[0]], report.text)
    rate = report.figure("gdp.growth")["surface"]
    text = text.replace(f"an increase of {rate} over", f"an increase of {growth} over")
    text = text.replace(own["surface"], "1,234.5 billion yuan")
    date = report.date and report.date.replace(year=report.date.year + 1)
    return Report(**vars(Document.from_text(text, id="later", date=date, language="en")))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_first_batch_of_a_later_edition_stands_among_the_outcomes_as_the_report_s(
    report: Report, language: str
) -> None:
    edition = of_a_later_year(report, "5.0%")
    chart = Charts(edition, language=language).outcomes_investment()
    rows = chart.data.set_index("id")
    first = rows.loc["first_batch.investment"]
    assert first["period"] == edition.figure("first_batch.investment")["period"]
    assert first["value"] == edition.figure("first_batch.investment")["value"]
    of_source = outcomes().query("measure == 'planned_investment_first_batch'")
    assert set(of_source["period"]) <= set(rows["period"])
    assert edition.title[:20] in chart.source


def test_what_the_report_and_a_later_source_say_of_one_year_is_told_apart_or_said_once(report: Report) -> None:
    later = outcomes().query("measure == 'gdp_growth'").set_index("period")["value"]
    year = of_a_later_year(report, "5.0%").figure("gdp.growth")["period"]
    for growth, bars in ((f"{later[year]:.1f}%", 1), (f"{later[year] - 1:.1f}%", 2)):
        chart = Charts(of_a_later_year(report, growth)).outcomes_growth()
        assert (chart.data.query("nature == 'actual'")["period"] == year).sum() == bars
        labels = [each["text"] for each in chart.layout["annotations"] if each["text"].startswith(year)]
        assert len(set(labels)) == bars
        assert ("by the report" in chart.title) is (bars == 2)
        assert bars != 2 or (growth in chart.title and f"{later[year]:.1f}%" in chart.title)


def test_trade_of_a_year_on_which_report_and_source_differ_is_told_apart(report: Report) -> None:
    later, level = outcomes().query("measure == 'trade_total'").iloc[0], report.figure("trade.total.level")
    edition = of_a_later_year(report, "5.0%")
    assert edition.figure("trade.total.level")["period"] == later["period"]
    agreed = edited(edition, level["surface"], f"{later['value'] / 1e12:.2f} trillion yuan")
    for read, told in ((edition, True), (agreed, False)):
        chart = Charts(read).outcomes_trade()
        assert ("do not agree" in chart.title) is told
        words = [each["text"] for each in chart.layout["annotations"]] + [
            str(each.get("text")) for each in chart.traces
        ]
        assert any("a later source" in each for each in words) is told


def test_a_source_that_contradicts_the_report_on_its_own_plan_is_named(report: Report, charts: Charts) -> None:
    plan = report.figure("first_batch.investment")["surface"]
    other = Charts(edited(report, plan, "901.4 billion yuan")).outcomes_investment()
    assert "another number" in other.note
    assert "another number" not in charts.outcomes_investment().note


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_title_counts_other_areas_than_the_report(report: Report, language: str) -> None:
    number = len([name for name in report.catalogue.names.values() if name["kind"] == "area"])
    words = report.figure("programme.areas")["surface"]
    more = Charts(edited(report, f"around {words} areas", "around ten areas"), language=language)
    for name in ("sectors", "sectors_projects"):
        assert str(number) not in re.findall(r"\d+", getattr(more, name)().title)
    named = explorer_words(language)["topics"].values()
    assert not [title for title in named if re.search("[Nn]ine|九", title)]


def test_no_title_calls_one_of_two_equals_the_largest(report: Report, charts: Charts) -> None:
    growth, best = report.figure("gdp.growth")["surface"], outcomes().query("measure == 'gdp_growth'")["value"].max()
    level = edited(report, f"an increase of {growth} over", f"an increase of {best:.1f}% over")
    assert "highest" in charts.outcomes_growth().title
    assert "highest" not in Charts(level).outcomes_growth().title
    one, other = (report.figure(f"sector.{area}.projects")["surface"] for area in ("transport", "manufacturing"))
    assert "has the most" in charts.sectors_projects().title
    assert (
        "has the most"
        not in Charts(edited(report, f"involve {other} projects", f"involve {one} projects")).sectors_projects().title
    )


def test_an_open_bound_is_not_surely_smaller(charts: Charts) -> None:
    [first, second, *_] = charts._areas("projects")
    assert charts._largest([second, first]) is first
    assert charts._largest([second | {"qualifier": "more_than", "high": math.nan}, first]) is None


def test_a_campaign_s_orders_are_told_with_the_month_that_the_report_gives(report: Report, charts: Charts) -> None:
    month = charts.wording.period(report.figure("campaign.orders")["period"])
    assert charts.campaign().title.endswith(f" in {month}")


def luminance(hexed: str) -> float:
    parts = [int(hexed[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
def test_text_has_the_contrast_of_wcag_aa(side: int) -> None:
    inks = {name: pair[side] for name, pair in house()["ink"].items()}
    assert min(contrast(inks[name], inks["page"]) for name in ("text", "muted")) >= 4.5
    for name, pair in house()["colours"].items():
        assert contrast(inks["on"], pair[side]) >= 4.5, name
        planned = tint(pair[0]) if side == 0 else dark_colours()[tint(pair[0])]
        assert contrast(inks["text"], planned) >= 4.5, name


def test_every_colour_of_every_figure_has_a_dark_form(charts: Charts) -> None:
    known = set(dark_colours())
    for name in NAMES:
        used = {match[:7] for match in re.findall(r"#[0-9a-f]{6}", json.dumps(getattr(charts, name)().figure))}
        assert used <= known, name


# Machado, Oliveira & Fernandes (2009), severity 1.
SIGHT = {
    "normal": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
    "protan": ((0.152, 1.053, -0.205), (0.115, 0.786, 0.099), (-0.004, -0.048, 1.052)),
    "deutan": ((0.367, 0.861, -0.228), (0.280, 0.673, 0.047), (-0.012, 0.043, 0.969)),
    "tritan": ((1.256, -0.077, -0.179), (-0.078, 0.931, 0.148), (0.005, 0.691, 0.304)),
}
TO_XYZ = ((0.4339, 0.3763, 0.1899), (0.2126, 0.7152, 0.0722), (0.0177, 0.1095, 0.8727))  # over the white point


def lab(hexed: str, sight: tuple[tuple[float, ...], ...]) -> tuple[float, float, float]:
    parts = [int(hexed[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    seen = [min(1, max(0, sum(a * b for a, b in zip(row, linear, strict=True)))) for row in sight]
    x, y, z = (sum(a * b for a, b in zip(row, seen, strict=True)) for row in TO_XYZ)
    x, y, z = (value ** (1 / 3) if value > 0.008856 else 7.787 * value + 16 / 116 for value in (x, y, z))
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


@pytest.mark.parametrize("side", [0, 1], ids=["light", "dark"])
@pytest.mark.parametrize("sight", SIGHT)
def test_the_areas_and_the_kinds_of_trade_are_told_apart_by_colour_blind_readers(sight: str, side: int) -> None:
    colours = {name: pair[side] for name, pair in house()["colours"].items()}
    trade = {"total", "exports", "imports"}
    for group in (trade, set(colours) - trade - {"context", "strong"}):
        for one, other in combinations(sorted(group), 2):
            assert math.dist(lab(colours[one], SIGHT[sight]), lab(colours[other], SIGHT[sight])) >= 18, (one, other)


def test_long_text_is_wrapped_and_escaped() -> None:
    assert wrapped("a < b and " * 12, 60).count("<br>") >= 1
    assert "&lt;" in wrapped("a < b", 60)
    assert all(len(line) <= 34 for line in wrapped("汉字" * 60, 60).split("<br>"))


def test_two_panels_stand_one_below_the_other() -> None:
    panels = [Panel(Wording(), Axis(1, ""), 10.0) for _ in range(2)]
    for panel in panels:
        panel.label("a row")
        panel.bar({"id": "a", "value": 4.0, "unit": "count", "nature": "actual", "qualifier": "exact"}, colour("total"))
    traces, layout = stack(panels)
    assert [trace.get("yaxis", "y") for trace in traces] == ["y", "y2"]
    assert layout["yaxis"]["domain"][0] > layout["yaxis2"]["domain"][1]


def test_a_hover_names_what_was_worked_out_here() -> None:
    row = {
        "id": "x",
        "label": "Share",
        "value": 40.0,
        "unit": "%",
        "qualifier": "exact",
        "formula": "a / b",
        "low": math.nan,
        "high": math.nan,
    }
    assert "Worked out here: a / b" in hover(row, Wording())


def test_no_figure_of_the_report_stands_in_the_code_of_the_charts(report: Report) -> None:
    printed = {re.sub(r"[^\d.,]", "", str(surface)) for surface in report.figures["surface"].dropna()}
    telling = {number for number in printed if len(re.sub(r"\D", "", number).strip("0")) > 2}
    assert telling
    folder = Path(sys.modules["zjlib"].__file__ or "").parent
    for file in [*folder.glob("story/*.py"), *folder.glob("drawing/*.py"), folder / "charts.py"]:
        code = file.read_text(encoding="utf-8")
        assert not [number for number in telling if re.search(rf"(?<![\d.#a-f]){re.escape(number)}(?![\d])", code)], (
            file.name
        )


def test_the_place_of_a_report_that_does_not_name_it_stands_in_no_chart_of_its_figures(tmp_path: Path) -> None:
    place = read_report(REPORT).catalogue.place
    (tmp_path / "other.txt").write_text(REPORT.read_text("utf-8").replace(place["label"], "Yunnan"), encoding="utf-8")
    for language, label in (("en", place["label"]), ("zh", place["label_zh"])):
        ours, others = (Charts(read_report(path), language=language) for path in (REPORT, tmp_path / "other.txt"))
        for name in (
            "gdp",
            "first_batch",
            "sectors",
            "trade_levels",
            "trade_growth",
            "trade_contribution",
            "relief",
            "events",
        ):
            own, chart = (getattr(story, name)() for story in (ours, others))
            assert label in own.subtitle + own.title
            said = f"{chart.title}|{chart.subtitle}|{chart.note}|{chart.alt}"
            assert label not in said
            assert not re.search(r"\{|, ,|, $|，，|，$", said)


def test_prose_that_can_not_do_without_the_place_is_left_unsaid(tmp_path: Path) -> None:
    (tmp_path / "other.txt").write_text("GDP reached 5 trillion yuan.", encoding="utf-8")
    other, ours = Charts(read_report(tmp_path / "other.txt")), Charts(read_report(REPORT))
    label = ours.report.catalogue.place["label"]
    assert not other.say(en="{place} plans.", zh="")
    assert str(other.say(en="Plans, {place}.", zh="")) == "Plans."
    assert str(ours.say(en="Plans, {place}.", zh="")) == f"Plans, {label}."
