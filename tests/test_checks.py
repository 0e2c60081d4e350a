import math
import re
from dataclasses import replace

import pandas as pd
import pytest

from zjlib import checks as module
from zjlib.catalogue import Claim, Entry
from zjlib.checks import _words, check, compared, failed
from zjlib.formulas import Interval
from zjlib.paths import data_dir
from zjlib.tables import read_report

REPORT = data_dir() / "reports" / "2023-02-13.txt"


@pytest.fixture(scope="module")
def report():
    return read_report(REPORT)


def edit(tmp_path, report, id, words):
    """The report with the words of one figure replaced."""
    figure = report.figure(id)
    (tmp_path / "edited.txt").write_text(
        report.text[: figure["start"]] + words + report.text[figure["end"] :], encoding="utf-8", newline=""
    )
    return read_report(tmp_path / "edited.txt")


def figure_as(report, id, words):
    """A figure's sentence with other words in the place of its number."""
    figure = report.figure(id)
    return figure["sentence"].replace(figure["surface"], words)


def test_every_check_applies_to_the_report_and_holds(report):
    checks = check(report)
    assert len(checks) > len(report.catalogue.checks) + 3
    assert checks["ok"].eq(True).all(), checks[~checks["ok"].eq(True)].to_string()


@pytest.mark.parametrize(
    ("id", "words", "broken"),
    [
        ("first_batch.new", "252", "first_batch.sum"),
        ("trade.imports.level", "1.29 trillion yuan", "trade.levels"),
        ("trade.exports.growth", "15.0%", "trade.previous_levels"),
        ("trade.exports.contribution", "16.5%", "trade.national_increments"),
        ("relief.subsidies", "348.8 billion yuan", "relief.parts_below_whole"),
        ("station.generation", "397 million kwh", "station.energy"),
        ("station.capacity", "29,700 kilowatts", "station.hours"),
        ("station.investment", "2.49 trillion yuan", "station.within_energy"),
    ],
)
def test_a_number_that_contradicts_others_fails_its_check(tmp_path, report, id, words, broken):
    bad = failed(check(edit(tmp_path, report, id, words)))
    assert broken in set(bad["check"])
    row = bad[bad["check"] == broken].iloc[0]
    assert id.rsplit(".", 1)[0] in " ".join(row["figures"])
    assert "difference" in row["detail"]


def test_a_failed_check_shows_the_sentences_that_it_compares(tmp_path, report):
    bad = failed(check(edit(tmp_path, report, "first_batch.new", "252")))
    projects = report.figure("first_batch.projects")
    assert projects["sentence"].split(projects["surface"])[0] in bad.iloc[0]["detail"]


def test_a_difference_within_the_rounding_of_the_printed_digits_is_none(tmp_path, report):
    assert (
        failed(check(edit(tmp_path, report, "trade.imports.level", "1.26 trillion yuan")))["check"]
        .eq("trade.levels")
        .sum()
        == 0
    )


def test_an_event_before_what_comes_before_it_fails(tmp_path, report):
    event = report.events().set_index("id").loc["event.station_production"]
    (tmp_path / "edited.txt").write_text(
        report.text[: event["start"]] + "2021" + report.text[event["end"] :], encoding="utf-8", newline=""
    )
    assert "events.order" in set(failed(check(read_report(tmp_path / "edited.txt")))["check"])


def test_a_figure_given_twice_with_two_values_fails(tmp_path, report):
    figure = report.figure("programme.horizon")
    edited = report.text[: figure["start"]] + "6 years" + report.text[figure["end"] :]
    (tmp_path / "edited.txt").write_text(edited, encoding="utf-8", newline="")
    assert "programme.horizon.repeated" in set(failed(check(read_report(tmp_path / "edited.txt")))["check"])


def test_a_figure_given_many_times_is_one_check_that_names_every_place(report):
    checks = check(report)
    assert checks["check"].is_unique
    detail = checks.set_index("check").loc["programme.horizon.repeated", "detail"]
    mentions = [claim.numeral for claim in report.claims if claim.entry.id == "programme.horizon"]
    assert len(mentions) > 2
    assert detail.count("in paragraph") == len(mentions)
    assert all(f"'{numeral.surface}' in paragraph {numeral.paragraph}" in detail for numeral in mentions)


def test_a_range_given_twice_with_another_upper_end_fails(tmp_path, report):
    once, again = (figure_as(report, "gdp.growth", words) for words in ("3 to 3.5 percent", "3 to 4 percent"))
    for second, ok in ((once, True), (again, False)):
        (tmp_path / "edited.txt").write_text(f"{once}\n{second}\n", encoding="utf-8", newline="")
        checks = check(read_report(tmp_path / "edited.txt")).set_index("check")
        assert checks.loc["gdp.growth.repeated", "ok"] == ok


def test_growth_told_once_as_growth_and_once_as_decline_fails(tmp_path, report):
    figure = report.figure("gdp.growth")
    again = figure["sentence"].replace(figure["surface"], f"-{figure['surface']}")
    (tmp_path / "edited.txt").write_text(f"{report.text}\n{again}\n", encoding="utf-8", newline="")
    assert "gdp.growth.repeated" in set(failed(check(read_report(tmp_path / "edited.txt")))["check"])


def test_a_quantity_that_nothing_claims_fails_with_its_sentence(tmp_path, report):
    (tmp_path / "longer.txt").write_text(report.text + "\nIt also planted 1,234 trees.", encoding="utf-8", newline="")
    bad = failed(check(read_report(tmp_path / "longer.txt"))).set_index("check")
    assert "It also planted 1,234 trees." in bad.loc["coverage", "detail"]
    assert "find.en = 'It also planted {} trees'" in bad.loc["coverage", "detail"]


def test_checks_of_figures_that_a_text_lacks_are_not_applicable(tmp_path):
    (tmp_path / "soup.txt").write_text("Nothing to count here.", encoding="utf-8")
    checks = check(read_report(tmp_path / "soup.txt")).set_index("check")
    assert checks["ok"].dtype == "boolean"
    assert checks.loc["trade.levels", "ok"] is pd.NA
    assert not checks.loc["coverage", "ok"]
    assert checks.loc[["like_periods", "events.order"], "ok"].isna().all()
    assert "does not state" in checks.loc["trade.levels", "detail"]


AREA = (
    "the water network upgrade project will involve {sector.manufacturing.projects} projects, "
    "with a planned investment of {sector.manufacturing.investment}"
)


def with_clause(tmp_path, report, clause):
    """The report with one more sentence, in which an id stands for the words of that figure."""
    words = re.sub(r"\{([a-z_.]+)\}", lambda id: report.figure(id[1])["surface"], clause)
    (tmp_path / "longer.txt").write_text(f"{report.text}\n{words}.\n", encoding="utf-8", newline="")
    return read_report(tmp_path / "longer.txt")


def test_a_number_that_two_figures_claim_fails_and_names_both(tmp_path, report):
    clause = f"The first batch of {{first_batch.projects}} projects, of which {AREA}"
    bad = failed(check(with_clause(tmp_path, report, clause))).set_index("check").loc["claimed_once"]
    assert bad["figures"] == ["first_batch.investment", "sector.water.investment"]
    assert f"'{report.figure('sector.manufacturing.investment')['surface']}'" in bad["detail"]
    assert AREA.partition(" {")[0] in bad["detail"]


@pytest.mark.parametrize(
    ("area", "clause"),
    [
        (
            "innovation",
            "In the field of technological innovation, Zhejiang will implement {first_batch.new} major projects",
        ),
        ("energy", "To supply clean energy, Zhejiang will implement {first_batch.new} major projects"),
    ],
)
@pytest.mark.parametrize("joined", ["; ", ", and ", " such as laboratories, while "])
def test_an_area_does_not_take_the_amount_of_the_next_one(tmp_path, report, area, clause, joined):
    longer = with_clause(tmp_path, report, f"{clause}{joined}{AREA}")
    amounts = [c.numeral.surface for c in longer.claims if c.entry.id == f"sector.{area}.investment"]
    assert report.figure("sector.manufacturing.investment")["surface"] not in amounts
    assert longer.figure("sector.water.investment")["start"] > len(report.text)
    assert check(longer).set_index("check").loc["claimed_once", "ok"]


OF_OTHERS = {
    "en": ["The per capita GDP reached", "Hangzhou’s GDP reached", "China’s GDP reached", "Nationally, GDP reached"],
    "zh": ["人均生产总值达到", "人均地区生产总值达", "杭州市生产总值达到", "单位地区生产总值", "海洋生产总值为"],
}
OWN = {
    "en": [
        "GDP reached",
        "The province’s GDP will reach",
        "Zhejiang's GDP reached",
        "Growth held. In 2022, the GDP reached",
    ],
    "zh": ["全省地区生产总值达到", "经济稳定，生产总值", "2022年，浙江省生产总值为", "全年实现地区生产总值"],
}


@pytest.mark.parametrize(
    ("language", "words"), [(language, each) for language in OF_OTHERS for each in OF_OTHERS[language]]
)
def test_the_product_a_head_or_of_another_place_is_not_that_of_the_province(tmp_path, language, words):
    amount = {"en": " 5 trillion yuan, an increase of 2%.", "zh": "5万亿元，增长2%。"}[language]
    (tmp_path / "other.txt").write_text(f"{words}{amount}\n", encoding="utf-8")
    report = read_report(tmp_path / "other.txt", language=language)
    assert not {"gdp.level", "gdp.growth"} & set(report.figures["id"])


@pytest.mark.parametrize(("language", "words"), [(language, each) for language in OWN for each in OWN[language]])
def test_the_product_of_the_province_is_found(tmp_path, language, words):
    amount = {"en": " 5 trillion yuan, an increase of 2%.", "zh": "5万亿元，增长2%。"}[language]
    (tmp_path / "own.txt").write_text(f"{words}{amount}\n", encoding="utf-8")
    report = read_report(tmp_path / "own.txt", language=language)
    assert "gdp.level" in set(report.figures["id"])
    assert ("gdp.growth" in set(report.figures["id"])) is (language == "en")


@pytest.mark.parametrize("check_id", ["first_batch.within_gdp", "trade.within_gdp"])
def test_a_product_that_can_not_be_the_province_s_fails(tmp_path, report, check_id):
    beside = "first_batch.new"  # a number of some hundreds, of yuan a head say
    small = edit(tmp_path, report, "gdp.level", f"{report.figure(beside)['surface']} yuan")
    bad = failed(check(small)).set_index("check")
    assert f"gdp.level, paragraph {small.figure('gdp.level')['paragraph']}" in bad.loc[check_id, "detail"]


def test_what_is_not_worked_out_since_periods_differ_is_told_with_the_periods(tmp_path, report):
    year = report.figure("trade.total.level")["period"]
    sentence = report.figure("trade.total.level")["sentence"]
    quarter = sentence.replace(f"in {year}", "in the first quarter of 2023")
    (tmp_path / "quarter.txt").write_text(report.text.replace(sentence, quarter), encoding="utf-8", newline="")
    row = check(read_report(tmp_path / "quarter.txt")).set_index("check").loc["like_periods"]
    assert row["ok"] is pd.NA and row["figures"] == ["trade.openness"]
    assert f"trade.total.level is of 2023-01/2023-03, gdp.level is of {year}" in row["detail"]


def test_a_report_that_does_not_name_the_place_fails_and_one_that_names_it_holds(tmp_path, report):
    for told, ok in ((report.text, True), (report.text.replace(report.catalogue.place["label"], "Yunnan"), False)):
        (tmp_path / "told.txt").write_text(told, encoding="utf-8", newline="")
        row = check(read_report(tmp_path / "told.txt")).set_index("check").loc["place"]
        assert bool(row["ok"]) is ok
        assert ("is it the report that is meant?" in row["detail"]) is not ok


def test_coverage_asks_whether_the_report_is_meant_as_long_as_most_figures_are_missing(tmp_path, report):
    (tmp_path / "one.txt").write_text(figure_as(report, "gdp.level", "8 trillion yuan"), encoding="utf-8")
    for told, asked in ((read_report(tmp_path / "one.txt"), True), (report, False)):
        detail = check(told).set_index("check").loc["coverage", "detail"]
        assert ("is it the report that is meant?" in detail) is asked


def test_coverage_asks_so_up_to_half_of_the_figures_of_the_catalogue(tmp_path, report):
    known = report.catalogue.figures
    numerals = {claim.entry.id: claim.numeral for claim in reversed(report.claims) if claim.entry.id in known}
    given = sorted(numerals.values(), key=lambda numeral: numeral.start)
    middle = given[(len(known) - 1) // 2].sentence
    begins = report.text.index(middle)
    for end, asked in ((begins, True), (begins + len(middle), False)):
        (tmp_path / "cut.txt").write_text(report.text[:end], encoding="utf-8", newline="")
        detail = check(read_report(tmp_path / "cut.txt")).set_index("check").loc["coverage", "detail"]
        assert ("is it the report that is meant?" in detail) is asked


def test_of_many_unclaimed_quantities_the_first_are_listed(tmp_path, report, monkeypatch):
    monkeypatch.setattr(module, "_LISTED", 2)
    for trees, listed in (((12, 34), ""), ((12, 34, 56), "of which the first 2 follow")):
        planted = "".join(f"\nIt also planted {number} trees." for number in trees)
        (tmp_path / "longer.txt").write_text(report.text + planted, encoding="utf-8", newline="")
        detail = check(read_report(tmp_path / "longer.txt")).set_index("check").loc["coverage", "detail"]
        assert listed in detail and ("follow" in detail) is bool(listed)
        assert detail.count("to claim it") == 2


def test_a_side_of_which_nothing_is_known_is_neither_equal_nor_below(report):
    known = Interval(1, -math.inf, math.inf)
    for formula in ("gdp.level == unknown", "unknown < gdp.level", "gdp.level <= unknown"):
        assert compared(report, formula, {"unknown": known})[0] is None


def test_what_is_open_at_an_end_is_told_in_words(report):
    details = check(report)["detail"]
    assert not details.str.contains(r"\binf\b").any()
    burden = report.figure("relief.burden")["value"]
    assert f"relief.burden is {burden:,.0f} or more" in details[details.str.contains("relief.burden")].iloc[0]
    assert [_words(Interval(*ends)) for ends in ((5, -math.inf, 6), (5, 4, math.inf), (5, -math.inf, math.inf))] == [
        "5 (6 or less)",
        "5 (4 or more)",
        "5 (open at both ends)",
    ]


def test_without_a_place_of_the_catalogue_no_report_is_of_another_one():
    report = read_report(REPORT)
    vars(report)["catalogue"] = replace(report.catalogue, place={})
    assert check(report).set_index("check")["ok"].isna()["place"]


def test_a_number_that_is_no_figure_for_two_reasons_is_claimed_twice():
    report = read_report(REPORT)
    numeral = next(numeral for numeral in report.numerals if numeral.kind == "quantity")
    vars(report)["claims"] = [*report.claims, *(Claim(Entry(reason=why), numeral) for why in ("an age", "a score"))]
    row = check(report).set_index("check").loc["claimed_once"]
    assert not row["ok"] and "an age and as a score" in row["detail"]


def test_an_event_told_by_its_year_may_come_after_one_told_by_its_day_in_that_year(tmp_path, report):
    table = report.events().set_index("id")
    event, meeting = table.loc["event.station_production"], table.loc["event.programme_meeting"]
    year = meeting["period"][:4]
    assert meeting["period"] > year
    (tmp_path / "edited.txt").write_text(
        report.text[: event["start"]] + year + report.text[event["end"] :], encoding="utf-8", newline=""
    )
    edited = read_report(tmp_path / "edited.txt")
    assert edited.events().set_index("id").loc["event.station_production", "period"] == year
    assert check(edited).set_index("check").loc["events.order", "ok"]


def test_nothing_is_called_a_check_that_can_not_fail(report):
    assert "like_periods" not in set(check(report)["check"])


def test_the_numerals_that_are_claimed_are_told_by_what_they_are(report):
    detail = check(report).set_index("check").loc["claimed_once", "detail"]
    all_of_them, figures, events, none = map(int, re.findall(r"\d+", detail))
    told = report.coverage()
    assert figures == told["figure"].isin(report.catalogue.figures).sum()
    assert events == len(told[told["figure"].isin(report.catalogue.events)])
    assert none == told["reason"].notna().sum()
    assert all_of_them == figures + events + none
