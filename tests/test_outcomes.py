import shutil

import pytest

from zjlib.outcomes import CorrectionError, corrections, outcomes
from zjlib.paths import data_dir


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
    assert row["correction"] == declared["reason"]


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
