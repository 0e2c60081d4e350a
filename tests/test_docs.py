"""Documents that hold: every command in them runs, every command and public name is told."""

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest
from pdfs import pdf
from typer.main import get_command
from typer.testing import CliRunner

import zjlib
from zjlib.cli import app

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
DOCUMENTS = [*ROOT.glob("*.md"), *ROOT.glob("data/*.md"), *ROOT.glob("schedules/*.md")]


def commands(program):
    """The command lines of the documents' code blocks that start with a program."""
    lines = {line.split("#")[0].strip() for file in DOCUMENTS for line in file.read_text(encoding="utf-8").splitlines()}
    return sorted(line for line in lines if line.startswith(program + " "))


def test_the_documents_have_commands():
    assert len(commands("zjlib")) > 3
    assert len(commands("make")) >= 2


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder as a reader would have it: with a report beside him and a site that was just made."""
    folder = tmp_path_factory.mktemp("reader")
    (folder / "data").symlink_to(ROOT / "data")
    (folder / "notebooks").symlink_to(ROOT / "notebooks")
    (folder / "report.txt").write_bytes((ROOT / "data" / "reports" / "2023-02-13.txt").read_bytes())
    (folder / "report.pdf").write_bytes(pdf([(60, 700, "In 2024 the city built 3 bridges.")]))
    subprocess.run(
        [sys.executable, "-m", "zjlib", "refresh", "--out", "build"], cwd=folder, check=True, capture_output=True
    )
    return folder


@pytest.mark.parametrize("line", [line for line in commands("zjlib") if "FILE" not in line and "OLD" not in line])
def test_a_zjlib_command_of_the_documents_runs(line, built, monkeypatch):
    monkeypatch.chdir(built)
    run = CliRunner().invoke(app, shlex.split(line)[1:])
    assert run.exit_code == 0, run.output


@pytest.mark.parametrize("line", commands("make"))
def test_a_make_target_of_the_documents_exists(line):
    run = subprocess.run(["make", "--dry-run", *shlex.split(line)[1:]], cwd=ROOT, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_python_of_the_readme_runs():
    blocks = re.findall(r"```python\n(.*?)```", README, flags=re.S)
    assert blocks
    for block in blocks:
        exec(compile(block, "README.md", "exec"), {})


def test_every_command_is_in_the_readme_and_has_a_help_text():
    listed = get_command(app).commands
    assert len(listed) >= 10
    for name, command in listed.items():
        assert re.search(rf"zjlib {name}\b|`{name}`", README), name
        assert command.help, name
        for parameter in command.params:
            assert getattr(parameter, "help", None) or parameter.param_type_name == "argument", (name, parameter.name)


@pytest.mark.parametrize("name", [name for name in zjlib.__all__ if name != "__version__"])
def test_every_public_name_is_documented(name):
    assert getattr(zjlib, name).__doc__
    documents = README + (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    assert re.search(rf"\b{name}\b", documents), f"{name} is not mentioned in README.md"


def test_every_link_of_the_documents_leads_somewhere():
    for file in DOCUMENTS:
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", file.read_text(encoding="utf-8")):
            assert (file.parent / target).exists(), (file.name, target)
