"""The ready schedules: each is read by the tool it is for, or its commands are run as that tool would run them."""

import ast
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest
import yaml
from refreshing import CHART, REPORT, notebook, zjlib
from typer.main import get_command

from zjlib import read_report
from zjlib.cli import app

ROOT = Path(__file__).parent.parent
SCHEDULES = ROOT / "schedules"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder as an installed checkout: data, notebooks (one small one, so that a run is short), .venv/bin/zjlib."""
    folder = tmp_path_factory.mktemp("srv")
    (folder / "data").symlink_to(ROOT / "data")
    notebook(folder / "notebooks", "00_summary", CHART)
    program = folder / ".venv" / "bin" / "zjlib"
    program.parent.mkdir(parents=True)
    program.write_text(
        f"#!{sys.executable}\nimport sys\nfrom zjlib.cli import main\n"
        "if __name__ == '__main__':\n    sys.argv += ['--notebooks', 'notebooks'] if 'refresh' in sys.argv else []\n    main()\n"
    )
    program.chmod(0o755)
    return folder


def environment(folder, **more):
    path = f"{folder / '.venv' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    here = os.pathsep.join(filter(None, [str(ROOT), os.environ.get("PYTHONPATH")]))
    return {**os.environ, "PATH": path, "PYTHONPATH": here, **more}


def shell(command, folder, **more):
    return subprocess.run(
        ["sh", "-c", command], cwd=folder, env=environment(folder, **more), capture_output=True, text=True, timeout=120
    )


def commands():
    """The commands of the crontab, without their hours."""
    lines = (SCHEDULES / "crontab").read_text().splitlines()
    return [line.split(None, 5)[5] for line in lines if re.match(r"[\d*]", line)]


def test_cron_takes_the_crontab():
    if not shutil.which("crontab"):
        pytest.skip("crontab is not installed (Debian: cron)")
    if not os.environ.get("CI"):
        pytest.skip("crontab only checks a table by installing it; this is done where CI is set")
    if subprocess.run(["crontab", "-l"], capture_output=True).returncode == 0:
        pytest.skip("this user has a crontab, which the test would replace")
    try:
        done = subprocess.run(["crontab", SCHEDULES / "crontab"], capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        shown = subprocess.run(["crontab", "-l"], capture_output=True, text=True).stdout
        assert commands()[0] in shown
    finally:
        subprocess.run(["crontab", "-r"], capture_output=True)


def test_the_commands_of_the_crontab_say_nothing_when_all_is_well(folder):
    assert len(commands()) == 2
    for command in commands():
        done = shell(command, folder, FOLDER=str(folder))
        assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert json.loads((folder / "refresh.log").read_text().splitlines()[-1])["code"] == 0


def test_the_crontab_mails_a_failed_refresh_and_a_stale_site(folder, tmp_path):
    refresh, status = commands()
    shutil.copytree(folder / ".venv", tmp_path / ".venv")
    (tmp_path / "build").mkdir()
    (tmp_path / "notebooks").mkdir()
    done = shell(refresh, tmp_path, FOLDER=str(tmp_path))  # no notebook there
    assert done.returncode != 0 and "no notebook there" in done.stderr
    notebook(tmp_path / "notebooks", "00_summary", "1 / 0")
    (tmp_path / "data").symlink_to(ROOT / "data")
    done = shell(refresh, tmp_path, FOLDER=str(tmp_path))
    assert done.returncode != 0 and "ZeroDivisionError" in done.stderr
    done = shell(status, tmp_path, FOLDER=str(tmp_path))
    assert "no refresh has succeeded yet" in done.stdout


def test_systemd_takes_the_units(folder, tmp_path):
    if not shutil.which("systemd-analyze"):
        pytest.skip("systemd-analyze is not installed (Debian: systemd)")
    units = [SCHEDULES / f"zjlib-refresh.{kind}" for kind in ("service", "timer")]
    for mark in ("#", ""):  # as they stand, and with the settings for an inbox
        for unit in units:
            text = re.sub(r"^#(?=\w+=)", mark, unit.read_text(), flags=re.M)
            (tmp_path / unit.name).write_text(text.replace("/opt/zjlib/bin", str(folder / ".venv" / "bin")))
        done = subprocess.run(
            ["systemd-analyze", "verify", "--man=no", *tmp_path.iterdir()], capture_output=True, text=True
        )
        assert done.returncode == 0 and "zjlib" not in done.stderr, done.stderr
    assert "\nReadWritePaths=" in (tmp_path / units[0].name).read_text()
    [calendar] = re.findall(r"OnCalendar=(.+)", units[1].read_text())
    done = subprocess.run(["systemd-analyze", "calendar", calendar], capture_output=True, text=True, check=True)
    assert "06:30:00" in done.stdout


def test_the_command_of_the_service_runs(folder):
    [command] = re.findall(r"ExecStart=\S+/zjlib (.+)", (SCHEDULES / "zjlib-refresh.service").read_text())
    done = shell(f".venv/bin/zjlib {command.replace('/var/lib/zjlib', 'state')}", folder)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["code"] == 0 and (folder / "state" / "site" / "index.html").is_file()


def steps():
    workflow = yaml.safe_load((SCHEDULES / "github-actions.yml").read_text())
    return {step.get("name", step.get("uses")): step for step in workflow["jobs"]["refresh"]["steps"]}


def test_the_workflow_is_one_that_github_reads():
    workflow = yaml.safe_load((SCHEDULES / "github-actions.yml").read_text())
    assert set(workflow[True]) == {"schedule", "push", "workflow_dispatch"}  # YAML reads `on` as true
    assert workflow["permissions"] == {"contents": "write", "pull-requests": "write"}
    assert all(("run" in step) != ("uses" in step) for step in steps().values())
    extras = re.search(r"'\.\[(.+)\]'", steps()["Install"]["run"])[1].split(",")
    assert all(re.search(rf"^{extra} = ", (ROOT / "pyproject.toml").read_text(), re.M) for extra in extras)


def test_the_workflow_opens_a_pull_request_with_the_difference(folder, tmp_path):
    """Its steps in a clone with a remote of its own; `gh` is a stand-in that writes down what it is asked."""
    remote, checkout = tmp_path / "remote.git", tmp_path / "checkout"
    git = ["git", "-c", "user.name=t", "-c", "user.email=t@example.org"]
    subprocess.run(["git", "init", "-q", "--bare", "-b", "main", remote], check=True)
    subprocess.run(["git", "clone", "-q", remote, checkout], check=True, capture_output=True)
    shutil.copytree(folder / "notebooks", checkout / "notebooks")
    (checkout / ".gitignore").write_text("build/\nbin/\ndifference.md\n")
    subprocess.run([*git, "add", "."], cwd=checkout, check=True)
    subprocess.run([*git, "commit", "-qm", "notebooks"], cwd=checkout, check=True)
    subprocess.run(["git", "branch", "-M", "main"], cwd=checkout, check=True)
    subprocess.run(["git", "push", "-q", "origin", "main"], cwd=checkout, check=True)
    (checkout / "bin").mkdir()
    gh = checkout / "bin" / "gh"
    gh.write_text('#!/bin/sh\n[ "$2" = view ] && exit 1\necho "$@" >> gh.log\n')
    gh.chmod(0o755)

    def run(name, more=""):
        command = ["bash", "-e", "-o", "pipefail", "-c", steps()[name]["run"] + more]  # as GitHub runs it
        path = f"{checkout / 'bin'}{os.pathsep}{environment(folder)['PATH']}"
        return subprocess.run(
            command, cwd=checkout, env=environment(folder, PATH=path), capture_output=True, text=True, timeout=120
        )

    assert run("Refresh").returncode == 0
    assert run("Difference").returncode == 0
    assert "no earlier figures" in (checkout / "difference.md").read_text()
    done = run("Pull request")
    assert done.returncode == 0, done.stderr
    assert "pr create --head refresh-figures" in (checkout / "gh.log").read_text()
    pushed = subprocess.run(
        ["git", "ls-tree", "-r", "--name-only", "refresh-figures"], cwd=remote, capture_output=True, text=True
    ).stdout
    assert "published/figures.json" in pushed and "build" not in pushed

    assert run("Difference").returncode == 0  # merged, and nothing new
    assert "no figure changed" in (checkout / "difference.md").read_text()
    done = run("Pull request")
    assert done.returncode == 0 and "No figure has changed" in done.stdout


def test_the_workflow_holds_back_a_report_that_was_cut(folder, tmp_path):
    """Each run has a checkout of its own, in which only stands what the cache brings."""
    order = list(steps())
    restore, refresh, save = (order.index(name) for name in ("Last build", "Refresh", "Keep the build"))
    assert restore < refresh < save  # what fails is not saved over the last good run
    cached = steps()["Last build"]["with"]
    assert steps()["Keep the build"]["with"] == {key: cached[key] for key in ("path", "key")}
    assert cached["key"].startswith(cached["restore-keys"])
    first, second = tmp_path / "first", tmp_path / "second"
    for checkout in (first, second):
        shutil.copytree(folder / "notebooks", checkout / "notebooks")

    def run(checkout, more=""):
        command = ["sh", "-c", steps()["Refresh"]["run"] + more]
        return subprocess.run(
            command, cwd=checkout, env=environment(folder), capture_output=True, text=True, timeout=120
        )

    assert run(first).returncode == 0
    shutil.copytree(first / cached["path"], second / cached["path"], symlinks=True)
    cut = tmp_path / REPORT.name
    cut.write_bytes(REPORT.read_bytes()[: int(read_report(REPORT).figures["start"].min()) + 200])
    done = run(second, f" --report '{cut}'")
    assert done.returncode == 1 and "figures are gone" in json.loads(done.stdout)["reason"]


def test_the_airflow_dag_is_parsed_by_airflow(tmp_path):
    """With the Airflow of this environment, or of the Python that ZJLIB_TEST_AIRFLOW names."""
    python = os.environ.get("ZJLIB_TEST_AIRFLOW")
    if not python and not importlib.util.find_spec("airflow"):
        pytest.skip("apache-airflow is not installed; schedules/README.md says with which version the DAG was tried")
    code = "import runpy; dag = runpy.run_path('airflow_dag.py')['dag']; print(*dag.task_ids, dag.schedule)"
    done = subprocess.run(
        [python or sys.executable, "-c", code],
        cwd=SCHEDULES,
        env={**os.environ, "AIRFLOW_HOME": str(tmp_path)},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[-1] == "refresh status 30 6 * * *"


def test_the_commands_of_the_airflow_dag_run(folder):
    text = (SCHEDULES / "airflow_dag.py").read_text()
    refresh, status = (match[1] or match[2] for match in re.finditer(r"bash_command=(?:'(.+)'|\"(.+)\")", text))
    for report in ("", str(REPORT)):
        done = shell(refresh, folder, REPORT=report)
        assert done.returncode == 0, done.stderr
    assert shell(status, folder).returncode == 0
    assert shell(refresh, folder, REPORT="none.txt; touch broken").returncode == 2
    assert not (folder / "broken").exists()


def test_the_notebook_for_jupyters_scheduler_runs_and_fails_with_the_refresh(folder, tmp_path, monkeypatch):
    import papermill

    monkeypatch.setenv("PYTHONPATH", environment(folder)["PYTHONPATH"])
    notebook = SCHEDULES / "jupyter_refresh.ipynb"
    given = {"folder": str(folder), "report": str(folder / "none.txt")}
    with pytest.raises(papermill.PapermillExecutionError, match="status 2"):
        papermill.execute_notebook(notebook, tmp_path / "out.ipynb", given, progress_bar=False, execution_timeout=60)
    cells = json.loads(notebook.read_text())["cells"]
    assert not any(cell.get("outputs") for cell in cells)


class Scheduler(BaseHTTPRequestHandler):
    """Answers as jupyter-scheduler's REST interface, and remembers what it was asked."""

    asked: ClassVar[list] = []

    def do_GET(self):
        self.answer([{"name": "python3"}])

    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        self.asked.append((self.path, self.headers["Authorization"], body))
        self.answer({"job_id": "1"})

    def answer(self, content):
        self.send_response(200)
        self.end_headers()
        self.wfile.write(json.dumps(content).encode())

    def log_message(self, *_):
        pass


def test_the_script_for_jupyters_scheduler_asks_for_the_notebook_with_its_folder():
    with HTTPServer(("127.0.0.1", 0), Scheduler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        script = [
            sys.executable,
            SCHEDULES / "jupyter_scheduler.py",
            f"http://127.0.0.1:{server.server_port}",
            "secret",
        ]
        for more in ([], ["--now"]):
            subprocess.run([*script, "jupyter_refresh.ipynb", "/srv/it's", *more], check=True, capture_output=True)
        server.shutdown()
    [daily, now] = Scheduler.asked
    assert (daily[0], now[0]) == ("/scheduler/job_definitions", "/scheduler/jobs")
    assert daily[2]["schedule"] and "schedule" not in now[2]
    for _, token, body in (daily, now):
        assert token == "token secret" and (SCHEDULES / body["input_uri"]).is_file()
        cells = json.loads((SCHEDULES / body["input_uri"]).read_text())["cells"]
        names = ast.parse("".join(next(cell["source"] for cell in cells if cell["metadata"].get("tags")))).body
        assert set(body["parameters"]) <= {name.targets[0].id for name in names}
        assert ast.literal_eval(body["parameters"]["folder"]) == "/srv/it's"


@pytest.mark.parametrize("file", sorted(path.name for path in SCHEDULES.iterdir() if path.is_file()))
def test_a_schedule_uses_only_options_that_exist(file):
    text = (SCHEDULES / file).read_text("utf-8")
    for name, words in re.findall(r"zjlib (refresh|status|compare|scan)\b([^|>\"`.\n]*)", text):
        known = {option for parameter in get_command(app).commands[name].params for option in parameter.opts}
        assert {word for word in words.split() if re.match("--?[a-z]", word)} <= known, words


def test_every_schedule_is_in_the_table_of_the_readme():
    text = (SCHEDULES / "README.md").read_text("utf-8")
    names = [path.name for path in SCHEDULES.iterdir() if path.name not in ("README.md", "__pycache__")]
    assert len(names) >= 5
    for name in names:
        assert f"]({name})" in text, name


def test_exit_statuses_of_the_readme_are_those_of_the_command(folder, tmp_path):
    assert zjlib("refresh", "--report", "none.txt", "--out", tmp_path).returncode == 2
    assert zjlib("status", "--out", tmp_path).returncode == 1
