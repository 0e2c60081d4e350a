"""The schedules: each is tried with the real program where that is at hand."""

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from refreshing import CHART, notebook
from typer.testing import CliRunner

from zjlib.cli import app

FOLDER = Path(__file__).parent.parent / "schedules"
TEXTS = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir() if file.is_file()}


def commands(text):
    """Every call of zjlib: its command and options."""
    return [line.split() for line in re.findall(r"zjlib ((?:refresh|status|compare|check)\b[^|>\";&`.\n]*)", text)]


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_a_schedule_calls_only_commands_and_options_that_exist(name):
    for command, *words in commands(TEXTS[name]):
        shown = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200", "TERMINAL_WIDTH": "200"})
        assert shown.exit_code == 0, command
        for option in (word for word in words if word.startswith("--")):
            assert option.strip("`") in shown.output, f"{command} {option}"


def test_the_schedules_call_something():
    calling = [name for name, text in TEXTS.items() if commands(text)]
    assert {"crontab", "zjlib-refresh.service", "github-actions.yml", "airflow_dag.py"} <= set(calling)


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_takes_the_service_and_the_timer(tmp_path):
    program = Path(sys.executable).with_name("zjlib")
    for name in ("zjlib-refresh.service", "zjlib-refresh.timer"):
        (tmp_path / name).write_text(TEXTS[name].replace("/opt/zjlib/bin/zjlib", str(program)), "utf-8")
    units = [tmp_path / "zjlib-refresh.service", tmp_path / "zjlib-refresh.timer"]
    done = subprocess.run(["systemd-analyze", "verify", "--man=no", *units], capture_output=True, text=True)
    ours = [line for line in (done.stdout + done.stderr).splitlines() if "zjlib" in line]
    assert done.returncode == 0 and not ours, done.stderr


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="needs systemd-analyze")
def test_systemd_reads_the_hour():
    [hour] = re.findall(r"OnCalendar=(.*)", TEXTS["zjlib-refresh.timer"])
    assert (
        "06:15:00"
        in subprocess.run(["systemd-analyze", "calendar", hour], capture_output=True, text=True, check=True).stdout
    )


def cron_lines():
    return [
        line
        for line in TEXTS["crontab"].splitlines()
        if line and not line.startswith("#") and "=" not in line.split()[0]
    ]


@pytest.mark.skipif(not shutil.which("crontab"), reason="needs cron")
def test_cron_takes_the_table(tmp_path):
    done = subprocess.run(["crontab", "-n", str(FOLDER / "crontab")], capture_output=True, text=True)
    if "invalid option" in done.stderr:
        pytest.skip("this cron has no way to check a table without installing it")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_lines_of_the_crontab_run_as_cron_runs_them(tmp_path):
    """With /bin/sh, nearly no environment, and no terminal."""
    folder = notebook(tmp_path / "notebooks", "00_summary", CHART)
    (tmp_path / ".venv").mkdir()
    (tmp_path / ".venv" / "bin").symlink_to(Path(sys.executable).parent)
    environment = {"ZJLIB": str(tmp_path), "HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "SHELL": "/bin/sh"}
    refresh, status = (line.split(None, 5)[5] for line in cron_lines())
    assert subprocess.run(["/bin/sh", "-c", status], env=environment, capture_output=True, text=True).stdout.startswith(
        "build: no refresh"
    )
    done = subprocess.run(["/bin/sh", "-c", refresh.replace("--out", f"--notebooks '{folder}' --out")], env=environment)
    assert done.returncode == 0, (tmp_path / "refresh.log").read_text()
    assert '"status": "published"' in (tmp_path / "refresh.log").read_text("utf-8")
    quiet = subprocess.run(["/bin/sh", "-c", status], env=environment, capture_output=True, text=True)
    assert (quiet.returncode, quiet.stdout, quiet.stderr) == (0, "", "")


def test_the_workflow_is_one_that_github_reads():
    workflow = yaml.safe_load(TEXTS["github-actions.yml"])
    steps = workflow["jobs"]["refresh"]["steps"]
    assert all(("uses" in step) != ("run" in step) for step in steps)
    assert workflow[True]["schedule"][0]["cron"]  # YAML reads the key `on` as true
    assert set(workflow["permissions"].items()) == {("contents", "write"), ("pull-requests", "write")}


def test_the_shell_of_the_workflow_holds(tmp_path):
    for step in yaml.safe_load(TEXTS["github-actions.yml"])["jobs"]["refresh"]["steps"]:
        if "run" in step:
            subprocess.run(["bash", "-n"], input=step["run"], text=True, check=True)


def test_airflow_reads_the_dag(tmp_path):
    """With the real Airflow: in this environment, or one that ZJLIB_TEST_AIRFLOW names."""
    python = os.environ.get("ZJLIB_TEST_AIRFLOW")
    if not python:
        pytest.importorskip("airflow.providers.papermill")
        python = sys.executable
    code = f"import runpy; dag = runpy.run_path({str(FOLDER / 'airflow_dag.py')!r})['dag']\n"
    code += "print(sorted(dag.task_ids), sorted(dag.get_task('refresh').downstream_task_ids))"
    done = subprocess.run(
        [python, "-c", code], env={**os.environ, "AIRFLOW_HOME": str(tmp_path)}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.splitlines()[-1] == "['audit', 'check', 'refresh', 'status'] ['audit', 'status']"
