"""What counts as a change of a figure: its value, and whatever else changes its meaning, each told once."""

import json

import pytest
from refreshing import REPORT, another, edited, zjlib

from zjlib import read_report
from zjlib.compare import besides, compare, side
from zjlib.drawing.words import Wording

FACTS = {
    "unit": "CNY",
    "noun": "project",
    "per": None,
    "qualifier": "exact",
    "direction": None,
    "basis": None,
    "period": "2022",
    "nature": "actual",
    "low": 99.5,
    "high": 100.5,
    "value_max": None,
}
RATE = FACTS | {"unit": "%", "basis": "yoy", "low": 3.05, "high": 3.15}


def figure(value=100.0, facts=FACTS, **more):
    return {"id": "a", "label": "A", "value": value} | facts | more


@pytest.mark.parametrize(
    ("key", "other", "told"),
    [
        ("unit", "USD", "unit CNY → USD"),
        ("noun", "company", "noun project → company"),
        ("per", "year", "per none → year"),
        ("qualifier", "about", "qualifier exact → about"),
        ("direction", "down", "direction none → down"),
        ("basis", "share", "basis none → share"),
        ("period", "2023", "period 2022 → 2023"),
        ("nature", "planned", "nature actual → planned"),
        ("value_max", 120.0, "value_max none → 120"),
        ("low", 50.0, "low 99.5 → 50"),
        ("high", None, "high 100.5 → none"),
    ],
)
def test_whatever_changes_the_meaning_of_a_figure_is_a_change(key, other, told):
    [change] = compare([figure()], [figure(**{key: other})])
    assert (change["change"], change["also"], change["size"]) == ("changed", [told], "moderate")
    assert compare([figure(**{key: other})], [figure(**{key: other})]) == []


def test_a_small_change_of_a_value_with_another_meaning_is_moderate():
    sizes = [compare([figure()], [figure(100.1, **more)])[0]["size"] for more in ({}, {"basis": "share"})]
    assert sizes == ["small", "moderate"]


def test_each_thing_that_a_figure_knows_of_its_meaning_is_compared():
    known = set(read_report(REPORT).figures.columns)
    place_in_text = {"report", "start", "end", "surface", "sentence", "paragraph", "sha256"}
    # What it is follows from its id, by the catalogue.
    what_it_is = {"id", "label", "label_zh", "topic", "area", "place", "formula", "inputs"}
    assert set(FACTS) == known - place_in_text - what_it_is - {"value"}


def test_growth_that_turns_is_told_by_its_sign_and_not_once_more_as_direction():
    up, down = figure(3.1, RATE, direction="up"), figure(3.1, RATE, direction="down")
    for old, new, values in ((up, down, (3.1, -3.1)), (down, up, (-3.1, 3.1))):
        [change] = compare([old], [new])
        assert (change["old"], change["new"]) == values
        assert change["also"] == []


def test_growth_that_is_no_growth_any_more_is_told():
    [change] = compare([figure(3.1, RATE, direction="up")], [figure(3.1, RATE)])
    assert change["also"] == ["direction up → none"]


def test_a_bound_that_moves_with_its_value_is_not_told_beside_it():
    for more in ({}, {"qualifier": "more_than", "high": None}):
        [change] = compare([figure()], [figure(200.0, low=199.5, **{"high": 200.5} | more)])
        assert not [told for told in change["also"] if told.startswith(("low", "high"))]


def test_growth_over_another_year_is_a_change(tmp_path):
    growth = read_report(REPORT).figure("gdp.growth")
    text = REPORT.read_text("utf-8")
    other = growth["sentence"].replace("over the previous year", "over 2019")
    assert other != growth["sentence"]
    (tmp_path / REPORT.name).write_text(text.replace(growth["sentence"], other), "utf-8")
    [change] = json.loads(zjlib("compare", REPORT, tmp_path / REPORT.name, "--format", "json").stdout)
    assert (change["id"], change["also"]) == ("gdp.growth", [f"basis {growth['basis']} → none"])


@pytest.mark.parametrize(
    ("old", "new", "points", "size"),
    [(14.0, 15.5, 1.5, "moderate"), (14.0, 14.3, 0.3, "small"), (-3.1, 9.9, 13.0, "large")],
)
def test_a_percentage_moves_by_points_and_its_size_goes_by_them(old, new, points, size):
    [change] = compare([figure(old, RATE, surface=f"{old}%")], [figure(new, RATE, surface=f"{new}%")])
    assert (change["points"], change["relative"], change["size"]) == (points, None, size)
    assert Wording().moved(change) == f"+{points} percentage points"
    assert Wording("zh").moved(change) == f"+{points}个百分点"


def derived(value, half, facts=RATE):
    return figure(value, facts, formula="a / b", low=value - half, high=value + half)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        (figure(500.0, surface="500.0"), figure(450.0, surface="450.0"), "−10.0%"),
        (figure(100.0), figure(90.0), "−10%"),
        (figure(833.7, surface="833.7"), figure(833.8, surface="833.8"), "+0.01%"),
        (derived(421.2, 2.0, FACTS), derived(439.1, 2.1, FACTS), "+4%"),
        (derived(73.2906, 0.1), derived(74.1429, 0.05), "+0.9 percentage points"),
        (figure(124.0, surface="124"), figure(100.0, surface="100 to 120", value_max=120.0), "−19.4 to −3.2%"),
        (figure(3.1, RATE, surface="3.1%"), figure(3.0, RATE, surface="3 to 3.5%", value_max=3.5), "−0.1 to 0.4 percentage points"),
    ],
)  # fmt: skip
def test_a_move_has_the_digits_that_both_values_have(old, new, said):
    [change] = compare([old], [new])
    assert Wording().moved(change) == said


def test_the_other_end_of_a_range_is_not_told_beside_the_range():
    [change] = compare([figure(124.0, surface="124")], [figure(100.0, value_max=120.0, basis="share")])
    assert besides(change) == ["basis none → share"]


def test_a_move_that_the_digits_hide_is_told_as_that():
    old, new = (derived(value, 2.1, FACTS) for value in (420.2, 421.1))
    [change] = compare([old], [new])
    assert (Wording().moved(change), Wording("zh").moved(change)) == ("less than these digits show", "小于所示位数")
    [change] = compare([figure()], [figure(period="2023")])
    assert Wording().moved(change) == ""


def test_the_table_on_the_screen_says_a_percentage_as_it_is_printed(tmp_path):
    growth = read_report(REPORT).figure("trade.exports.growth")
    other = edited(tmp_path / "other.txt", (growth["surface"], f"{growth['value'] + 1:.1f}%"))
    assert growth["value"] == int(growth["value"]) and "." in growth["surface"]
    told = zjlib("compare", REPORT, other).stdout
    [row] = [line for line in told.splitlines() if line.startswith("trade.exports.growth ")]
    assert growth["surface"] in row.split() and "percentage point" in row


def test_what_is_gone_and_added_stands_before_every_change_of_a_value():
    old = [figure(1.0, id="doubled"), figure(1.0, id="gone"), figure(id="unsaid"), figure(id="stays")]
    new = [
        figure(2.0, id="doubled"),
        figure(5.0, id="added"),
        figure(None, id="unsaid"),
        figure(id="stays", noun="firm"),
    ]
    changes = compare(old, new)
    assert [c["id"] for c in changes] == ["gone", "added", "unsaid", "doubled", "stays"]


def test_both_values_are_said_with_the_bound_range_and_unit_that_each_has():
    [change] = compare([figure(400.0, qualifier="more_than")], [figure(4.5, RATE, value_max=5.0, qualifier="about")])
    assert Wording().say(side(change, "old")) == "more than 400 yuan"
    assert Wording().say(side(change, "new")) == "about 4.5 to 5%"


def test_a_derived_bound_is_said_as_its_own_figure_says_it():
    derived = figure(104.2, qualifier="more_than", formula="b / c", low=101.3, high=None)
    [change] = compare([derived], [figure(derived["value"] * 2, formula="b / c")])
    assert Wording().say(side(change, "old")) == Wording().say(derived)


def test_the_table_on_the_screen_says_the_bounds(tmp_path):
    burden = read_report(REPORT).figure("relief.burden")
    assert burden["qualifier"] == "more_than"
    number = burden["surface"].split()[0]
    other = edited(tmp_path / "other.txt", (burden["surface"], burden["surface"].replace(number, another(number))))
    told = zjlib("compare", REPORT, other).stdout
    [row] = [line for line in told.splitlines() if line.startswith("relief.burden ")]
    assert row.count("more than") == 2
