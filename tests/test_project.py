"""The project's own promises: layout, dependencies, and no figure of the report in code."""

import ast
import json
import re
import subprocess
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from zjlib.catalogue import load_catalogue
from zjlib.paths import data_dir
from zjlib.tables import read_report

ROOT = Path(__file__).parent.parent
CHAIN = [
    *("errors", "nearest", "paths", "units", "languages", "glyphs", "lines", "pdf", "formats", "report", "reports"),
    *("scanning", "scan"),
    *(
        "formulas",
        "beside",
        "catalogue",
        "in_turn",
        "indicators",
        "outcomes",
        "tables",
        "checks",
        "compare",
        "drawing",
        "charts",
        "story",
    ),
    *("annotate", "tell", "quick", "explore", "site"),
    *(f"running.{name}" for name in ("kernels", "_preload", "execute", "inputs", "publish", "status", "serve")),
    *(f"running.{name}" for name in ("cluster", "parts", "workers", "many")),
    *("refresh", "running.batch", "running.remote", "terminal", "cli"),
]
CONDA_NAMES = {"python-babel": "babel"}
NOT_PACKAGES = {"python", "pip"}


def project():
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def requirements():
    extras = project()["optional-dependencies"].values()
    return {
        canonicalize_name(r.name): r
        for r in map(Requirement, [*project()["dependencies"], *(x for e in extras for x in e)])
    }


def test_environment_yml_agrees_with_pyproject():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    specs = {spec for spec in environment["dependencies"] if isinstance(spec, str)}
    conda = {}
    for spec in specs:
        requirement = Requirement(spec)
        conda[CONDA_NAMES.get(requirement.name, requirement.name)] = requirement.specifier
    assert str(conda.pop("python")) == project()["requires-python"]
    conda.pop("pip")
    declared = requirements()
    assert {name: str(spec) for name, spec in conda.items()} == {
        name: str(declared[canonicalize_name(name)].specifier) for name in conda
    }
    needed = {canonicalize_name(Requirement(r).name) for r in project()["dependencies"]}
    assert needed <= {canonicalize_name(name) for name in conda}


def test_constraints_pin_every_requirement_and_name_no_address():
    text = (ROOT / "constraints.txt").read_text(encoding="utf-8")
    pins = {canonicalize_name(line.split("==")[0]): line.split("==")[1] for line in text.split()}
    assert "/" not in text
    for name, requirement in requirements().items():
        assert requirement.specifier.contains(pins[name]), name


def place_in_chain(name):
    """The module or package of the chain that a dotted name below zjlib belongs to."""
    first, *rest = name.split(".")
    return ".".join([first, *rest[:1]]) if first == "running" else first


def files_of(module):
    place = ROOT.joinpath("zjlib", *module.split("."))
    return list(place.rglob("*.py")) if place.is_dir() else [place.with_suffix(".py")]


def imports(file):
    """What a file imports of zjlib, be it within a function, or `import_module`."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        match node:
            case ast.ImportFrom(module=str(module), names=names) if module in ("zjlib", "zjlib.running"):
                found = [f"{module}.{alias.name}" for alias in names]
            case ast.ImportFrom(module=str(module)):
                found = [module]
            case ast.Import(names=names):
                found = [alias.name for alias in names]
            case ast.Call(func=ast.Name("import_module"), args=[ast.Constant(value=str(text))]):
                found = [text]
            case _:
                continue
        yield from (place_in_chain(name.removeprefix("zjlib.")) for name in found if name.startswith("zjlib."))


def test_every_module_stands_in_the_chain():
    ours = {place_in_chain(".".join(f.relative_to(ROOT / "zjlib").with_suffix("").parts)) for f in package_files()}
    assert sorted(ours) == sorted(CHAIN)


def package_files():
    """The package's files, but for what holds names together: `__init__` at the top and in `running`, and `__main__`."""
    for file in (ROOT / "zjlib").rglob("*.py"):
        if file.parent.name not in ("zjlib", "running") or not file.name.startswith("__"):
            yield file


@pytest.mark.parametrize("module", CHAIN)
def test_a_module_imports_only_from_modules_before_it_in_the_chain(module):
    reached = {name for file in files_of(module) for name in imports(file)}
    assert reached <= set(CHAIN[: CHAIN.index(module) + 1])


def numbers_of_the_report():
    """Every amount of the report, as printed, that has three significant digits or more: fewer are everyday numbers."""
    report = read_report(data_dir() / "reports" / "2023-02-13.txt")
    digits = {
        re.match(r"[\d.,]+", surface)[0].rstrip(".,")
        for surface in report.quantities["surface"]
        if surface[0].isdigit()
    }
    return sorted(number for number in digits if len(re.sub(r"[.,]", "", number).strip("0")) >= 3)


def sources():
    for file in sorted((ROOT / "zjlib").rglob("*")):
        if file.suffix in (".py", ".toml", ".j2", ".html", ".css", ".js") and "_data" not in file.parts:
            yield file.relative_to(ROOT).as_posix(), file.read_text(encoding="utf-8")
    for file in sorted((ROOT / "notebooks").glob("*.ipynb")):
        cells = json.loads(file.read_text(encoding="utf-8"))["cells"]
        yield file.relative_to(ROOT).as_posix(), "\n".join("".join(cell["source"]) for cell in cells)


def test_no_figure_of_the_report_is_written_in_code_or_in_a_notebooks_source():
    numbers = numbers_of_the_report()
    assert len(numbers) > 20
    written = re.compile(
        r"(?<![\w.,])("
        + "|".join(re.escape(n) + "|" + re.escape(n.replace(",", "")) for n in numbers)
        + r")(?![\w,]|\.\d)"
    )
    found = {name: written.findall(text) for name, text in sources()}
    assert {name: numbers for name, numbers in found.items() if numbers} == {}


@pytest.mark.parametrize(
    "word", ["pypi" + ".org", "files.python" + "hosted", "registry.npm" + "js", "/work" + "/main", "/root" + "/"]
)
def test_no_file_names_a_registry_or_a_machine(word):
    files = (
        subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    )
    assert [name for name in files if name and word.encode() in (ROOT / name).read_bytes()] == []


@pytest.mark.parametrize("folder", ["zjlib/story", "zjlib/explore", "notebooks"])
def test_the_places_and_projects_that_the_charts_are_of_are_named_in_the_data_only(folder):
    catalogue = load_catalogue()
    named = [name for name in catalogue.names.values() if name["kind"] in ("place", "project", "prefecture")]
    keys = ("label", "label_zh", "short", "short_zh")
    words = {name[key] for name in (catalogue.place, *named) for key in keys if key in name}
    # without what kind of place or project it is: 'Yunhe' of 'Yunhe County'
    words |= {word for each in words for word in re.findall(r"^[A-Z]\w+(?= [A-Z])", each)}
    files = [file for file in (ROOT / folder).glob("*") if file.suffix in (".py", ".toml", ".ipynb")]
    for file in files:
        text = file.read_text(encoding="utf-8")
        if file.suffix == ".ipynb":
            text = "".join("".join(cell["source"]) for cell in json.loads(text)["cells"])
        assert not [name for name in words if name in text], file.name
