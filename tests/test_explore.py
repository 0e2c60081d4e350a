"""The explorer without a browser: the choice, its chart, what-if, the quick look, and the widgets driven from Python."""

import doctest
import gc
import json
import os
import re
import subprocess
import tomllib
from datetime import UTC, datetime
from io import BytesIO

import pandas as pd
import pytest

import zjlib as zj
from zjlib import quick
from zjlib.drawing.look import ink
from zjlib.drawing.words import stated
from zjlib.explore import choice as choices
from zjlib.explore import whatif
from zjlib.explore.draw import differences, everything, words
from zjlib.explore.shelf import Shelf
from zjlib.paths import VISITORS, data_dir
from zjlib.running import serve

REPORT = data_dir() / "reports" / "2023-02-13.txt"
RATE, DAY = 7.5, "2023-02-13"


def dollars(figures):
    return zj.to("USD", figures, rate=RATE, rate_date=DAY)


@pytest.fixture(scope="module")
def report():
    return zj.read_report(REPORT)


@pytest.fixture(scope="module")
def edited(tmp_path_factory):
    """The report with the transport investment ten times as large and a heading of markup."""
    amount = zj.read_report(REPORT).figure("sector.transport.investment")["surface"]
    number = amount.split()[0]
    file = tmp_path_factory.mktemp("edited") / "edited.txt"
    file.write_text(
        "2023-02-13 <b>Edited & more</b>\n" + REPORT.read_text(encoding="utf-8").replace(amount, f"1{amount}"),
        encoding="utf-8",
    )
    assert number in file.read_text(encoding="utf-8")
    return file


@pytest.fixture
def explorer(report, tmp_path):
    return zj.Explorer(report, shelf=Shelf(tmp_path / "state"))


def test_percentages_of_different_bases_have_an_axis_each_and_none_is_the_largest(report):
    chart = zj.Choice(topic="trade", unit="%").chart(report)
    bases = report.figures.set_index("id")["basis"].fillna("")
    axes = {}
    for trace in chart.traces:
        if "customdata" in trace:
            axes.setdefault(trace.get("xaxis"), set()).add(bases[trace["customdata"][0][0]])
    assert len(axes) > 1
    assert all(len(found) == 1 for found in axes.values())
    assert words("en")["largest"].split("{words}, ")[1].split(" of ")[0] not in chart.title
    assert "largest" in zj.Choice(topic="sectors", unit="CNY", origin="stated").chart(report).title


@pytest.mark.parametrize("language", ["en", "zh"])
def test_an_assumed_year_is_said_in_full_and_says_in_words_how_it_was_worked_out(report, language):
    first, added = report.figure("first_batch.projects"), 60
    charts = whatif.WhatIfCharts(report, language=language)
    chart = charts.programme("projects", added)
    pace = whatif.programme(report, "projects", added)
    said = " ".join(each["text"][0] for each in chart.traces if "text" in each)
    assert all(f"{amount:,.0f}" in said for amount in pace.amounts.values())
    hovers = " ".join(each["hovertext"][0] for each in chart.traces if "hovertext" in each).replace("<br>", " ")
    assert first["label_zh" if language == "zh" else "label"] + f" + {len(pace.amounts) - 1} × " in hovers.replace(
        "  ", " "
    )
    assert not re.search(r"outcomes\.csv|first_batch\.", chart.note + chart.source + hovers)
    ticks = [
        shape for shape in chart.layout["shapes"] if shape["type"] == "line" and shape["line"]["color"] == ink("text")
    ]
    assert len(ticks) == sum(each["type"] == "bar" for each in chart.traces)


def upload(explorer, name, content):
    now = datetime.now(UTC)
    explorer.upload.value = (
        {"name": name, "content": memoryview(content), "type": "", "size": len(content), "last_modified": now},
    )


def set_control(explorer, name, value):
    explorer.controls[name].value = value


# -- the quick look


@pytest.mark.parametrize("module", [quick, choices, whatif], ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module):
    result = doctest.testmod(module)
    assert result.attempted and not result.failed


@pytest.mark.parametrize(
    "words", ["transport investment", "investments transport", "transprt investmnt", "交通投资", "交通 投资"]
)
def test_find_takes_both_languages_plurals_and_slips(words, report):
    assert zj.find(words, report)["id"].iloc[0] == "sector.transport.investment"


def test_find_searches_sentences_too(report):
    row = report.figure("station.capacity")
    word = max(set(re.findall("[a-z]+", row["sentence"])) - set(re.findall("[a-z]+", row["label"].lower())), key=len)
    assert row["id"] in set(zj.find(word, report)["id"])


def test_find_says_labels_and_words_in_the_language_that_is_asked_for(report):
    labels = report.figures.set_index("id")["label_zh"]
    found = zj.find("transport investment", report, language="zh").set_index("id")
    assert len(found)
    assert (found["label"] == labels[found.index]).all()


def test_find_of_what_is_nowhere_is_an_empty_frame_with_its_columns(report):
    found = zj.find("zeppelin", report)
    assert found.empty and list(found.columns) == quick.FOUND


def test_show_marks_the_sentence_and_the_number_and_escapes_the_text(edited):
    report = zj.read_report(edited)
    shown = zj.show("first_batch.projects", report)._repr_html_()
    row = report.figure("first_batch.projects")
    [marked] = re.findall("<mark>(.*?)</mark>", shown)
    assert f"<strong>{row['surface']}</strong>" in marked
    assert re.sub("<.*?>", "", marked) == row["sentence"]
    assert "<b>Edited" not in shown and "&lt;b&gt;Edited &amp; more" in shown


def test_show_of_a_derived_figure_gives_formula_and_the_sentences_below_it(report):
    row = report.figure("trade.balance")
    shown = zj.show("trade.balance", report)._repr_html_()
    assert row["formula"] in shown
    assert shown.count("<mark>") == len(row["inputs"])


def test_one_wording_says_a_story_a_chart_and_what_if(report):
    dollars = {"language": "zh", "currency": "USD", "rate": 7.0, "rate_date": "2023-02-13"}
    said = zj.Story(report, **dollars).sectors()
    assert zj.Story(report, wording=zj.Wording(**dollars)).sectors().alt == said.alt
    assert zj.chart("sectors", report, **dollars).alt == said.alt
    assert zj.WhatIf(report, language="zh").chart.title == zj.WhatIf(report, wording=zj.Wording("zh")).chart.title
    with pytest.raises(TypeError, match=r"chart\(\) got an unexpected keyword argument 'langage'"):
        zj.chart("sectors", report, langage="zh")


@pytest.mark.parametrize(
    ("call", "error", "said"),
    [
        (lambda report: zj.show("first_batch.project", report), KeyError, "first_batch.projects"),
        (lambda report: zj.chart("sektors", report), ValueError, "sectors"),
        (lambda report: zj.to("UDS", report.figures, rate=7, rate_date=DAY), ValueError, "USD"),
        (lambda report: zj.to("USD", report.figures, rate=0, rate_date=DAY), ValueError, "above 0"),
        (lambda report: zj.to("USD", report.figures, rate=7), ValueError, "rate_date"),
        (lambda report: dollars(dollars(report)), ValueError, "found .*USD"),
        (lambda report: dollars(report.events()), ValueError, "found none"),
        (lambda report: zj.Choice(kind="bar"), ValueError, "bars"),
        (lambda report: zj.Choice(currency="USD").chart(report), ValueError, "rate"),
    ],
)
def test_an_error_names_what_was_meant(call, error, said, report):
    with pytest.raises(error, match=said):
        call(report)


@pytest.mark.parametrize(
    "table",
    [
        lambda report: report.figures,
        lambda report: zj.find("exports", report),
        lambda report: zj.outcomes(),
        lambda report: zj.chart("sectors", report).data,
    ],
    ids=["figures", "find", "outcomes", "a chart's"],
)
def test_dollars_change_money_and_nothing_else(report, table):
    yuan = table(report)
    changed, money = dollars(yuan), yuan["unit"].str.startswith("CNY", na=False)
    assert money.any() and (yuan["unit"] != changed["unit"])[money].all()
    for column in {"value", "value_max", "low", "high", "printed"} & set(yuan):
        assert (changed[column][money] * RATE).tolist() == pytest.approx(yuan[column][money].tolist(), nan_ok=True)
    pd.testing.assert_frame_equal(changed[~money], yuan[~money].drop(columns="words", errors="ignore"))
    texts = [column for column in changed if column not in ("value", "value_max", "low", "high", "printed", "unit")]
    pd.testing.assert_frame_equal(changed[texts], yuan[texts])
    assert set(yuan) - set(changed) == {"words"} & set(yuan)  # which say yuan


def test_a_report_in_dollars_is_its_figures_in_dollars_and_in_yuan_as_it_is(report):
    pd.testing.assert_frame_equal(dollars(report), dollars(report.figures))
    assert dollars(report).attrs["rate_date"] == DAY
    pd.testing.assert_frame_equal(zj.to("CNY", report), report.figures)


@pytest.mark.parametrize(
    ("call", "said"),
    [
        (lambda path: zj.find("exports", path), "find takes a Report, not str"),
        (lambda path: zj.show("gdp.level", path), "show takes a Report"),
        (lambda path: zj.chart("sectors", path), "chart takes a Report"),
        (lambda path: zj.to("USD", path, rate=7, rate_date=DAY), "to takes a Report"),
        (lambda path: zj.Story(path), "Story takes a Report"),
        (lambda path: zj.Choice().chart(path), "Choice takes a Report"),
        (lambda path: zj.Choice().frame(zj.read_report(REPORT), path), "Choice takes a Report"),
        (lambda path: zj.Explorer(path), "Explorer takes a Report"),
        (lambda path: zj.WhatIf(path), "WhatIf takes a Report"),
        (lambda path: zj.indicators(path), "indicators takes a Document"),
        (lambda path: zj.indicator_cells([path]), "indicator_cells takes a Document"),
    ],
)
def test_a_path_where_a_report_is_meant_is_told_of_the_call_that_was_made(call, said):
    with pytest.raises(TypeError, match=f"{said}.*read it first with"):
        call(str(REPORT))


def test_a_report_shows_itself_with_hash_counts_and_figures(report):
    shown = report._repr_html_()
    assert report.sha256[:12] in shown and str(report.date) in shown
    assert report.figures["id"].iloc[0] in shown
    assert len(repr(report)) < 200


def test_a_report_shows_itself_in_the_language_that_is_asked_for(report):
    shown = re.sub("<[^>]+>", " ", zj.show(report, language="zh")._repr_html_())
    assert str(len(report.paragraphs)) + "个段落" in shown
    names = [report.title, *report.figures["id"].head(8), "report.figures", "zj.find", "zj.show", "id", "sha256"]
    for name in [*names, report.sha256[:12]]:
        shown = shown.replace(name, "")
    assert not re.search("[A-Za-z]{2}", shown)
    assert zj.show(report)._repr_html_() == report._repr_html_()


def test_a_figure_has_the_colon_of_its_language(report):
    assert "首批项目：" in str(zj.show("first_batch.projects", report, language="zh"))
    assert "首批项目：" in zj.show("first_batch.projects", report, language="zh").html()


# -- the choice


def test_every_filter_keeps_just_the_rows_that_have_its_value(report):
    table = everything(report)
    for name, column in choices.FILTERS.items():
        for value in table[column].dropna().unique():
            assert (
                zj.Choice(**{name: value}).frame(report)["id"].tolist() == table["id"][table[column].eq(value)].tolist()
            ), name


def test_figures_of_which_the_report_states_none_are_not_counted(tmp_path):
    (tmp_path / "other.txt").write_text("Zhejiang sold 25 tractors in 2022.", encoding="utf-8")
    chart = zj.Choice(topic="sectors", unit="CNY").chart(zj.read_report(tmp_path / "other.txt"))
    assert chart.title == f"The report states none of these {len(chart.data)} figures"


def test_stated_derived_and_missing_share_out_all_figures(report):
    frames = [zj.Choice(origin=origin).frame(report) for origin in ("stated", "derived")]
    assert sum(map(len, frames)) == len(everything(report))
    missing = zj.Choice(origin="missing").frame(report)
    assert len(missing) and missing["value"].isna().all()


@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("kind", choices.KINDS)
def test_every_kind_draws_every_topic_with_a_sentence_in_each_hover(kind, language, report):
    for topic in everything(report)["topic"].unique():
        chart = zj.Choice(topic=topic, kind=kind, language=language).chart(report)
        assert chart.title and chart.subtitle and chart.alt and chart.source
        assert chart.marks >= 1
        json.dumps(chart.figure, allow_nan=False)


def test_bars_of_one_unit_begin_at_zero_and_draw_what_is_missing_as_such(report):
    chart = zj.Choice(topic="sectors", unit="CNY", origin="stated").chart(report)
    frame = zj.Choice(topic="sectors", unit="CNY", origin="stated").frame(report)
    bars = [trace for trace in chart.traces if trace["type"] == "bar"]
    assert len(bars) == frame["value"].notna().sum() < len(frame) == chart.marks
    assert all(trace["base"] == [0.0] for trace in bars)


def test_units_are_never_on_one_axis(report):
    chart = zj.Choice(topic="trade").chart(report)
    units = {row.id: row.unit for row in everything(report).itertuples()}
    axes = {}
    for trace in chart.traces:
        for id, *_ in trace.get("customdata", ()):
            axes.setdefault(trace.get("xaxis", "x"), set()).add(str(units[id]))
    assert len(axes) > 1 and all(len(each) == 1 for each in axes.values())


def test_when_nothing_fits_the_message_says_which_filter_to_widen(report):
    with pytest.raises(LookupError, match="Without Unit there are"):
        zj.Choice(topic="trade", unit="mu").chart(report)


def test_a_kind_that_does_not_fit_falls_back_to_bars(report):
    chart = zj.Choice(topic="guarantees", unit="mu", kind="dots").chart(report)
    assert chart.name == "explore_bars"


def test_two_reports_are_drawn_in_pairs_and_the_change_is_told(report, edited):
    other = zj.read_report(edited)
    chosen = zj.Choice(topic="sectors", unit="CNY", changed=True)
    chart = chosen.chart(other, report)
    expected = {each["id"] for each in differences(report, other)} & set(
        zj.Choice(topic="sectors", unit="CNY").frame(report)["id"]
    )
    assert set(chart.data["id"]) == expected
    drawn = [point for trace in chart.traces for point in trace.get("customdata", ())]
    assert sorted(point[0] for point in drawn if len(point) > 2) == sorted(
        point[0] for point in drawn if len(point) == 2
    )
    row = chart.data.set_index("id").loc["sector.transport.investment"]
    assert row["other_value"] == report.figure("sector.transport.investment")["value"] != row["value"]


def test_what_only_the_other_report_states_stands_beside_what_this_one_does_not(report, tmp_path):
    (tmp_path / "cut.txt").write_text(report.text.partition("\n")[0], encoding="utf-8")
    cut = zj.read_report(tmp_path / "cut.txt")
    chosen = zj.Choice(topic="trade", origin="stated", period=report.figure("trade.exports.level")["period"])
    assert chosen.frame(cut).empty
    beside = chosen.frame(cut, report)
    assert list(beside["id"]) == list(chosen.frame(report)["id"])
    assert beside["value"].isna().all()


def test_a_report_compared_with_itself_does_not_differ(report):
    assert words("en")["no_change"].split("{")[0] in zj.Choice(topic="trade").chart(report, report).title
    with pytest.raises(LookupError, match="differs"):
        zj.Choice(changed=True).chart(report, report)


def test_the_code_of_a_choice_draws_the_same_chart(report):
    chosen = zj.Choice(topic="trade", kind="dots", language="zh", currency="USD", rate=7.0, rate_date="2023-02-13")
    *lines, last = chosen.code(report, newest=False).splitlines()
    scope = {}
    exec("\n".join(lines), scope)
    assert eval(last, scope).figure == chosen.chart(report).figure


def test_a_choice_survives_json_and_anything_else_is_refused():
    chosen = zj.Choice(topic="trade", rate=7.5, changed=True, words="进口")
    assert zj.Choice.from_json(chosen.to_json()) == chosen
    for text in ("[]", '{"topic": 1}', '{"colour": "red"}', "nonsense"):
        with pytest.raises(ValueError):
            zj.Choice.from_json(text)


def test_what_is_not_stated_is_counted_as_such_and_not_as_a_figure(report, edited):
    table = everything(report)
    stated, missing = int(table["value"].notna().sum()), int(table["value"].isna().sum())
    assert stated == len(report.figures)
    for language in ("en", "zh"):
        title = zj.Choice(language=language).chart(report).title
        assert re.findall(r"\d+", title) == [str(stated), str(missing)]
        of_report = zj.Choice(language=language, origin="stated").chart(report).title
        assert re.findall(r"\d+", of_report) == [str(report.figures["formula"].isna().sum()), str(missing)]
        assert re.findall(r"\d+", zj.Choice(language=language, origin="missing").chart(report).title) == [str(missing)]
    told = zj.Choice().chart(zj.read_report(edited), report).title
    assert re.match(rf"\d+ of {stated} figures differ", told)


def test_what_is_a_year_has_an_axis_of_its_own_that_says_so(report):
    figures = report.figures.set_index("id")
    for language, each, beside in (("en", "trillion yuan a year", "billion yuan"), ("zh", "每年万亿元", "亿元")):
        for chosen in (zj.Choice(words="transport", language=language), zj.Choice(unit="CNY", language=language)):
            charts = [chosen.chart(report), chosen.chart(report, report)]
            for chart in charts:
                axes = {}
                for trace in chart.traces:
                    for id, *_ in trace.get("customdata", ()):
                        if str(figures["unit"].get(id)).startswith("CNY"):
                            axes.setdefault(trace.get("xaxis"), set()).add("year" in str(figures["per"].get(id)))
                assert {True} in axes.values() and {False} in axes.values()
                assert {True, False} not in axes.values()
                headings = [note["text"] for note in chart.layout["annotations"] if note["font"].get("weight")]
                assert any(each == told for told in headings) and any(told.endswith(beside) for told in headings)


@pytest.mark.parametrize(
    ("given", "named", "not_named"),
    [({}, ("rate: yuan", "the day of the rate"), ()), ({"rate": 6.8}, ("the day of the rate",), ("rate: yuan",)),
     ({"rate_date": "2024-12-31"}, ("rate: yuan",), ("the day of the rate",))],
)  # fmt: skip
def test_dollars_say_just_what_is_missing(given, named, not_named, report):
    with pytest.raises(ValueError, match="Dollars need") as refused:
        zj.Choice(currency="USD", **given).chart(report)
    said = str(refused.value)
    assert all(each in said for each in named) and not any(each in said for each in not_named)


# -- what if


def test_the_target_is_passed_in_the_first_year_that_lies_above_it(report):
    goal, first = report.figure("programme.projects")["value"], report.figure("first_batch.projects")["value"]
    gap = whatif.gap(report, "projects")
    assert gap == goal - first
    assert whatif.programme(report, "projects", gap).passed == 2025  # 'more than': reaching it in 2024 is not enough
    assert whatif.programme(report, "projects", gap + 1).passed == 2024
    assert whatif.programme(report, "projects", 0).passed is None


def turned(report, tmp_path, **words):
    """The report with other words for some of its figures, by id with `__` for a dot."""
    text = report.text
    rows = sorted(
        (report.row(id.replace("__", ".")) | {"new": new} for id, new in words.items()), key=lambda row: -row["start"]
    )
    for row in rows:
        text = text[: row["start"]] + row["new"] + text[row["end"] :]
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    return zj.read_report(tmp_path / REPORT.name)


def test_what_lies_above_its_target_is_not_asked_about(report, tmp_path):
    asked = [question for _, question in zj.WhatIf(report).question.options]
    many = report.figure("programme.projects")["surface"].replace("000", "304")
    above = turned(report, tmp_path, first_batch__projects=many)
    assert whatif.gap(above, "projects") == 0
    assert [question for _, question in zj.WhatIf(above).question.options] == [q for q in asked if q != "projects"]
    assert zj.WhatIf(above).chart.name == "whatif_investment"


def test_an_area_is_asked_about_where_one_amount_and_its_years_are_stated(report, tmp_path):
    transport, horizon = report.row("sector.transport.investment"), report.row("programme.horizon")
    number, _, unit = transport["surface"].partition(" ")
    ranged = turned(report, tmp_path, sector__transport__investment=f"1,900 to {number} {unit}")
    assert stated(ranged.row("sector.transport.investment")["value_max"])
    assert whatif.areas(ranged) == [area for area in whatif.areas(report) if area != "transport"]
    text = re.sub("five years", "the years to come", report.text.replace(f"In the next {horizon['surface']}, t", "T"))
    (tmp_path / REPORT.name).write_text(text, encoding="utf-8", newline="")
    undated = zj.read_report(tmp_path / REPORT.name)
    assert stated(undated.row("sector.transport.investment")["value"])
    assert whatif.areas(undated) == []
    assert words("en")["whatif"]["missing"].split("'")[0] in zj.WhatIf(undated).widget.value


def test_the_pace_goes_on_from_the_year_of_the_first_batch(report, tmp_path):
    row = report.row("first_batch.projects")
    told = row["sentence"]
    year = str(int(row["period"]) + 1)
    (tmp_path / REPORT.name).write_text(
        report.text.replace(told, told.replace(row["period"], year)), encoding="utf-8", newline=""
    )
    later = zj.read_report(tmp_path / REPORT.name)
    assert later.row("first_batch.projects")["period"] == year
    chart = whatif.WhatIfCharts(later).programme("projects", 60)
    assert list(whatif.programme(later, "projects", 60).amounts) == list(range(int(year), 2028))
    assert f"first batch of {year}" in chart.subtitle
    assert whatif.years(later, "projects") == whatif.years(report, "projects") - 1


def test_at_the_plans_own_pace_a_sector_is_done_when_the_plan_ends(report):
    pace = report.figure("sector.transport.investment_per_year")["value"]
    done = whatif.sector(report, "transport", pace)
    assert len(done.amounts) == report.figure("programme.horizon")["value"]
    assert done.amounts[done.passed] == 0
    assert whatif.sector(report, "transport", pace / 2).passed == done.passed + len(done.amounts)


def test_what_if_says_which_figures_a_report_lacks(tmp_path):
    file = tmp_path / "short.txt"
    file.write_text("2023-02-13 Zhejiang\nNothing of the programme stands here.", encoding="utf-8")
    with pytest.raises(whatif.NotStatedError, match=r"first_batch\.projects, programme\.projects"):
        whatif.programme(zj.read_report(file), "projects", 10)
    assert (
        words("en")["whatif"]["missing"].split("'")[0]
        in zj.WhatIf(zj.read_report(file))._repr_mimebundle_()["text/html"]
    )
    assert zj.Explorer(zj.read_report(file), remember=False).chart.marks  # all that it was asked for, as not stated


@pytest.mark.parametrize("measure", ["projects", "investment"])
def test_the_target_is_seen_on_every_bar_that_passes_it(report, measure):
    chart = whatif.WhatIfCharts(report).programme(measure, whatif.gap(report, measure))
    lines = [shape for shape in chart.layout["shapes"] if shape["type"] == "line"]
    assert lines and {shape["layer"] for shape in lines} == {"above"}
    for trace in (trace for trace in chart.traces if trace["type"] == "bar"):
        across = [s for s in lines if s["y0"] < trace["y"][0] < s["y1"] and s["line"]["color"] == ink("text")]
        assert len(across) == 1


def test_what_is_assumed_stands_beside_the_first_batches_of_later_years(report):
    first = zj.outcomes().query("measure == 'projects_first_batch'").sort_values("period").iloc[-1]
    chart = whatif.WhatIfCharts(report).programme("projects", 60)
    [row] = chart.data[chart.data["id"].eq(f"outcome.programme.projects_first_batch.{first['period']}")].to_dict(
        "records"
    )
    assert row["value"] == first["value"]
    assert words("en")["whatif"]["like"] in chart.note
    year = report.figure("first_batch.projects")["period"]
    assert f"outcome.programme.projects_first_batch.{year}" not in set(
        chart.data["id"]
    )  # the report's own stands there


def test_moving_the_slider_draws_the_answer(report):
    page = zj.WhatIf(report)
    before = page.plot.figure
    page.slider.value = page.slider.max
    assert page.plot.figure != before
    assert page.chart.title in page.heading.value
    for _, question in page.question.options:
        page.question.value = question
        assert page.slider.min <= page.slider.value <= page.slider.max


# -- the widgets


def test_each_control_changes_what_is_drawn(explorer):
    seen = [explorer.plot.figure]
    for name, value in [
        ("topic", "trade"),
        ("unit", "%"),
        ("origin", "derived"),
        ("unit", "CNY"),
        ("kind", "dots"),
        ("language", "zh"),
        ("words", "出口"),
    ]:
        set_control(explorer, name, value)
        assert explorer.plot.figure != seen[-1], name
        assert not explorer.message.value
        seen.append(explorer.plot.figure)
    assert explorer.controls["topic"].description == words("zh")["topic"]


def test_dollars_ask_for_rate_and_day_in_place(explorer):
    assert explorer.controls["rate"].layout.display == "none"
    set_control(explorer, "currency", "USD")
    assert explorer.controls["rate"].layout.display != "none"
    assert words("en")["needs_rate"] in explorer.message.value
    assert not re.search(
        r"\d", explorer.controls["rate_date"].placeholder
    )  # what is to be filled in does not look filled in
    set_control(explorer, "rate", 6.9)
    assert (
        words("en")["needs_day"] in explorer.message.value and words("en")["needs_rate"] not in explorer.message.value
    )
    set_control(explorer, "rate_date", "yesterday")
    assert "yesterday" in explorer.message.value
    set_control(explorer, "rate_date", "2023-02-13")
    assert not explorer.message.value and "US dollars" in explorer.table.value


def test_where_nothing_can_be_drawn_nothing_of_the_last_choice_is_left(explorer):
    explorer.select("sector.energy.investment")
    set_control(explorer, "words", "zzzz")
    taken = [explorer.code, explorer.copy, *explorer.saves.values()]
    assert explorer.message.value and all(each.disabled for each in taken)
    assert not any(each.value for each in (explorer.code, explorer.passage, explorer.table, explorer.figure))
    set_control(explorer, "words", "")
    assert explorer.code.value and explorer.table.value and not any(each.disabled for each in taken)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_report_that_fails_checks_or_has_two_days_says_so(report, explorer, language):
    set_control(explorer, "language", language)
    assert not explorer.doubts.value
    level = report.figure("trade.exports.level")["surface"]
    other = report.text.replace(level, f"1{level}")
    upload(explorer, "2024-01-05.txt", other.encode())
    broken = zj.check(explorer.report).query("ok == False")["label_zh" if language == "zh" else "label"]
    assert len(broken) and all(label in explorer.doubts.value for label in broken)
    assert words(language)["doubtful_day"] in explorer.doubts.value
    assert str(explorer.shelf.folder) not in explorer.doubts.value
    assert explorer.beside.layout.flex.endswith("100%")


def test_a_click_shows_the_sentence_and_of_two_reports_both(explorer, edited):
    explorer.plot._handle_custom_msg({"clicked": ["sector.energy.investment", 13]}, [])
    assert explorer.passage.value.count("<mark>") == 1
    assert explorer.figure.value == "sector.energy.investment"
    upload(explorer, "edited.txt", edited.read_bytes())
    explorer.plot._handle_custom_msg({"clicked": ["sector.transport.investment", 12, "other"]}, [])
    assert explorer.passage.value.count("<mark>") == 2


def test_an_opened_file_becomes_the_report_beside_the_one_before(explorer, report, edited):
    upload(explorer, "../../edited.txt", edited.read_bytes())
    assert explorer.report.id == "edited" and explorer.other is report
    assert explorer.report.path.parent == explorer.shelf.folder / "opened"
    assert "%" in explorer.table.value


@pytest.mark.parametrize(
    "content", [b"", b"\x00\x01\x02\x03" * 400, b"%PDF-1.7 no more"], ids=["empty", "binary", "broken pdf"]
)
def test_a_bad_file_gives_a_message_and_leaves_everything_as_it_was(content, explorer, report):
    drawn = explorer.plot.figure
    upload(explorer, "bad.txt", content)
    assert "bad.txt" in explorer.message.value and "Traceback" not in explorer.message.value
    assert explorer.report is report and explorer.plot.figure == drawn
    assert not list((explorer.shelf.folder / "opened").glob("*"))


def test_a_bad_file_does_not_take_the_place_of_a_good_one_of_its_name(explorer, edited):
    upload(explorer, "a.txt", edited.read_bytes())
    upload(explorer, "a.txt", b"")
    assert explorer.report.path.read_bytes() == edited.read_bytes()


def test_the_last_choice_and_opened_files_come_back_in_a_new_kernel(explorer, report, edited):
    set_control(explorer, "topic", "trade")
    set_control(explorer, "kind", "dots")
    upload(explorer, "edited.txt", edited.read_bytes())
    again = zj.Explorer(report, shelf=Shelf(explorer.shelf.folder))
    assert again.choice == explorer.choice
    assert (again.report.sha256, again.other.sha256) == (explorer.report.sha256, explorer.other.sha256)
    assert again.plot.figure == explorer.plot.figure


@pytest.mark.parametrize(
    "state",
    ["", "{}", {"choice": "{}", "reports": ["gone.txt", ""]}, {"choice": "7", "reports": ["", ""]}, {"choice": "{}"}],
)
def test_a_damaged_memory_is_a_new_beginning(state, report, tmp_path):
    if isinstance(state, dict):
        state = json.dumps({"began": zj.Explorer(report, remember=False).began} | state)
    (tmp_path / "explorer.json").write_text(state, encoding="utf-8")
    assert zj.Explorer(report, shelf=Shelf(tmp_path)).choice.topic == "sectors"


def test_what_another_explorer_was_begun_with_is_left_alone(explorer, report, edited):
    set_control(explorer, "topic", "trade")
    other = zj.Explorer(zj.read_report(edited), shelf=Shelf(explorer.shelf.folder))
    assert other.report.sha256 != report.sha256 and other.choice.topic == "sectors"
    chosen = zj.Explorer(report, zj.Choice(topic="sectors", unit="%"), shelf=Shelf(explorer.shelf.folder))
    assert (chosen.choice.topic, chosen.choice.unit) == ("sectors", "%")


def test_visitors_of_the_app_share_nothing(monkeypatch, tmp_path):
    monkeypatch.setenv("JUPYTER_DATA_DIR", str(tmp_path))
    assert tmp_path in Shelf().folder.parents
    monkeypatch.setenv(VISITORS, "1")
    assert tmp_path not in Shelf().folder.parents and Shelf().folder.is_dir()


def test_a_remembered_view_does_not_change_what_the_notebook_keeps(explorer, report):
    first = zj.Explorer(report, remember=False)._repr_mimebundle_()
    set_control(explorer, "topic", "trade")
    again = zj.Explorer(report, shelf=Shelf(explorer.shelf.folder))._repr_mimebundle_()
    view = "application/vnd.jupyter.widget-view+json"
    assert view in first and {k: v for k, v in first.items() if k != view} == {
        k: v for k, v in again.items() if k != view
    }


def test_csv_and_parquet_hold_what_is_drawn(explorer, monkeypatch):
    saved = {}
    monkeypatch.setattr(explorer.plot, "save", saved.__setitem__)
    explorer.saves["CSV"].click()
    explorer.saves["Parquet"].click()
    [csv, parquet] = saved.values()
    tables = pd.read_csv(BytesIO(csv)), pd.read_parquet(BytesIO(parquet))
    for table in tables:
        assert table["id"].tolist() == explorer.chart.data["id"].tolist()
        assert table["sentence"].notna().sum() == explorer.chart.data["sentence"].notna().sum() > 0


def test_text_of_a_report_is_escaped_everywhere(explorer, edited):
    upload(explorer, "<i>x.txt", edited.read_bytes())
    for widget in (explorer.table, explorer.heading, explorer.footing, explorer.message):
        assert "<b>Edited" not in widget.value and "<i>x" not in widget.value


def test_five_hundred_changes_leave_nothing_behind(explorer):
    def change(times):
        for i in range(times):
            set_control(explorer, "topic", ("trade", "sectors", "relief", "")[i % 4])
        gc.collect()
        return len(gc.get_objects())

    before = change(8)
    assert change(500) - before < 500  # less than an object a change


# -- the commands


def test_an_installed_package_works_on_a_copy_of_its_notebooks(tmp_path, monkeypatch):
    installed = tmp_path / "_notebooks"
    installed.mkdir()
    (installed / serve.EXPLORER).write_text("{}", encoding="utf-8")
    monkeypatch.setattr(serve, "notebooks_dir", lambda: installed)
    notebook = serve.workbook(tmp_path / "here")
    assert notebook == tmp_path / "here" / "zjlib-notebooks" / serve.EXPLORER and notebook.is_file()


def test_without_the_server_the_command_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setattr(serve.sys, "executable", str(tmp_path / "python"))
    with pytest.raises(serve.ServeError, match="pip install voila"):
        serve.app()


# -- ten questions of a newcomer, answered with the public names alone


def test_ten_questions(report):
    figures, figure = report.figures.set_index("id"), report.figure
    answers = {
        "which area has the largest investment a project?": zj.Choice(topic="sectors", unit="CNY/project")
        .frame(report)
        .nlargest(1, "value")["area"]
        .item(),
        "what did imports total in the year before?": zj.find("imports year before", report)["id"].iloc[0],
        "which figures are only lower bounds?": set(zj.Choice(bound="more_than", origin="stated").frame(report)["id"]),
        "what does the report not state?": set(zj.Choice(origin="missing").frame(report)["id"]),
        "where does it say how many projects the first batch has?": str(zj.show("first_batch.projects", report)),
        "how much more each year passes the target of projects by the plan's end?": whatif.programme(
            report, "projects", 60
        ).passed,
        "what does transport spend a year?": zj.find("transport year", report)["id"].iloc[0],
        "what are exports in dollars?": zj.to("USD", report.trade(), rate=7, rate_date="2023-02-13")
        .set_index("id")
        .loc["trade.exports.level", "value"],
        "what is planned only, not done?": set(
            zj.Choice(nature="planned", topic="station", origin="stated").frame(report)["id"]
        ),
        "how much relief does the report not split?": zj.find("relief not split", report)["id"].iloc[0],
    }
    a = list(answers.values())
    areas = {
        id.split(".")[1]: figures["value"][id]
        for id in figures.index
        if id.endswith("investment_per_project") and id.startswith("sector")
    }
    assert a[0] == max(areas, key=areas.get)
    assert a[1] == "trade.imports.previous"
    assert a[2] == set(figures.index[figures["qualifier"].eq("more_than") & figures["formula"].isna()])
    assert "sector.water.investment" in a[3] and not a[3] & set(figures.index)
    assert figure("first_batch.projects")["sentence"] in a[4]
    assert a[5] is not None and a[5] <= int(figure("programme.horizon")["period"].split("/")[1])
    assert a[6] == "sector.transport.investment_per_year"
    assert a[7] * 7 == pytest.approx(figure("trade.exports.level")["value"])
    assert {"station.capacity", "station.generation"} <= a[8]
    assert a[9] == "relief.unsplit"


# -- ready environments


def test_binder_and_devcontainer_install_what_the_project_declares():
    root = data_dir().parent
    subprocess.run(["bash", "-n", root / "postBuild"], check=True)
    assert os.access(root / "postBuild", os.X_OK)
    container = json.loads((root / ".devcontainer" / "devcontainer.json").read_text(encoding="utf-8"))
    declared = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    for text in (container["postCreateCommand"], (root / "postBuild").read_text(encoding="utf-8")):
        [extras] = re.findall(r"\.\[([\w,]+)\]", text)
        assert set(extras.split(",")) <= set(declared) and "app" in extras
