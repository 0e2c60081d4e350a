import shutil

import pytest

from zjlib.outcomes import CorrectionError, corrections, outcomes
from zjlib.paths import data_dir
from zjlib.story.later import within_digits


@pytest.fixture
def folder(tmp_path):
    for name in ("outcomes.csv", "sources.csv", "corrections.toml"):
        shutil.copy(data_dir() / name, tmp_path)
    return tmp_path


def test_every_outcome_has_its_source():
    table = outcomes()
    assert len(table) > 50
    assert table["what"].notna().all()
    assert table["value"].notna().all()


def test_a_correction_is_applied_and_the_printed_value_kept():
    [declared] = corrections()
    [row] = outcomes().dropna(subset=["correction"]).to_dict("records")
    assert row["value"] == declared["corrected"]
    assert row["printed"] == declared["expect"]
    assert (row["correction"], row["correction_zh"]) == (declared["reason"], declared["reason_zh"])


def test_an_outcome_keeps_the_digits_that_its_source_prints_and_says_what_it_counts():
    table = outcomes()
    assert "6.0" in set(table.query("measure == 'gdp_growth'")["surface"])
    assert table.query("unit == 'CNY'")["surface"].isna().all()
    assert set(table.loc[table["unit"] == "count", "noun"]) == {"project"}
    assert table.loc[table["unit"] != "count", "noun"].isna().all()


def test_what_is_done_to_the_outcomes_does_not_reach_the_next_who_asks():
    table = outcomes()
    table.loc[0, "value"] = -1.0
    table["more"] = 1
    assert outcomes()["value"].min() > 0
    assert "more" not in outcomes().columns


def test_the_correction_agrees_with_the_rate_and_the_plan_of_the_same_source():
    table = outcomes().query("subject == 'programme' and source == 'D'").set_index("measure")["value"]
    implied = table["planned_investment_full_plan"] * table["completion_rate"] / 100
    assert table["completed_investment"] == pytest.approx(implied, rel=0.001)


def test_a_correction_fails_loudly_once_the_source_is_mended(folder):
    [declared] = corrections()
    text = (folder / "outcomes.csv").read_text(encoding="utf-8")
    (folder / "outcomes.csv").write_text(
        text.replace(str(declared["expect"]), str(declared["corrected"])), encoding="utf-8"
    )
    with pytest.raises(CorrectionError, match="may have been mended: remove or update this correction"):
        outcomes(folder)


def test_a_correction_of_a_row_that_is_gone_fails_loudly(folder):
    [declared] = corrections()
    lines = (folder / "outcomes.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (folder / "outcomes.csv").write_text(
        "".join(line for line in lines if str(declared["expect"]) not in line), encoding="utf-8"
    )
    with pytest.raises(CorrectionError, match="matches 0 rows"):
        outcomes(folder)


def test_a_later_count_is_just_itself_and_a_later_amount_has_its_printed_digits():
    count, amount = ({"unit": unit, "value": 12.0, "qualifier": "exact"} for unit in ("count", "CNY"))
    assert (within_digits(count)["low"], within_digits(count)["high"]) == (12, 12)
    assert (within_digits(amount)["low"], within_digits(amount)["high"]) == (11.5, 12.5)
