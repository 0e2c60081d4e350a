"""The wheel carries the data and the notebooks, so that it works outside a checkout."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [file] = folder.glob("*.whl")
    return file


def test_the_wheel_holds_package_data_and_notebooks_and_nothing_else(wheel):
    names = zipfile.ZipFile(wheel).namelist()
    for path in (
        "zjlib/py.typed",
        "zjlib/_data/reports/2023-02-13.txt",
        "zjlib/_data/catalogue.toml",
        "zjlib/_notebooks/00_summary.ipynb",
    ):
        assert path in names
    assert any(name.startswith("zjlib/languages/") and name.endswith(".toml") for name in names)
    assert any(name.startswith("zjlib/templates/") for name in names)
    tops = {name.split("/")[0] for name in names}
    assert {top.split("-")[0] for top in tops} == {"zjlib"}


def test_an_installed_wheel_refreshes_outside_the_checkout(wheel, tmp_path):
    target, work = tmp_path / "site-packages", tmp_path / "work"
    work.mkdir()
    install = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps", "--target", str(target), str(wheel)]
    subprocess.run(install, check=True, capture_output=True)
    environment = {**os.environ, "PYTHONPATH": str(target)}
    run = [sys.executable, "-m", "zjlib", "refresh", "--notebook", "00_summary"]
    done = subprocess.run(run, cwd=work, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (work / "build" / "site" / "index.html").exists()
    where = subprocess.run(
        [sys.executable, "-c", "import zjlib; print(zjlib.__file__)"],
        cwd=work,
        env=environment,
        capture_output=True,
        text=True,
    )
    assert where.stdout.startswith(str(target))
