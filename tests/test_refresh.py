"""Refresh: from a report to a published site, its record, its parameters, its comparison with the last run."""

import csv
import getpass
import json
import re
import shutil
from pathlib import Path

import pytest
from refreshing import CHART, OF_THE_MOMENT, REPORT, another, content, edited, notebook, zjlib

from zjlib import read_report
from zjlib.refresh import examine, refresh
from zjlib.running.execute import parameters_of
from zjlib.running.inputs import InputError, Options, typed
from zjlib.running.publish import ForeignError, Output
from zjlib.running.status import state


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    notebook(folder, "00_summary", CHART, title="The first finding")
    return notebook(
        folder,
        "01_more",
        "language",
        "import warnings\nwarnings.warn('careful')",
        "print(count)",
        title="The second finding",
    )


@pytest.fixture(scope="module")
def published(notebooks, tmp_path_factory):
    out = tmp_path_factory.mktemp("published")
    outcome = refresh(Options(folder=notebooks, out=out))
    assert (outcome.status, outcome.code) == ("published", 0), outcome.reason
    return out


def run_of(out):
    return json.loads((out / "site").resolve().parent.joinpath("run.json").read_text("utf-8"))


def test_a_refresh_leaves_a_site_and_the_run_it_came_from(published):
    run = (published / "site").resolve().parent
    assert run.parent == published.resolve() / "runs"
    assert {p.name for p in run.iterdir()} == {
        "site",
        "notebooks",
        "run.json",
        "figures.csv",
        "figures.json",
        "figures.parquet",
    }
    assert {p.name for p in (run / "notebooks").iterdir()} == {"00_summary.ipynb", "01_more.ipynb"}
    assert {"index.html", "00_summary.html", "01_more.html", "data.html", "plotly.min.js"} <= {
        p.name for p in (run / "site").iterdir()
    }
    assert not list(published.glob(".zjlib-work-*"))


def test_the_ids_that_a_figure_is_worked_out_from_are_parted_by_spaces_in_csv_and_a_list_in_json():
    files = examine(REPORT.name, {f"report/{REPORT.name}": REPORT.read_bytes()})["files"]
    of_csv = [row["inputs"].split() for row in csv.DictReader(files["figures.csv"].decode().splitlines())]
    assert any(of_csv) and of_csv == [row["inputs"] or [] for row in json.loads(files["figures.json"])]


def test_the_record_names_inputs_by_hash_with_versions_checks_and_times(published):
    run = run_of(published)
    assert run["report"]["sha256"] == read_report().sha256
    assert run["notebooks"]["00_summary"]["seconds"]["total"] > 0
    assert {"zjlib", "pandas", "plotly", "papermill", "python"} <= set(run["versions"])
    assert {check["check"] for check in run["checks"]} >= {"coverage"}
    assert run["parameters"]["01_more"] == {"report_file": f"report/{REPORT.name}"}
    assert run["status"] == "published"


def test_the_record_keeps_to_its_schema(published):
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((Path(__file__).parent.parent / "zjlib" / "schemas" / "run.schema.json").read_text("utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(run_of(published), schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({**run_of(published), "status": "perhaps"}, schema)


def test_figures_of_a_run_are_those_of_the_report(published):
    figures = json.loads((published / "site" / "figures.json").read_text("utf-8"))
    assert [f["id"] for f in figures] == list(read_report().figures["id"])


def test_nothing_published_names_a_path_or_a_user_of_this_machine(published, notebooks):
    names = [str(Path.home()), str(notebooks), str(published), "/tmp/", "ipykernel_"]
    if getpass.getuser() != "root":
        names.append(getpass.getuser())
    files = [f for f in (published / "site").resolve().parent.rglob("*") if f.is_file() and f.name != "plotly.min.js"]
    assert len(files) > 10
    for file in files:
        text = file.read_bytes().decode("utf-8", "replace")
        assert not [name for name in names if name in text], file
    assert "papermill" not in (published / "site" / "00_summary.html").read_text("utf-8")


def test_the_same_input_gives_the_same_bytes(published, notebooks, tmp_path):
    refresh(Options(folder=notebooks, out=tmp_path))
    assert content(tmp_path / "site") == content(published / "site")
    runs = [(folder / "site").resolve().parent for folder in (tmp_path, published)]
    assert content(runs[0]) == content(runs[1])


def test_only_the_record_of_the_moment_differs_when_forced(notebooks, tmp_path):
    refresh(Options(folder=notebooks, out=tmp_path))
    before, first = content(tmp_path / "site"), (tmp_path / "site").resolve()
    outcome = refresh(Options(folder=notebooks, out=tmp_path, force=True))
    assert outcome.status == "published" and (tmp_path / "site").resolve() != first
    assert content(tmp_path / "site") == before
    assert all((tmp_path / "site" / name).exists() or name == "run.json" for name in OF_THE_MOMENT)


def test_an_unchanged_input_is_skipped(published, notebooks):
    before = (published / "site").resolve()
    outcome = refresh(Options(folder=notebooks, out=published))
    assert (outcome.status, outcome.code) == ("unchanged", 0)
    assert (published / "site").resolve() == before


def test_the_text_decides_what_is_published_and_what_changed(notebooks, tmp_path):
    out = tmp_path / "out"
    refresh(Options(folder=notebooks, out=out))
    figure = read_report().figure("gdp.level")
    number = re.match(r"[\d.,]+", figure["surface"]).group()
    report = edited(tmp_path / REPORT.name, (figure["surface"], figure["surface"].replace(number, another(number))))
    outcome = refresh(Options(report=report, folder=notebooks, out=out))
    assert outcome.status == "published", outcome.reason
    change = next(c for c in outcome.run["changes"]["figures"] if c["id"] == "gdp.level")
    assert change["change"] == "changed" and change["size"] == "large"
    assert change["new"] == read_report(report).figure("gdp.level")["value"] != change["old"] == figure["value"]
    assert outcome.run["changes"]["charts"] == {"00_summary": ["first"]}
    pages = {
        name: (out / "site" / name).read_text("utf-8") for name in ("index.html", "00_summary.html", "figures.csv")
    }
    assert "What changed" in pages["index.html"]
    assert all(figure["surface"] not in pages[name] for name in ("figures.csv",))
    assert another(number) in pages["figures.csv"]


def test_fail_on_holds_back_a_large_change(notebooks, tmp_path):
    out = tmp_path / "out"
    refresh(Options(folder=notebooks, out=out))
    before = (out / "site").resolve()
    figure = read_report().figure("gdp.level")
    number = re.match(r"[\d.,]+", figure["surface"]).group()
    report = edited(tmp_path / REPORT.name, (figure["surface"], figure["surface"].replace(number, another(number))))
    outcome = refresh(Options(report=report, folder=notebooks, out=out, fail_on="large"))
    assert outcome.code == 1 and "--fail-on large" in outcome.reason and "gdp.level" in outcome.reason
    assert (out / "site").resolve() == before


def test_a_report_that_was_cut_does_not_replace_the_site(notebooks, tmp_path):
    out = tmp_path / "out"
    refresh(Options(folder=notebooks, out=out))
    before = (out / "site").resolve()
    first = int(read_report().figures["start"].min())
    report = tmp_path / REPORT.name
    report.write_bytes(REPORT.read_bytes()[: first + 200])
    outcome = refresh(Options(report=report, folder=notebooks, out=out))
    assert outcome.code == 1 and "are gone" in outcome.reason and "--allow-gone" in outcome.reason
    assert (out / "site").resolve() == before
    assert refresh(Options(report=report, folder=notebooks, out=out, allow_gone=True)).status == "published"


def test_a_first_edition_that_states_nearly_nothing_is_held_back(notebooks, tmp_path):
    report = tmp_path / REPORT.name
    report.write_text(read_report().figure("gdp.level")["sentence"] + "\nSo it is in Zhejiang.\n", "utf-8")
    outcome = refresh(Options(report=report, folder=notebooks, out=tmp_path / "out"))
    assert outcome.code == 1 and f"are not in {report.name}" in outcome.reason and "--allow-gone" in outcome.reason
    assert not (tmp_path / "out" / "site").exists()
    meant = Options(report=report, folder=notebooks, out=tmp_path / "out", allow_gone=True)
    assert refresh(meant).status == "published"


def test_the_report_of_another_province_is_held_back_though_its_coverage_may_fail(notebooks, tmp_path):
    report = edited(tmp_path / REPORT.name, ("Zhejiang", "Yunnan"))
    meant = Options(report=report, folder=notebooks, out=tmp_path / "out", allow_failing=("coverage",))
    assert "check place fails" in refresh(meant).reason


def test_parameters_reach_the_notebooks_that_declare_them(notebooks, tmp_path):
    outcome = refresh(
        Options(folder=notebooks, out=tmp_path, notebooks=("01_more",), parameters={"language": "zh", "count": "5"})
    )
    assert outcome.status == "published", outcome.reason
    executed = json.loads(next((tmp_path / "runs").rglob("01_more.ipynb")).read_text("utf-8"))
    outputs = [o for c in executed["cells"] for o in c.get("outputs", [])]
    assert any("zh" in "".join(o.get("data", {}).get("text/plain", "")) for o in outputs)
    assert any(o.get("text") == "5\n" for o in outputs)


@pytest.mark.parametrize(
    ("parameters", "notebook", "said"),
    [
        ({"langauge": "zh"}, (), "did you mean language"),
        ({"count": "many"}, (), "expected a int"),
        ({"scale": "wide"}, (), "expected a float"),
        ({}, ("01_mroe",), "did you mean 01_more"),
    ],
)
def test_a_wrong_argument_is_refused_before_anything_runs(notebooks, tmp_path, parameters, notebook, said):
    with pytest.raises(InputError, match=re.escape(said)):
        refresh(Options(folder=notebooks, out=tmp_path, parameters=parameters, notebooks=notebook))
    assert not (tmp_path / "runs").exists()


@pytest.mark.parametrize(
    ("text", "default", "value"),
    [
        ("7", 1, 7),
        ("7", 1.0, 7.0),
        ("true", False, True),
        ("7", "", "7"),
        ("none", None, None),
        ("a", None, "a"),
        ("[1, 2]", [], [1, 2]),
    ],
)
def test_a_parameter_takes_the_type_of_the_notebooks_own_value(text, default, value):
    assert typed("name", text, default) == value
    assert type(typed("name", text, default)) is type(value)


def test_true_is_no_number_of_a_parameter():
    with pytest.raises(InputError):
        typed("count", "true", 3)


def test_parameters_are_read_from_the_tagged_cell(notebooks):
    declared = parameters_of((notebooks / "00_summary.ipynb").read_bytes())
    assert declared == {"report_file": "", "language": "en", "scale": 1.0, "count": 3}


def test_old_runs_are_pruned_and_the_shown_one_stays(notebooks, tmp_path):
    for _ in range(3):
        refresh(Options(folder=notebooks, out=tmp_path, notebooks=("01_more",), force=True, keep=2))
    runs = list((tmp_path / "runs").iterdir())
    assert len(runs) == 2
    assert (tmp_path / "site").resolve().parent in [run.resolve() for run in runs]


def test_what_others_keep_beside_the_runs_is_left_alone(notebooks, tmp_path):
    theirs = tmp_path / "runs" / "exp1"
    theirs.mkdir(parents=True)
    (theirs / "run.json").write_text('{"sequence": 5}', "utf-8")
    for _ in range(2):
        refresh(Options(folder=notebooks, out=tmp_path, notebooks=("01_more",), force=True, keep=1))
    assert (theirs / "run.json").exists()


def test_the_shown_run_is_not_pruned_in_a_folder_named_by_a_relative_path(notebooks, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    output = Output(Path("out"))
    refresh(Options(folder=notebooks, out=Path("out"), notebooks=("01_more",)))
    shown = output.current_folder()
    names = {number: f"2030010{number}T000000Z-0000000{number}" for number in (2, 3)}
    for number, name in names.items():
        newer = tmp_path / "out" / "runs" / name
        newer.mkdir()
        (newer / "run.json").write_text(json.dumps({"sequence": number}), "utf-8")
    output.prune(1)
    assert shown.is_dir() and {run.name for run in (tmp_path / "out" / "runs").iterdir()} == {shown.name, names[3]}


def test_a_folder_that_refresh_did_not_make_is_left_alone(notebooks, tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "mine.txt").write_text("mine")
    with pytest.raises(ForeignError, match="did not make"):
        refresh(Options(folder=notebooks, out=tmp_path))
    assert (tmp_path / "site" / "mine.txt").read_text() == "mine"


def test_the_command_tells_what_happened_in_one_line_of_json(notebooks, tmp_path):
    done = zjlib(
        "refresh", "--notebooks", notebooks, "--out", tmp_path, "--log-format", "json", "--notebook", "01_more"
    )
    assert done.returncode == 0 and done.stderr == ""
    [line] = done.stdout.splitlines()
    told = json.loads(line)
    assert told["status"] == "published" and told["code"] == 0 and Path(told["site"]).is_file()


def test_status_tells_the_age_and_the_last_failure_and_is_1_when_stale(published, tmp_path):
    out = tmp_path / "out"
    shutil.copytree(published, out, symlinks=True)
    Output(out).remember(failure="2023-02-13T00:00:00Z", reason="notebook 01_more failed: it raised")
    done = zjlib("status", "--out", out)
    assert done.returncode == 0 and done.stdout.startswith("fresh: last success ")
    assert "last failure 2023-02-13T00:00:00Z: notebook 01_more failed: it raised" in done.stdout
    Output(out).remember(success="2023-02-13T00:00:00Z")
    stale = zjlib("status", "--out", out, "--max-age", "36h", "--log-format", "json")
    told = json.loads(stale.stdout)
    assert stale.returncode == 1 and told["stale"] and told["age"] > 36 * 3600
    assert told["run"] == run_of(out)["id"]


@pytest.mark.parametrize(
    "arguments",
    [
        ["--report", "none.txt"],
        ["--notebook", "09_none"],
        ["--inbox", "nowhere"],
        ["--reports", "nowhere"],
    ],
    ids=lambda arguments: arguments[0],
)
def test_input_that_cannot_be_used_is_a_failure_that_status_tells(published, notebooks, tmp_path, arguments):
    out = tmp_path / "out"
    shutil.copytree(published, out, symlinks=True)
    done = zjlib(
        "refresh", "--notebooks", notebooks, "--out", out, *arguments, "--log-format", "json", "--force", cwd=tmp_path
    )
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"], told["code"]) == (2, "invalid", 2)
    assert arguments[1] in told["reason"] and done.stderr == f"zjlib: {told['reason']}\n"
    assert state(out, 1e9)["reason"] == told["reason"]
    assert "last failure" in zjlib("status", "--out", out).stdout


def test_a_bad_argument_is_a_line_of_json_too(tmp_path):
    done = zjlib("refresh", "--out", tmp_path, "--fail-on", "huge", "--log-format", "json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"], told["run"]) == (2, "invalid", None)
    assert "expected large, moderate or small" in told["reason"]


def test_a_refresh_that_finds_another_at_work_says_so_in_json_and_nothing_to_mail(notebooks, tmp_path):
    with Output(tmp_path).locked():
        done = zjlib("refresh", "--notebooks", notebooks, "--out", tmp_path, "--log-format", "json")
    told = json.loads(done.stdout)
    assert (done.returncode, told["status"], told["code"], done.stderr) == (3, "busy", 3, "")
    assert not Output(tmp_path).last()


def test_status_of_a_future_success_is_fresh(published, tmp_path):
    shutil.copytree(published, tmp_path / "out", symlinks=True)
    Output(tmp_path / "out").remember(success="2999-01-01T00:00:00Z")
    told = state(tmp_path / "out", 60)
    assert (told["stale"], told["age"]) == (False, 0)
