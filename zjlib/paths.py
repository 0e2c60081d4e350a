"""Where the data and the notebooks lie: beside the package in a checkout, inside it in a wheel."""

from itertools import chain, count
from pathlib import Path

VISITORS = "ZJLIB_VISITORS"  # set in the environment where one server has many users
_PACKAGE = Path(__file__).parent


def data_dir() -> Path:
    """The folder of reports, catalogue, names and corrections."""
    return _folder("data")


def notebooks_dir() -> Path:
    """The folder of the story's notebooks."""
    return _folder("notebooks")


def _folder(name: str) -> Path:
    installed = _PACKAGE / f"_{name}"
    return installed if installed.is_dir() else _PACKAGE.parent / name


def free(file: Path) -> Path:
    """The path of a file if nothing stands there, else the next one with a number that is free: `report-2.txt`."""
    names = chain([file], (file.with_stem(f"{file.stem}-{n}") for n in count(2)))
    return next(name for name in names if not name.exists())
