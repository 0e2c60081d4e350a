import math

import pytest

from zjlib.formulas import FormulaError, Interval, evaluate, expand, inputs, relation, signed

NEAR = {
    "a.x": Interval(2, 1.5, 2.5),
    "a.y": Interval(4, 3.5, 4.5),
    "over": Interval(10, 10, math.inf),
    "none": Interval(0, 0, 0),
}


def test_a_formula_has_the_value_of_its_figures_values():
    assert evaluate("(a.x + a.y) / 2 - 1", NEAR).value == 2


def test_the_interval_spans_what_the_inputs_allow():
    assert evaluate("a.x + a.y", NEAR) == Interval(6, 5, 7)
    assert evaluate("a.x - a.y", NEAR) == Interval(-2, -3, -1)
    assert evaluate("a.x / a.y", NEAR) == Interval(0.5, 1.5 / 4.5, 2.5 / 3.5)


def test_an_input_that_stands_twice_is_the_same_number_in_both_places():
    assert evaluate("a.x - a.x", NEAR) == Interval(0, 0, 0)
    assert evaluate("a.x / (a.x + 1)", NEAR) == Interval(2 / 3, 0.6, 2.5 / 3.5)


def test_an_open_input_leaves_the_result_open_on_its_side():
    assert evaluate("over - a.x", NEAR) == Interval(8, 7.5, math.inf)
    assert evaluate("a.x - over", NEAR) == Interval(-8, -math.inf, -7.5)
    assert evaluate("a.x / over", NEAR) == Interval(0.2, 0, 0.25)


def test_of_two_open_ends_the_difference_is_unbounded():
    for low in range(16):  # whichever end comes first of a set
        open_end = Interval(low, low, math.inf)
        assert evaluate("a - b", {"a": open_end, "b": open_end}) == Interval(0, -math.inf, math.inf)


def test_a_quotient_by_zero_is_infinite_and_not_an_error():
    assert evaluate("a.x / none", NEAR).value == math.inf


def test_a_quotient_by_what_may_be_on_either_side_of_zero_is_unbounded():
    one = Interval(1, 1, 1)
    for low, high in ((-1, 3), (0, 3), (-1, 0)):
        assert evaluate("a / b", {"a": one, "b": Interval(1, low, high)}) == Interval(1, -math.inf, math.inf)
    assert evaluate("1 + a / (b - a)", {"a": one, "b": Interval(2, 0, 4)}) == Interval(2, -math.inf, math.inf)
    assert evaluate("a / b", {"a": one, "b": Interval(1, 0.5, 2)}) == Interval(1, 0.5, 2)


def test_inputs_are_named_once_in_their_order():
    assert inputs("a.y * a.x + a.y == over") == ("a.y", "a.x", "over")


def test_a_derived_id_is_expanded_down_to_stated_figures():
    definitions = {"twice": "a.x * 2", "more": "twice + a.y"}
    assert evaluate(expand("more / 2", definitions), NEAR).value == 4
    assert set(inputs(expand("more / 2", definitions))) == {"a.x", "a.y"}


def test_a_comparison_is_told_apart_into_sides_and_sign():
    assert relation("a.x + 1 <= over") == ("a.x + 1", "<=", "over")


@pytest.mark.parametrize(
    "formula",
    ["__import__('os')", "a.x ** 2", "a[0]", "'text'", "a < b < c", "True", "(a < b) + 1", "lambda: 1", "a +"],
)
def test_what_is_not_arithmetic_over_ids_is_refused(formula):
    with pytest.raises(FormulaError, match="formula"):
        inputs(formula)


def test_equal_means_that_the_intervals_meet_and_below_that_it_is_sure():
    assert Interval(2, 1.5, 2.5).meets(Interval(3, 2.5, 3.5))
    assert not Interval(2, 1.5, 2.4).meets(Interval(3, 2.5, 3.5))
    assert Interval(2, 1.5, 2.4).surely_below(Interval(3, 2.5, math.inf))
    assert not Interval(2, 1.5, 2.5).surely_below(Interval(2.4, 2.4, math.inf))
    assert Interval(2, 2, 2).surely_below(Interval(2, 2, 2), or_equal=True)


def test_a_decline_is_a_negative_number_with_its_ends_the_other_way_round_and_a_share_never_is():
    fall = {"value": 2.0, "value_max": None, "low": 1.5, "high": None, "unit": "%", "direction": "down", "basis": None}
    assert signed(fall) == fall | {"value": -2.0, "low": None, "high": -1.5, "direction": None}
    for basis in ("share", "contribution"):
        assert signed(fall | {"basis": basis}) == fall | {"basis": basis}


def test_a_contribution_is_negative_by_the_minus_in_front_of_it_and_by_nothing_else():
    told = {"value": 2.0, "value_max": None, "low": 1.5, "high": 2.5, "unit": "%", "direction": None}
    given = told | {"basis": "contribution"}
    for surface in ("-2.0%", "\N{MINUS SIGN}2.0%"):
        negative = signed(given | {"surface": surface})
        assert (negative["value"], negative["low"], negative["high"]) == (-2.0, -2.5, -1.5)
        assert signed(negative) == negative
    for other in (
        {"surface": "2.0%"},
        {"surface": "2.0%", "direction": "down"},
        {"surface": "-2.0%", "basis": "share"},
    ):
        assert signed(given | other)["value"] == 2.0
