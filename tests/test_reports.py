"""Which files are reports, and which of the project's is the newest."""

from pathlib import Path

import pytest
from refreshing import REPORT

from zjlib import quick, read_report
from zjlib.explore.shelf import Shelf
from zjlib.paths import data_dir
from zjlib.reports import named, newest_report, project_reports
from zjlib.running.inputs import Inputs, Options


@pytest.fixture
def shelf(tmp_path, monkeypatch):
    """Puts files with the text of the report into a project's folder of reports that is otherwise empty."""
    folder = tmp_path / "reports"
    folder.mkdir()
    monkeypatch.setattr("zjlib.reports.data_dir", lambda: tmp_path)

    def put(*names: str) -> Path:
        for name in names:
            (folder / name).write_bytes(REPORT.read_bytes())
        return folder

    return put


def test_the_projects_reports_are_ordered_by_day_and_a_corrected_edition_follows_its_original(shelf):
    folder = shelf("2023-02-13.txt", "2023-02-13-corrected.txt", "a.txt", "2022-12-01.md", "2024年1月15日.html")
    (folder / "a.toml").write_text("date = 2023-06-01\n", "utf-8")
    assert [file.name for file in project_reports()] == [
        "2022-12-01.md", "2023-02-13.txt", "2023-02-13-corrected.txt", "a.txt", "2024年1月15日.html",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["2023-02-13-corrected.txt", "2024-02-13.md"])
def test_a_corrected_edition_and_another_format_are_taken_by_all_that_take_the_newest(shelf, tmp_path, name):
    file = shelf("2023-02-13.txt", name) / name
    assert newest_report() == read_report().path == quick.newest().path == Inputs(Options()).report == file
    assert Shelf(tmp_path / "state").paths()[-1] == file


def test_what_is_passed_over_for_the_newest_is_named_with_the_reason(shelf, capsys):
    folder = shelf("2023-02-13.md", "2023-02-13.txt", "notes.txt")
    (folder / "broken.txt").write_text("1", "utf-8")
    (folder / "broken.toml").write_text("date = soon", "utf-8")
    assert newest_report() == folder / "2023-02-13.txt"
    said = capsys.readouterr().err
    assert f"{folder / 'notes.txt'}: no date in its name or in notes.toml" in said
    assert "broken.txt: no date" in said and "2023-02-13.md: 2023-02-13.txt has the same name" in said
    assert len(said.splitlines()) == 3


def test_a_report_without_a_date_is_taken_where_there_is_no_other(shelf, capsys):
    assert newest_report() is None
    assert shelf("report.txt") / "report.txt" == newest_report()
    assert capsys.readouterr().err == ""


def test_hidden_files_and_locks_of_word_are_no_reports(shelf):
    shelf(".2024-02-13.txt", "~$2024-02-13.docx", "2024-02-13.csv")
    assert project_reports() == []


def test_a_folders_reports_are_taken_from_its_subfolders_in_a_fixed_order_but_hidden_ones(tmp_path):
    names = ("b.txt", "a.TXT", "z/c.txt", "y/d.pdf", "note.xyz", ".b.txt", "~$b.docx", ".checkpoints/b.txt")
    for name in names:
        Path(tmp_path, name).parent.mkdir(exist_ok=True)
        Path(tmp_path, name).write_text("1")
    assert [name for name, _ in named([tmp_path])] == ["a.TXT", "b.txt", "y/d.pdf", "z/c.txt"]


def test_what_a_folder_holds_in_no_format_that_is_read_is_told_in_one_line(tmp_path, capsys):
    names = ("a.markdown", "a.toml", "b.csv", "c.csv", "d/page.rtf", "d/Makefile", ".e.csv", "~$f.csv")
    for name in names:
        Path(tmp_path, name).parent.mkdir(exist_ok=True)
        Path(tmp_path, name).write_text("1")
    assert [name for name, _ in named([tmp_path])] == ["a.markdown"]
    (said,) = capsys.readouterr().err.splitlines()
    assert (
        f"{tmp_path}: left out for their endings: 2 .csv (b.csv, …), 1 without an ending (d/Makefile), 1 .rtf (d/page.rtf)"
        in said
    )
    assert ".docx" in said and "toml" not in said


def test_reports_are_named_by_their_paths_as_far_as_they_differ(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a/report.txt", "b/sub/report.txt"):
        Path(name).parent.mkdir(parents=True)
        Path(name).write_text("1")
    one, folder = Path("a/report.txt"), Path("b")
    assert [name for name, _ in named([one])] == ["report.txt"]
    assert [name for name, _ in named([folder])] == ["sub/report.txt"]
    assert [*named([one, folder])] == [(str(file), file) for file in (one, Path("b/sub/report.txt"))]


def test_the_projects_own_report_is_taken_without_a_word(capsys):
    assert newest_report() == project_reports()[-1] and project_reports()[-1].parent == data_dir() / "reports"
    assert capsys.readouterr().err == ""
