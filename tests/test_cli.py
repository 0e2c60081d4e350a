"""The commands: what they print, and how they refuse, with one clear line and exit status 2."""

import csv
import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from refreshing import REPORT, another, command, edited, zjlib
from typer.testing import CliRunner

from zjlib import read_report, scan
from zjlib.cli import _joined, app, main
from zjlib.compare import compare, counts
from zjlib.errors import BUSY
from zjlib.running.publish import BusyError
from zjlib.running.status import age_in_words, seconds_of

COMMANDS = ["figures", "scan", "check", "compare", "refresh", "text", "indicators", "status", "explore", "app"]


def test_help_names_every_command():
    shown = zjlib("--help").stdout
    assert [name for name in COMMANDS if name in shown] == COMMANDS


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_has_its_help(name):
    done = CliRunner().invoke(app, [name, "--help"])
    assert done.exit_code == 0 and len(done.output.splitlines()) > 5


def test_help_imports_nothing_heavy():
    code = (
        "import sys\nsys.argv = ['zjlib', '--help']\nfrom zjlib.cli import main\ntry: main()\nexcept SystemExit: pass\n"
    )
    code += "print([m for m in ('pandas', 'numpy', 'plotly', 'papermill', 'nbformat', 'jinja2') if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"


def test_figures_as_csv_are_the_reports_figures():
    rows = list(csv.DictReader(io.StringIO(zjlib("figures", "--format", "csv").stdout)))
    assert [row["id"] for row in rows] == list(read_report().figures["id"])
    ids = {row["id"] for row in rows}
    assert all(set(row["inputs"].split()) <= ids for row in rows)


def test_figures_as_json_are_numbers_and_text():
    rows = json.loads(zjlib("figures", "--format", "json").stdout)
    assert {type(row["value"]) for row in rows} <= {float, int, type(None)}
    assert any(row["label_zh"] for row in rows)


def test_scan_writes_one_json_object_a_line_with_offsets_that_hold():
    text = read_report().text
    rows = [json.loads(line) for line in zjlib("scan", REPORT, "--format", "jsonl").stdout.splitlines()]
    assert len(rows) == len(scan(read_report()))
    assert all(text[row["start"] : row["end"]] == row["surface"] for row in rows)


def test_scan_of_a_folder_reads_every_report_and_names_a_broken_one(tmp_path):
    (tmp_path / "a.txt").write_text("It cost 5 million yuan.\n", "utf-8")
    (tmp_path / "b.txt").write_bytes(b"")
    (tmp_path / "notes.xyz").write_text("9 yuan")
    done = zjlib("scan", tmp_path, "--format", "csv")
    assert done.returncode == 1 and "b.txt" in done.stderr and "empty" in done.stderr
    assert [row["report"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["a"]


@pytest.mark.parametrize("ending", ["csv", "jsonl"])
def test_scan_of_a_folder_is_the_same_on_the_screen_and_in_a_file(tmp_path, ending):
    (tmp_path / "in" / "sub").mkdir(parents=True)
    for name, price in (("a.txt", 5), ("sub/a.txt", 6), ("none.txt", "no"), (".hidden.txt", 7)):
        (tmp_path / "in" / name).write_text(f"It cost {price} million yuan.\n", "utf-8")
    shown = zjlib("scan", "in", "--format", ending, cwd=tmp_path).stdout
    zjlib("scan", "in", "-o", f"out.{ending}", cwd=tmp_path)
    assert (tmp_path / f"out.{ending}").read_text("utf-8") == shown
    rows = [*csv.DictReader(io.StringIO(shown))] if ending == "csv" else [*map(json.loads, shown.splitlines())]
    assert [(row["report"], row["file"]) for row in rows] == [("a", "a.txt"), ("a", "sub/a.txt")]


def test_scan_of_several_files_tells_them_apart_and_that_of_one_has_the_columns_of_a_quantity(tmp_path):
    for name in ("a.txt", "a.md"):
        (tmp_path / name).write_text("It cost 5 million yuan.\n", "utf-8")
    shown = pd.read_csv(io.StringIO(zjlib("scan", "a.txt", "a.md", "--format", "csv", cwd=tmp_path).stdout))
    assert list(shown["report"]) == ["a", "a"] and list(shown["file"]) == ["a.txt", "a.md"]
    one = pd.read_csv(io.StringIO(zjlib("scan", "a.txt", "--format", "csv", cwd=tmp_path).stdout))
    assert list(one) == list(scan(read_report())) == list(shown.drop(columns="file"))
    assert "a.md" in zjlib("scan", "a.txt", "a.md", cwd=tmp_path).stdout


def test_scan_all_has_kinds(tmp_path):
    kinds = {
        row["kind"] for row in csv.DictReader(io.StringIO(zjlib("scan", REPORT, "--all", "--format", "csv").stdout))
    }
    assert {"quantity", "date", "ordinal", "name"} <= kinds


@pytest.mark.parametrize("ending", ["csv", "json", "jsonl", "parquet"])
def test_the_ending_of_the_output_file_gives_the_format(tmp_path, ending):
    file = tmp_path / f"figures.{ending}"
    assert zjlib("figures", "-o", file).returncode == 0
    readers = {
        "csv": pd.read_csv,
        "json": pd.read_json,
        "jsonl": lambda f: pd.read_json(f, lines=True),
        "parquet": pd.read_parquet,
    }
    assert list(readers[ending](file)["id"]) == list(read_report().figures["id"])


def test_text_is_what_offsets_refer_to():
    done = subprocess.run(command("text", REPORT), capture_output=True, check=True)
    assert done.stdout.decode("utf-8") == read_report().text


def test_standard_input_is_a_report():
    done = subprocess.run(
        command("scan", "-", "--format", "csv"), input=b"It cost 5 million yuan.", capture_output=True, check=True
    )
    assert b"5 million yuan" in done.stdout


def test_check_ends_with_status_1_when_figures_disagree(tmp_path):
    assert zjlib("check").returncode == 0
    figure = read_report().figure("first_batch.new")
    number = figure["surface"].split()[0]
    done = zjlib("check", "--report", edited(tmp_path / REPORT.name, (f"{number} new", f"{another(number)} new")))
    assert done.returncode == 1 and "FAIL" in done.stdout and "first_batch.sum" in done.stdout


def test_check_ends_with_how_many_hold_and_how_many_do_not_apply():
    *lines, last = zjlib("check").stdout.splitlines()
    assert last == f"{sum(line.startswith('ok ') for line in lines)} hold"


def test_check_of_a_text_of_which_nothing_is_claimed_fails(tmp_path):
    (tmp_path / "hello.txt").write_text("hello world\n", "utf-8")
    done = zjlib("check", "--report", tmp_path / "hello.txt")
    assert done.returncode == 1
    assert "no figure of hello is claimed by the catalogue" in done.stdout
    *lines, last = done.stdout.splitlines()
    marks = [sum(line.startswith(mark) for line in lines) for mark in ("ok ", "FAIL", "n/a")]
    assert last == "{} hold, {} failed, {} not applicable".format(*marks)


def test_check_prints_chinese_where_the_terminal_cannot(tmp_path):
    (tmp_path / "zh.txt").write_text("全省生产总值增长5.2%，新建桥梁12座。", "utf-8")
    done = zjlib("check", "--report", tmp_path / "zh.txt", env={"PYTHONIOENCODING": "cp1252"}, encoding="utf-8")
    assert "12座" in done.stdout and not done.stderr


def test_compare_ranks_what_changed_between_two_reports(tmp_path):
    figure = read_report().figure("first_batch.new")
    number = figure["surface"].split()[0]
    other = edited(tmp_path / REPORT.name, (f"{number} new", f"{another(number)} new"))
    done = zjlib("compare", REPORT, other, "--format", "json")
    changes = {change["id"]: change for change in json.loads(done.stdout)}
    assert changes["first_batch.new"]["old"] == figure["value"]
    assert changes["first_batch.new"]["size"] == "large"
    assert "no figure changed" in zjlib("compare", REPORT, REPORT).stdout


def test_indicators_come_with_their_sentence_and_reports_of_one_name_are_told_apart(tmp_path):
    sentence = "This year GDP is to grow by 4.5 to 5 percent."
    for folder in ("a", "b"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "report.txt").write_text(f"Report of January 10, 2023\n{sentence}\n", "utf-8")
    files = ("a/report.txt", "b/report.txt")
    wide = json.loads(zjlib("indicators", *files, "--format", "json", cwd=tmp_path).stdout)
    assert [row["report"] for row in wide] == list(files)
    lines = zjlib("indicators", "--cells", *files, "--format", "jsonl", cwd=tmp_path).stdout.splitlines()
    rows = [json.loads(line) for line in lines]
    assert {(row["report"], row["surface"], row["sentence"]) for row in rows} == {
        (file, "4.5 to 5 percent", sentence) for file in files
    }
    assert all(row["value"] < row["value_max"] for row in rows)


def test_indicators_that_are_left_out_are_named(tmp_path):
    (tmp_path / "2024-07-20.txt").write_text("In the first half, exports rose 3 percent.\n", "utf-8")
    (tmp_path / "undated.txt").write_text("GDP reached 4.2 trillion yuan in 2024.\n", "utf-8")
    told = zjlib("indicators", tmp_path).stderr.splitlines()
    assert "2024-07-20: nothing of 2023" in told[0] and "exports.growth 3 percent (2024-01/2024-06)" in told[0]
    assert "undated: no date" in told[1] and "gdp.level 4.2 trillion yuan" in told[1]


def test_figures_of_a_text_that_the_catalogue_does_not_know_say_so(tmp_path):
    (tmp_path / "a.txt").write_text("The orchestra played for 90 minutes.\n", "utf-8")
    done = zjlib("figures", "--report", tmp_path / "a.txt")
    assert "claims none of its 1 quantities; `zjlib scan` lists them" in done.stderr


def test_the_exit_status_of_an_error_is_its_own(monkeypatch, capsys):
    def busy():
        raise BusyError("another one")

    monkeypatch.setattr("zjlib.cli.app", lambda words: busy())
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == BUSY and capsys.readouterr().err == "zjlib: another one\n"


def test_a_file_whose_name_is_no_text_is_read(tmp_path):
    name = os.fsdecode(os.fsencode(tmp_path) + b"/\xff.txt")
    try:
        Path(name).write_text("It cost 5 million yuan.\n", "utf-8")
    except OSError:
        pytest.skip("this file system takes no such name")
    done = zjlib("scan", tmp_path, "--format", "csv")
    assert [row["report"] for row in csv.DictReader(io.StringIO(done.stdout))] == ["\\udcff"]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["figures", "--report", "none.txt"], "none.txt: no such file"),
        (["scan", "none.txt"], "none.txt: no such file"),
        (["scan", "{folder}/empty"], "no report in this folder"),
        (["scan", "{folder}", "{folder}/empty", "-o", "{folder}/out"], "empty: no report in this folder"),
        (["scan", "-", "-o", "{folder}"], "write it into one file"),
        (["figures", "--format", "xml"], "expected one of table, csv"),
        (["figures", "--format", "parquet"], "name a file with -o"),
        (["figures", "-o", "{folder}/no/such.csv"], "can't be written"),
        (["compare", "{folder}", "{folder}"], "no figures.json in it"),
        (["compare", "{folder}/a.txt", "{folder}/a.txt"], "neither has a figure of the catalogue"),
        (["figures", "-o", "figures"], "name a file that ends in .csv"),
        (["refresh", "-p", "currency", "USD", "-p", "rate", "6.8", "-p", "rate_date", "soon"], "expected a day"),
        (["refresh", "-p", "language"], "a value was expected"),
        (["refresh", "-p", "language", "fr"], "expected one of en, zh"),
        (["refresh", "-p", "currency", "USD"], "needs rate="),
        (["refresh", "--notebook", "09_none"], "no such notebook"),
        (["refresh", "--notebooks", "{folder}"], "no notebook there"),
        (["refresh", "--fail-on", "huge"], "expected large, moderate or small"),
        (["refresh", "--log-format", "xml"], "expected text or json"),
        (["refresh", "--report", "a", "--inbox", "b"], "give one of them"),
        (["status", "--max-age", "soon"], "such as 36h"),
        (["figures", "--reprot", "x"], "No such option"),
    ],
)
def test_bad_arguments_end_in_one_clear_line_and_status_2(tmp_path, arguments, said):
    (tmp_path / "a.txt").write_text("The orchestra played for 90 minutes.\n", "utf-8")
    (tmp_path / "empty").mkdir()
    done = zjlib(*(argument.format(folder=tmp_path) for argument in arguments), cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr and "Traceback" not in done.stderr


def test_a_reader_that_stops_early_is_no_error():
    script = subprocess.run(
        [
            "bash",
            "-o",
            "pipefail",
            "-c",
            f'"{sys.executable}" -c "from zjlib.cli import main; main()" scan "{REPORT}" --format csv | head -1',
        ],
        capture_output=True,
        text=True,
    )
    assert "Traceback" not in script.stderr and script.stdout.startswith("report,")


def test_a_parameter_is_two_words_or_one_with_an_equals_sign():
    assert _joined(["refresh", "-p", "language", "zh", "-p", "rate=7.1", "--force"]) == [
        "refresh", "-p", "language=zh", "-p", "rate=7.1", "--force",
    ]  # fmt: skip


def test_status_of_a_folder_with_no_success_is_1(tmp_path):
    done = zjlib("status", "--out", tmp_path)
    assert done.returncode == 1 and "no refresh has succeeded yet" in done.stdout


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("90m", 5400), ("36h", 129600), ("7d", 604800), ("1.5 w", 907200)]
)
def test_an_age_is_a_number_and_a_unit(text, seconds):
    assert seconds_of(text) == seconds


def test_no_unit_is_no_age():
    assert seconds_of("7") is None and seconds_of("-7d") is None


def test_an_age_in_words():
    assert [age_in_words(s) for s in (5, 90, 7200, 200000)] == ["5 seconds", "1 minute", "2 hours", "2 days"]


def figure(id, value, **facts):
    return {"id": id, "label": id, "value": value, "unit": "CNY", "qualifier": "exact", "period": "2022"} | facts


def test_changes_are_ranked_large_moderate_small():
    old = [figure("a", 100), figure("b", 100), figure("c", 100), figure("d", 100), figure("e", 100), figure("f", 100)]
    new = [
        figure("a", 100.5),
        figure("b", 105),
        figure("c", 150),
        figure("d", 100),
        figure("e", 100, period="2023"),
        figure("g", 1),
    ]
    changes = compare(old, new)
    assert [(c["id"], c["change"], c["size"]) for c in changes] == [
        ("f", "gone", "large"), ("g", "added", "large"), ("c", "changed", "large"),
        ("b", "changed", "moderate"), ("e", "changed", "moderate"), ("a", "changed", "small"),
    ]  # fmt: skip
    assert changes[2]["relative"] == pytest.approx(0.5)
    assert counts(changes) == "4 changed, 1 added, 1 gone; 3 of them large"


def test_a_figure_that_is_no_longer_stated_is_a_large_change():
    [change] = compare([figure("a", 100)], [figure("a", None)])
    assert (change["size"], change["relative"]) == ("large", None)


def test_what_else_differs_is_told_with_old_and_new():
    [change] = compare([figure("a", 100)], [figure("a", 100, period="2023")])
    assert change["also"] == ["period 2022 → 2023"]


def test_the_upper_end_of_a_range_is_shown(tmp_path):
    (tmp_path / "a.txt").write_text("Growth will be 4.5 to 5 percent.\n", "utf-8")
    head, row = zjlib("scan", tmp_path / "a.txt").stdout.splitlines()
    end = head.index("value_max") + len("value_max")
    assert row[:end].endswith(" 5") and "4.5" in row


def test_growth_that_turns_into_a_decline_is_a_large_change():
    rate = {"unit": "%", "low": 3.05, "high": 3.15}
    [change] = compare([figure("a", 3.1, direction="up", **rate)], [figure("a", 3.1, direction="down", **rate)])
    assert (change["old"], change["new"], change["size"]) == (3.1, -3.1, "large")


def test_nothing_changed():
    assert compare([figure("a", 1)], [figure("a", 1)]) == [] and counts([]) == "no figure changed"
