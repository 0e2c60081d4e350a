"""The explorer notebook in JupyterLab, or alone by Voilà: starts the server in place of this process."""

import os
import shutil
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from zjlib.errors import ZjlibError
from zjlib.paths import VISITORS, notebooks_dir

EXPLORER = "07_explore.ipynb"


class ServeError(ZjlibError, RuntimeError):
    """Nothing to serve, or nothing to serve it with; says what to install or where to look."""


def explore(options: Sequence[str] = ()) -> NoReturn:
    """Open JupyterLab on the explorer, its outputs trusted. `options` are JupyterLab's. Raises ServeError."""
    notebook = workbook(Path.cwd())
    trust(notebook)
    _become("jupyter-lab", "jupyterlab", str(notebook), *options)


def app(options: Sequence[str] = ()) -> NoReturn:
    """Serve the explorer without its code, on this machine alone, behind a token. `options` are Voilà's. Raises ServeError."""
    settings = ["--Voila.ip=127.0.0.1", "--VoilaConfiguration.strip_sources=True"]
    if not any(option.startswith(("--token", "--Voila.token", "--Voila.auto_token")) for option in options):
        settings.append("--Voila.auto_token=True")
    _become("voila", "voila", str(workbook(Path.cwd())), *settings, *options, **{VISITORS: "1"})


def workbook(here: Path) -> Path:
    """The explorer where it can be saved: in the checkout; of an installed package, a copy of all notebooks in `here`/zjlib-notebooks."""
    folder = notebooks_dir()
    if folder.name.startswith("_"):
        copy = here / "zjlib-notebooks"
        if not copy.exists():
            shutil.copytree(folder, copy)
        folder = copy
    if not (folder / EXPLORER).is_file():
        raise ServeError(f"{folder / EXPLORER}: no such notebook; install zjlib again, or move {folder} away")
    return folder / EXPLORER


def trust(notebook: Path) -> None:
    """Sign the notebook for this user, so that JupyterLab shows what it was committed with."""
    from zjlib.running.kernels import skip_slow_grammar

    skip_slow_grammar()
    nbformat: Any = import_module("nbformat")
    sign: Any = import_module("nbformat.sign")
    sign.NotebookNotary().sign(nbformat.read(notebook, as_version=4))


def _become(command: str, package: str, *arguments: str, **environment: str) -> NoReturn:
    beside = Path(sys.executable).with_name(command)
    if not beside.exists():
        raise ServeError(f"{command} is not installed beside {Path(sys.executable).name}; pip install {package}")
    os.execve(beside, [str(beside), *arguments], {**os.environ, **environment})
