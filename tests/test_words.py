"""Figures in words. The figures here are made up; none is a report's."""

import math
import re
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from zjlib.drawing.digits import known_step
from zjlib.drawing.words import Axis, Wording, open_above, stated


def figure(value: Any, unit: str = "CNY", surface: str | None = None, **more: Any) -> dict[str, Any]:
    return {"value": value, "unit": unit, "surface": surface, "qualifier": "exact", **more}


EN, ZH = Wording("en"), Wording("zh")


@pytest.mark.parametrize(
    ("row", "en", "zh"),
    [
        (figure(912.6e9, surface="912.6 billion yuan"), "912.6 billion yuan", "9,126亿元"),
        (figure(5.31e12, surface="5.31 trillion yuan"), "5.31 trillion yuan", "5.31万亿元"),
        (figure(1.2345e12, surface="1,234.5 billion yuan"), "1,234.5 billion yuan", "12,345亿元"),
        (figure(3e12, surface="3 trillion yuan", qualifier="more_than"), "more than 3 trillion yuan", "超过3万亿元"),
        (figure(7e8, surface="700 million yuan"), "700 million yuan", "7亿元"),
        (figure(36e9, surface="36 billion yuan", qualifier="at_least"), "at least 36 billion yuan", "不低于360亿元"),
        (figure(20000, "count", "20,000", qualifier="about", noun="company"), "about 20,000 companies", "约2万家企业"),
        (figure(634, "count", "634", noun="project"), "634 projects", "634个项目"),
        (figure(1, "count", "1", noun="project"), "1 project", "1个项目"),
        (figure(12.0, "%", "12.0%"), "12.0%", "12.0%"),
        (figure(0.4, "pp", "0.4 pct"), "0.4 percentage points", "0.4个百分点"),
        (figure(6, "%", "6 to 6.5 percent", value_max=6.5), "6 to 6.5%", "6至6.5%"),
        (figure(2.1e12, surface="2.1万亿元"), "2.1 trillion yuan", "2.1万亿元"),
        (
            figure(8e11, "CNY/year", "800 billion yuan", qualifier="more_than"),
            "more than 800 billion yuan a year",
            "每年超过8,000亿元",
        ),
    ],
)
def test_a_figure_is_said_with_its_bound_unit_and_printed_digits(row: dict[str, Any], en: str, zh: str) -> None:
    assert EN.say(row) == en
    assert ZH.say(row) == zh


@pytest.mark.parametrize("missing", [None, math.nan])
def test_what_is_not_stated_is_said_so_in_every_form(missing: Any) -> None:
    for form in ("full", "amount", "bare", "value", "symbol", "signed"):
        assert EN.say(figure(missing), form) == "not stated"
        assert ZH.say(figure(missing), form) == "未载明"


def test_what_can_not_be_worked_out_is_said_so() -> None:
    row = figure(None, formula="trade.total.level / gdp.level * 100")
    assert (EN.say(row), ZH.say(row)) == ("not worked out", "未推算")


def test_forms_leave_out_bound_unit_or_both() -> None:
    row = figure(3e12, surface="3 trillion yuan", qualifier="more_than")
    said = [EN.say(row, form) for form in ("amount", "bare", "value", "symbol")]
    assert said == ["3 trillion yuan", "more than 3 trillion", "3", "> 3 trillion yuan"]


def test_chinese_sets_no_space_after_a_sign() -> None:
    row = figure(8e11, "CNY/year", "800 billion yuan", qualifier="more_than")
    assert ZH.say(row, "symbol") == "每年>8,000亿元"


def test_the_number_of_a_count_keeps_its_scale() -> None:
    row = figure(425000, "count", "425,000", noun="company")
    assert (EN.say(row, "value"), ZH.say(row, "value"), ZH.say(row, "digits")) == ("425,000", "42.5万", "42.5")


def test_a_fall_is_signed_with_a_minus() -> None:
    assert EN.say(figure(2.5, "%", "2.5%", direction="down"), "signed") == "−2.5%"
    assert EN.say(figure(2.5, "%", "2.5%", direction="up"), "signed") == "+2.5%"


def test_a_decline_is_negative_in_every_form() -> None:
    row = figure(2.5, "%", "2.5%", direction="down", low=2.45, high=2.55, value_max=3.5)
    assert EN.say(row) == "−2.5 to −3.5%"
    assert EN.position(row, Axis(1, "")) == -2.5
    assert EN.say({**row, "basis": "share", "value_max": None}) == "2.5%"


def test_what_is_printed_in_another_unit_keeps_its_value() -> None:
    assert EN.say(figure(21, "day", "3 weeks")) == "21 days"
    assert EN.say(figure(2.5, "kg", "5斤")) == "2.5 kg"


def test_a_plural_is_spelled_as_its_end_asks() -> None:
    assert [EN.say(figure(5, "count", "5", noun=noun)) for noun in ("business", "batch", "box", "city", "bay")] == [
        "5 businesses", "5 batches", "5 boxes", "5 cities", "5 bays",
    ]  # fmt: skip


def test_a_derived_figure_has_only_the_digits_that_its_interval_supports() -> None:
    wide = figure(6.2817e12, low=6.274e12, high=6.289e12, formula="a / b")
    wider = figure(6.2817e12, low=6.1e12, high=6.4e12, formula="a / b")
    assert EN.say(wide) == "6.28 trillion yuan"
    assert EN.say(wider) == "6.3 trillion yuan"


def derived(value: float, low: float, high: float, unit: str = "%", **more: Any) -> dict[str, Any]:
    return figure(value, unit, low=low, high=high, formula="a / b", **more)


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (derived(72.34, 70.48, 74.24), "72%"),  # 70 would lie outside
        (derived(13.8, 12.8, 14.8), "14%"),
        (derived(63.29, 63.11, 63.48), "63.3%"),
        (derived(5.42e11, 5.396e11, 5.445e11, "CNY"), "540 billion yuan"),
        (derived(47.646, 47.644, 47.648), "47.6%"),  # all of it is rounded so
        (derived(5.5496e9, 5.5493e9, 5.5502e9, "CNY"), "5.55 billion yuan"),
        (derived(5.5498e9, 5.5496e9, 5.5501e9, "CNY"), "5.55 billion yuan"),
        (derived(5.5449e9, 5.5447e9, 5.5451e9, "CNY"), "5.54 billion yuan"),
        (derived(5.5449e9, 5.5419e9, 5.5479e9, "CNY"), "5.545 billion yuan"),
        (derived(3.0351e12, 3.0293e12, 3.0408e12, "CNY"), "3.04 trillion yuan"),
    ],
)
def test_a_derived_figure_is_said_with_the_fewest_digits_that_its_interval_holds(
    row: dict[str, Any], said: str
) -> None:
    assert EN.say(row) == said


@settings(max_examples=300, deadline=None)
@given(st.floats(1, 1e5), st.floats(1e-7, 0.2))
def test_no_derived_figure_is_said_as_a_number_that_its_interval_excludes(value: float, part: float) -> None:
    row = derived(value, value * (1 - part), value * (1 + part))
    said, step = [float(number.replace(",", "")) for number in re.findall(r"[\d,.]+", EN.say(row))], known_step(row)
    if len(said) == 1:
        within = row["low"] <= said[0] <= row["high"]
        all_rounded_so = said[0] - step / 2 <= row["low"] and row["high"] <= said[0] + step / 2
        far_more_known = row["high"] - row["low"] < step / 10
        assert within or (step <= value / 100 and (all_rounded_so or far_more_known)), (EN.say(row), row)


def test_a_derived_figure_of_which_too_little_is_known_is_said_as_a_range() -> None:
    assert EN.say(derived(75.5, 70.6, 80.4)) == "71 to 80%"
    assert ZH.say(derived(0.2e12, -0.1e12, 0.5e12, "CNY")) == "−1,000至5,000亿元"


def test_a_derived_range_is_said_with_the_digits_that_tell_its_ends_apart() -> None:
    row = derived(4.2493e12, 4.2492e12, 4.3494e12, "CNY", value_max=4.3493e12)
    assert (EN.say(row), ZH.say(row)) == ("4.25 to 4.35 trillion yuan", "4.25至4.35万亿元")
    assert EN.say(derived(47.872, 47.871, 49.0, value_max=48.999)) == "47.9 to 49.0%"


def test_a_derived_bound_is_rounded_to_the_side_that_stays_true() -> None:
    above = figure(176.78, "%", qualifier="more_than", low=176.7, high=math.nan, formula="a / b")
    below = figure(43.22, "%", qualifier="less_than", low=0, high=43.25, formula="a / b")
    assert EN.say(above) == "more than 176%"
    assert EN.say(below) == "less than 43.3%"


def test_dollars_need_a_rate_and_its_day() -> None:
    with pytest.raises(ValueError, match=r"rate=.*rate_date="):
        Wording(currency="USD")
    dollars = Wording(currency="USD", rate=6.4, rate_date="2020-06-30")
    assert dollars.say(figure(640e9, surface="640 billion yuan")) == "100 billion US dollars"
    assert dollars.say(figure(12.0, "%", "12.0%")) == "12.0%"


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (figure(912.6e9, surface="912.6 billion yuan", low=912.55e9, high=912.65e9), "134.2 billion US dollars"),
        (figure(1.4e12), "210 billion US dollars"),
        (figure(9e9, surface="9 billion yuan", low=8.5e9, high=9.5e9), "1.3 billion US dollars"),
        (figure(1e12, surface="1 trillion yuan", qualifier="more_than", low=1e12), "more than 147 billion US dollars"),
        (figure(27200.0, "CNY/firm", low=26990.0, high=27320.0, formula="a / b"), "4,000 US dollars a firm"),
    ],
)
def test_dollars_have_no_more_digits_than_the_yuan_or_their_interval(row: dict[str, Any], said: str) -> None:
    assert Wording(currency="USD", rate=6.8, rate_date="2020-06-30").say(row) == said


def test_a_scale_that_is_asked_for_holds_for_all_money() -> None:
    row = figure(5.31e12, surface="5.31 trillion yuan")
    assert Wording(scale="billion yuan").say(row) == "5,310 billion yuan"
    assert Wording("zh", scale="亿元").say(row) == "53,100亿元"


def test_a_scale_is_not_for_what_is_far_below_it_nor_for_what_is_told_of_each() -> None:
    small, each = (
        figure(5e8, surface="500 million yuan"),
        figure(27e3, "CNY/firm", low=26.9e3, high=27.2e3, formula="a / b"),
    )
    wording = Wording(scale="trillion")
    assert [wording.say(row) for row in (small, each)] == ["500 million yuan", "27,000 yuan a firm"]
    assert Wording("zh", scale="万亿").say(each) == "每户2.7万元"
    assert wording.say(figure(4.4e10, surface="44 billion yuan")) == "0.044 trillion yuan"
    assert wording.say(figure(8e11, "CNY/year", surface="800 billion yuan")) == "0.8 trillion yuan a year"


@pytest.mark.parametrize("wrong", [{"language": "fr"}, {"currency": "EUR"}, {"scale": "zillion"}])
def test_an_unknown_wording_is_an_error_that_names_what_is_expected(wrong: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="expected"):
        Wording(**wrong)  # type: ignore[arg-type]


def test_an_unknown_form_is_an_error() -> None:
    with pytest.raises(ValueError, match="expected one of"):
        EN.say(figure(1), "loud")


def test_the_interval_is_that_of_the_printed_digits() -> None:
    assert (
        EN.interval(figure(912.6e9, surface="912.6 billion yuan", low=912.55e9, high=912.65e9))
        == "912.55 to 912.65 billion yuan"
    )


def test_an_open_interval_has_the_word_of_its_bound() -> None:
    derived = figure(239e9, formula="a - b", low=238.4e9, high=math.nan)
    assert EN.interval({**derived, "qualifier": "more_than"}) == "more than 238.4 billion yuan"
    assert ZH.interval({**derived, "qualifier": "at_least"}) == "不低于2,384亿元"


@pytest.mark.parametrize("bound", ["more_than", "at_least"])
def test_an_interval_does_not_say_a_figure_s_own_words_again(bound: str) -> None:
    row = figure(3e12, surface="3 trillion", qualifier=bound, low=3e12, high=math.nan)
    assert EN.interval(row) == ZH.interval(row) == ""


def test_a_whole_count_has_no_interval() -> None:
    assert EN.interval(figure(634, "count", "634", low=633.5, high=634.5)) == ""


def test_an_axis_takes_the_scale_of_its_largest_figure() -> None:
    rows = [figure(912.6e9, surface="912.6 billion yuan"), figure(None)]
    axis = EN.axis(rows)
    assert axis == Axis(1e9, "billion yuan")
    assert [EN.position(row, axis) for row in rows] == [912.6, None]
    assert ZH.axis(rows) == Axis(1e8, "亿元")


@pytest.mark.parametrize(
    ("period", "en", "zh"),
    [
        ("2031", "2031", "2031年"),
        ("2031-12", "December 2031", "2031年12月"),
        ("2031/2035", "2031 to 2035", "2031年至2035年"),
        ("2031-02-07", "7 February 2031", "2031年2月7日"),
        (None, "not stated", "未载明"),
    ],
)
def test_a_period_in_words(period: str | None, en: str, zh: str) -> None:
    assert (EN.period(period), ZH.period(period)) == (en, zh)


def test_a_table_s_own_value_has_the_digits_that_stand_in_it() -> None:
    assert known_step({"value": 1.4e12}) == pytest.approx(1e11)
    assert known_step({"value": 98.9}) == pytest.approx(0.1)


def test_open_ends_are_those_of_more_than_and_at_least() -> None:
    bounds = ("exact", "more_than", "at_least", "less_than", "about")
    assert [bound for bound in bounds if open_above({"qualifier": bound})] == ["more_than", "at_least"]


def test_zero_is_stated_and_nan_is_not() -> None:
    assert stated(0)
    assert not stated(math.nan)
