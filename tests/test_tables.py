import csv
import math
from pathlib import Path

import pandas as pd
import pytest

from zjlib import formulas
from zjlib.catalogue import Claim
from zjlib.explore.choice import Choice
from zjlib.outcomes import outcomes
from zjlib.paths import data_dir
from zjlib.report import ReportError
from zjlib.tables import COLUMNS, Report, csv_of, interval, period_days, read_report

REPORT = data_dir() / "reports" / "2023-02-13.txt"
GOLD = Path(__file__).parent / "gold" / "figures.csv"  # made by hand from the text
DERIVED = Path(__file__).parent / "gold" / "derived.csv"  # worked out by hand from the text
TABLES = ("programme", "first_batch", "sectors", "trade", "relief")


@pytest.fixture(scope="module")
def report():
    return read_report(REPORT)


def gold(file=GOLD):
    with file.open(encoding="utf-8", newline="") as rows:
        return list(csv.DictReader(rows))


def stated(report):
    return report.figures[report.figures["formula"].isna()]


def test_the_report_states_just_the_figures_that_a_reader_finds(report):
    assert sorted(stated(report)["id"]) == sorted(row["id"] for row in gold())


@pytest.mark.parametrize("row", gold(), ids=lambda row: row["id"])
def test_a_figure_has_the_words_and_the_value_that_a_reader_finds(report, row):
    figure = report.figure(row["id"])
    assert (figure["surface"], figure["value"]) == (row["surface"], float(row["value"]))
    assert report.text[figure["start"] : figure["end"]] == row["surface"]
    assert row["surface"] in figure["sentence"]


def test_figures_have_the_columns_of_the_contract_with_plain_types(report):
    assert tuple(report.figures.columns) == COLUMNS
    kinds = {column: str(dtype) for column, dtype in report.figures.dtypes.items()}
    assert kinds["value"] == "float64"
    assert kinds["start"] == "Int64"
    assert kinds["label"] == kinds["period"] == "str"


def test_texts_are_of_one_type_in_all_tables(report):
    for table in (report.figures, report.quantities, report.trade(), outcomes(), Choice().frame(report)):
        assert {str(table[column].dtype) for column in ("unit", "period", "qualifier")} == {"str"}


@pytest.mark.parametrize("name", ["figures", "quantities"])
def test_who_changes_a_table_does_not_change_the_report(name):
    report = read_report(REPORT)
    before = getattr(report, name).copy()
    table = getattr(report, name)
    table["of_mine"] = table["value"] / 1e9
    table.loc[0, "value"] = -1
    table.attrs.clear()
    pd.testing.assert_frame_equal(getattr(report, name), before)
    assert getattr(report, name).attrs == before.attrs


def test_what_a_figure_says_is_among_the_columns_that_a_notebook_shows(report):
    with pd.option_context("display.max_columns", 20):  # of 27, as in JupyterLab
        shown = report.trade()._repr_html_()
    for column in ("id", "label", "value", "unit", "qualifier", "period", "nature", "sentence", "paragraph", "formula"):
        assert f"<th>{column}</th>" in shown, column


def test_a_row_is_a_figure_as_a_dict_and_who_changes_it_does_not_change_the_report(report):
    for row in (gold()[0], {"id": "sector.energy.share"}):
        figure = report.row(row["id"])
        pd.testing.assert_series_equal(pd.Series(figure, dtype="object"), report.figure(row["id"]), check_names=False)
        figure["value"] = -1
        assert report.row(row["id"])["value"] != -1


def test_a_second_figure_is_looked_up_without_going_over_all_again(report, monkeypatch):
    report.figure(gold()[0]["id"])
    monkeypatch.setattr("zjlib.tables.records", None)
    assert report.figure(gold()[1]["id"])["id"] == gold()[1]["id"]


def test_what_a_report_does_not_state_of_the_areas_is_told_from_what_is_worked_out(report):
    missing = report.sectors().query("value.isna() and formula.isna()")
    assert set(missing["id"]) == set(report.sectors()["id"]) & (
        set(report.catalogue.figures) - {row["id"] for row in gold()}
    )
    worked = report.sectors().dropna(subset="formula")["id"]
    for measure in {id.rpartition(".")[2] for id in worked if not id.startswith("sector.stated.")}:
        assert f"`{measure}`" in Report.sectors.__doc__


def test_a_list_in_a_cell_of_csv_is_its_ids_parted_by_spaces(report):
    rows = {row["id"]: row for row in csv.DictReader(csv_of(report.figures).splitlines())}
    derived = report.figures.dropna(subset="formula")
    assert all(rows[row.id]["inputs"].split() == row.inputs for row in derived.itertuples())
    assert rows[gold()[0]["id"]]["inputs"] == ""
    assert csv_of(pd.DataFrame({"also": [["unit CNY → USD", "noun none → firm"]]})) == (
        "also\nunit CNY → USD; noun none → firm\n"
    )


def test_a_stated_value_lies_in_its_interval_and_an_open_end_is_missing(report):
    figures = stated(report).dropna(subset=["unit"])
    for row in figures.to_dict("records"):
        assert row["low"] <= row["value"], row["id"]
        open_above = row["qualifier"] in ("more_than", "at_least")
        assert math.isnan(row["high"]) == open_above, row["id"]


def test_an_amount_that_the_report_does_not_state_is_missing_and_not_zero(report):
    sectors = report.sectors().set_index("id")
    areas = [name["id"] for name in report.catalogue.names.values() if name["kind"] == "area"]
    investment = sectors.loc[[f"sector.{area}.investment" for area in areas], "value"]
    known = {row["id"] for row in gold()}
    assert list(investment.notna()) == [id in known for id in investment.index]
    assert not (investment == 0).any()


@pytest.mark.parametrize("name", TABLES)
def test_a_table_is_long_and_each_stated_row_has_its_sentence(report, name):
    table = getattr(report, name)()
    assert list(table.columns) == list(COLUMNS)
    assert len(table) > 2
    assert table["id"].is_unique
    rows = table[table["value"].notna() & table["formula"].isna()]
    assert rows["sentence"].notna().all()


def test_a_derived_figure_says_how_it_is_worked_out_and_has_no_place_in_the_text(report):
    derived = report.figures[report.figures["formula"].notna()]
    known = set(report.figures["id"])
    assert set(derived["id"]) == {
        id for id, formula in report.catalogue.formulas(known).items() if set(formulas.inputs(formula)) <= known
    }
    assert derived["start"].isna().all()
    assert all(set(inputs) <= set(report.figures["id"]) for inputs in derived["inputs"])


def with_areas(tmp_path, report, told):
    """The report with another sentence after the one on transport and manufacturing; energy has no figures."""
    after, energy = (report.figure(f"sector.{area}.investment")["sentence"] for area in ("manufacturing", "energy"))
    text = report.text.replace(after, after.rstrip(".") + told).replace(
        energy, "Energy is the short board of Zhejiang."
    )
    (tmp_path / "areas.txt").write_text(text, encoding="utf-8", newline="")
    return read_report(tmp_path / "areas.txt", date=report.date)


def test_what_a_project_costs_is_worked_out_for_every_area_that_has_both(tmp_path, report):
    told = (
        "; the water network upgrade project will involve 40 projects, with a planned investment of 120 billion yuan."
    )
    edition = with_areas(tmp_path, report, told)
    assert edition.figure("sector.water.investment_per_project")["value"] == 120e9 / 40
    assert edition.figure("sector.water.investment_per_year")["inputs"] == [
        "sector.water.investment",
        "programme.horizon",
    ]
    per_project = [id for id in report.catalogue.derived if id.endswith(".investment_per_project")]
    areas = [name["id"] for name in report.catalogue.names.values() if name["kind"] == "area"]
    assert {f"sector.{area}.investment_per_project" for area in areas} <= set(per_project)


def test_a_total_is_of_the_areas_whose_amounts_are_stated(tmp_path, report):
    edition = with_areas(tmp_path, report, ".")
    parts = ["sector.transport.investment", "sector.manufacturing.investment"]
    total = edition.figure("sector.stated.investment")
    assert total["inputs"] == parts
    assert total["value"] == sum(report.figure(id)["value"] for id in parts)
    assert pd.isna(edition.figure("sector.energy.share")["value"])
    shares = edition.figures.query("id.str.endswith('.share') and topic == 'sectors'")["value"]
    assert shares.sum() == pytest.approx(100)


def test_every_derived_figure_was_worked_out_by_hand(report):
    assert list(report.figures.loc[report.figures["formula"].notna(), "id"]) == [row["id"] for row in gold(DERIVED)]


@pytest.mark.parametrize("row", gold(DERIVED), ids=lambda row: row["id"])
def test_a_derived_figure_is_what_it_is_worked_out_to_be_by_hand(report, row):
    figure = report.figure(row["id"])
    for key in ("value", "low", "high"):
        expected = float(row[key]) if row[key] else math.nan
        assert figure[key] == pytest.approx(expected, rel=1e-10, nan_ok=True), key
    for key in ("qualifier", "nature", "period"):
        assert (None if pd.isna(figure[key]) else figure[key]) == (row[key] or None), key


def test_headline_figures_worked_out_once_more_by_hand(report):
    value = report.figures.set_index("id")["value"]
    assert value["trade.total.previous"] == pytest.approx(
        value["trade.total.level"] / (1 + value["trade.total.growth"] / 100)
    )
    assert value["station.full_load_hours"] == value["station.generation"] / value["station.capacity"]
    assert value["station.efficiency"] == 100 * value["station.generation"] / value["station.pumping"]
    high = report.figures.set_index("id")["high"]
    assert value["relief.unsplit"] == value["relief.burden"] - sum(
        high[f"relief.{part}"] for part in ("subsidies", "payments", "rent")
    )


def test_what_derives_from_a_bound_is_a_bound(report):
    assert report.figure("relief.unsplit")["qualifier"] == "more_than"
    assert report.figure("first_batch.investment_missing")["qualifier"] == "more_than"
    assert report.figure("first_batch.investment_of_target")["qualifier"] == "less_than"
    assert report.figure("sector.transport.investment_per_project")["qualifier"] == "exact"


def test_the_value_of_a_derived_bound_is_what_it_is_surely_more_or_less_than(report):
    ends = {"more_than": "low", "less_than": "high"}
    bounds = report.figures.query("formula.notna() and qualifier in @ends")
    assert len(bounds) > 2
    assert all(row["value"] == row[ends[row["qualifier"]]] for _, row in bounds.iterrows())


def test_what_derives_from_a_range_is_a_range(tmp_path, report):
    least, most = 5e11, 6e11
    ranged = edited(tmp_path, report, sector__energy__investment="500 to 600 billion yuan")
    others = sum(report.figure(f"sector.{area}.investment")["value"] for area in ("transport", "manufacturing"))
    total, share = ranged.figure("sector.stated.investment"), ranged.figure("sector.energy.share")
    assert (total["value"], total["value_max"]) == (others + least, others + most)
    assert share["value"] == pytest.approx(least / (others + least) * 100)
    assert share["value_max"] == pytest.approx(most / (others + most) * 100)
    assert total["low"] < total["value"] < total["value_max"] < total["high"]
    assert math.isnan(ranged.figure("sector.transport.investment_per_year")["value_max"])


def test_what_derives_from_about_is_about(tmp_path, report):
    surface = report.figure("relief.rent")["surface"]
    about = edited(tmp_path, report, relief__rent=f"{surface} or so")
    assert about.figure("relief.rent")["qualifier"] == "about"
    assert about.figure("relief.rent_per_beneficiary")["qualifier"] == "about"


def test_what_is_open_on_both_sides_is_about(tmp_path, report):
    surface = report.figure("first_batch.investment")["surface"]
    open_both = edited(tmp_path, report, first_batch__investment=f"{surface} or more")
    missing = open_both.figure("first_batch.investment_missing")
    assert math.isnan(missing["low"]) and math.isnan(missing["high"])
    assert missing["qualifier"] == "about"


def test_a_level_of_the_year_before_has_the_year_before_as_its_period(report):
    level, previous = report.figure("trade.total.level"), report.figure("trade.total.previous")
    assert int(previous["period"]) == int(level["period"]) - 1


def told_of(tmp_path, report, id, old, new):
    """The report with the time in one figure's sentence told otherwise."""
    sentence = report.figure(id)["sentence"]
    assert old in sentence
    file = tmp_path / "other_time.txt"
    file.write_text(report.text.replace(sentence, sentence.replace(old, new)), encoding="utf-8", newline="")
    return read_report(file)


def test_what_would_mix_a_quarter_with_a_year_is_not_worked_out(tmp_path, report):
    year = report.figure("trade.total.level")["period"]
    quarter = told_of(tmp_path, report, "trade.total.level", f"in {year}", "in the first quarter of 2023")
    assert quarter.figure("trade.total.level")["period"] == "2023-01/2023-03"
    assert math.isnan(quarter.figure("trade.openness")["value"])
    assert list(quarter.unlike_periods()) == ["trade.openness"]
    assert quarter.figure("trade.total.previous")["period"] == "2022-01/2022-03"
    assert quarter.figure("trade.exports.share")["value"] == report.figure("trade.exports.share")["value"]


@pytest.mark.parametrize("years", [-1, 1])
def test_a_plan_is_set_against_the_product_of_the_year_before_only(tmp_path, report, years):
    product = report.figure("gdp.level")
    year = int(product["period"])
    assert report.figure("first_batch.investment")["period"] == str(year + 1)
    before, told, after = report.text[: product["start"]].rpartition(f"in {year}")
    file = tmp_path / "other_year.txt"
    file.write_text(f"{before}{told[:3]}{year + years}{after}{report.text[product['start'] :]}", encoding="utf-8")
    other = read_report(file)
    assert other.figure("gdp.level")["period"] == str(year + years)
    assert "first_batch.investment_of_gdp" in other.unlike_periods()
    assert math.isnan(other.figure("first_batch.investment_of_gdp")["value"])


def test_the_report_itself_mixes_no_periods(report):
    assert report.unlike_periods() == {}


def test_events_are_dated_and_in_order_of_time(report):
    events = report.events()
    assert len(events) == len(report.catalogue.events)
    assert events["first_day"].is_monotonic_increasing
    assert all(report.text[row.start : row.end] == row.surface for row in events.itertuples())


def test_policies_have_their_parents_and_the_words_of_the_report(report):
    policies = report.policies()
    assert set(policies["parent"].dropna()) <= set(policies["id"])
    packages = policies[policies["kind"] == "package"]
    assert len(packages) == report.figure("policy.packages")["value"]
    assert (policies["kind"] == "list").sum() == report.figure("policy.lists")["value"]
    assert (policies["kind"] == "area").sum() == report.figure("programme.areas")["value"]
    assert policies["sentence"].notna().all()


def test_what_the_report_says_took_part_is_no_plan(report):
    for id in ("campaign.delegations", "campaign.companies"):
        figure = report.figure(id)
        assert "participated" in figure["sentence"]
        assert figure["nature"] == "actual"


def test_places_tell_which_figures_are_of_them(report):
    places = report.places().set_index("id")
    assert "station.capacity" in places.loc["yunhe", "figures"]
    assert places["prefecture"].notna().all()
    assert places["sentence"].notna().all()


def test_every_quantity_of_the_report_is_a_figure_or_says_why_not(report):
    coverage = report.coverage()
    quantities = coverage[coverage["kind"] == "quantity"]
    assert len(quantities) > 50
    assert (quantities["figure"].notna() ^ quantities["reason"].notna()).all()


def test_of_two_entries_that_claim_a_quantity_the_first_accounts_for_it():
    report = read_report(REPORT)
    figure = next(claim for claim in report.claims if claim.entry.id in report.catalogue.figures)
    later = Claim(report.catalogue.no_figures[0], figure.numeral)
    vars(report)["claims"] = [*report.claims, later]
    told = report.coverage().set_index("start").loc[figure.numeral.start]
    assert told["figure"] == figure.entry.id
    assert pd.isna(told["reason"])


def test_an_unknown_figure_names_the_nearest(report):
    with pytest.raises(KeyError, match=r"sector\.transport\.investment"):
        report.figure("sectors.transport.investment")


def test_a_text_of_another_subject_has_no_figures_and_no_crash(tmp_path):
    (tmp_path / "soup.txt").write_text("Take 3 onions and 2 litres of water. Boil for 40 minutes.", encoding="utf-8")
    soup = read_report(tmp_path / "soup.txt")
    assert isinstance(soup, Report)
    assert soup.figures.empty
    assert soup.sectors()["value"].isna().all()
    assert soup.events().empty


def test_no_report_is_an_error_that_names_the_file(tmp_path):
    with pytest.raises(ReportError, match=r"missing\.txt"):
        read_report(tmp_path / "missing.txt")


def test_a_changed_number_changes_every_figure_that_follows_from_it(tmp_path, report):
    level = report.figure("trade.exports.level")
    edited = report.text[: level["start"]] + "3.52 trillion yuan" + report.text[level["end"] :]
    (tmp_path / "edited.txt").write_text(edited, encoding="utf-8", newline="")
    after = read_report(tmp_path / "edited.txt").figures.set_index("id")["value"]
    before = report.figures.set_index("id")["value"]
    changed = set(before.index[~pd.Series(after.sub(before).abs() < 1e-9)])
    inputs = report.figures.set_index("id")["inputs"].dropna()
    expected = {"trade.exports.level"}
    while more := {id for id, of in inputs.items() if expected & set(of)} - expected:
        expected |= more
    assert changed == expected


@pytest.mark.parametrize(
    ("period", "days"),
    [
        ("2023", ("2023-01-01", "2023-12-31")),
        ("2022-12", ("2022-12-01", "2022-12-31")),
        ("2023-01/2023-09", ("2023-01-01", "2023-09-30")),
        ("2023/2027", ("2023-01-01", "2027-12-31")),
        ("2023-01-10", ("2023-01-10", "2023-01-10")),
    ],
)
def test_a_period_has_a_first_and_a_last_day(period, days):
    assert period_days(period) == days


def edited(tmp_path, report, **words):
    """The report with the words of figures replaced; ids are written with `__` for a dot."""
    text = report.text
    for id, new in sorted(words.items(), key=lambda item: -report.figure(item[0].replace("__", "."))["start"]):
        figure = report.figure(id.replace("__", "."))
        text = text[: figure["start"]] + new + text[figure["end"] :]
    (tmp_path / "edited.txt").write_text(text, encoding="utf-8", newline="")
    return read_report(tmp_path / "edited.txt")


def test_a_decline_is_negative_in_what_is_derived_from_it(tmp_path, report):
    fallen = edited(tmp_path, report, trade__exports__growth="-14.0%")
    figure = fallen.figure("trade.exports.growth")
    assert (figure["value"], figure["direction"]) == (14.0, "down")
    level = fallen.figure("trade.exports.level")["value"]
    assert fallen.figure("trade.exports.previous")["value"] == pytest.approx(level / (1 - 0.14))


def test_what_is_divided_by_zero_is_not_stated(tmp_path, report):
    assert math.isnan(
        edited(tmp_path, report, relief__rent_beneficiaries="0").figure("relief.rent_per_beneficiary")["value"]
    )


def test_a_day_that_no_calendar_has_is_no_event(tmp_path, report):
    (tmp_path / "february.txt").write_text(
        report.text.replace("on January 10, Z", "on February 30, Z"), encoding="utf-8", newline=""
    )
    events = read_report(tmp_path / "february.txt").events()
    assert "event.programme_meeting" not in set(events["id"])
    assert len(events) == len(report.events()) - 1


@pytest.mark.parametrize(
    ("value", "half", "unit", "itself"),
    [(12, 0.5, "project", False), (12, 0.5, "count", True), (42500, 50, "person", False), (2.5, 0.05, "day", False)],
)
def test_only_a_whole_count_that_is_printed_in_full_is_just_itself(value, half, unit, itself):
    low, high = value - half, value + half
    known = formulas.Interval(value, value, value) if itself else formulas.Interval(value, low, high)
    assert interval({"value": value, "low": low, "high": high, "unit": unit, "qualifier": "exact"}) == known


def test_a_length_of_time_is_of_no_period_that_is_shorter(report):
    trip, plan = report.figure("campaign.trip"), report.figure("programme.horizon")
    quantities = report.quantities.set_index("start")["period"]
    assert isinstance(quantities[trip["start"]], str) and pd.isna(trip["period"])
    assert plan["period"] == quantities[plan["start"]]


def test_what_a_count_is_of_is_what_the_catalogue_says_where_it_does(report):
    assert (
        report.figure("relief.rent_beneficiaries")["noun"] == report.catalogue.figures["relief.rent_beneficiaries"].noun
    )
    assert (
        report.figure("relief.rent_per_beneficiary")["unit"]
        == f"CNY/{report.figure('relief.rent_beneficiaries')['noun']}"
    )
    assert report.figure("first_batch.projects")["noun"] == "project"
