"""What a refresh takes in: the report, the notebooks, their parameters, read once and known by their hashes."""

import ast
import hashlib
import json
import platform
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from importlib.metadata import version
from pathlib import Path
from typing import Any

import zjlib
from zjlib.errors import ZjlibError
from zjlib.nearest import nearest
from zjlib.paths import data_dir, notebooks_dir
from zjlib.reports import newest_report
from zjlib.running.execute import Task, parameters_of

_LIBRARIES = ("pandas", "plotly", "nbconvert", "ipykernel", "papermill")


class InputError(ZjlibError, ValueError):
    """An argument or a report that can't be used. The message says what was expected and what to do."""


class UnreadableError(InputError):
    """A report whose file can't be read."""


@dataclass(frozen=True)
class Options:
    """What to refresh, and how. Sizes in bytes, times in seconds."""

    report: Path | None = None
    out: Path = Path("build")
    parameters: Mapping[str, str] = field(default_factory=dict)
    notebooks: tuple[str, ...] = ()
    folder: Path | None = None  # of notebooks
    workers: int = 2
    scheduler: str | None = None
    timeout: float = 120.0
    memory: int | None = 4 << 30
    output: int = 20_000_000
    keep: int = 10
    force: bool = False
    allow_failing: tuple[str, ...] = ()
    fail_on: str | None = None
    allow_gone: bool = False


class Inputs:
    """All that decides about the outcome, read once: what changes on the disk later doesn't matter to this run."""

    def __init__(self, options: Options):
        """Read them. Raises InputError."""
        self.options = options
        self.report = options.report or _newest_report()
        self.files = {f"report/{self.report.name}": read_steady(self.report)}
        sidecar = self.report.with_suffix(".toml")
        if sidecar.is_file():
            self.files[f"report/{sidecar.name}"] = read_steady(sidecar)
        self.notebooks = _notebooks(options)
        self.tasks = self._tasks()
        self._hashes = self._all_hashes()
        self.key = _hash(self._hashes)

    def record(self) -> dict[str, Any]:
        """The inputs by their hashes, for run.json: a copy."""
        record: dict[str, Any] = json.loads(json.dumps(self._hashes))
        return record | {"key": self.key}

    def _all_hashes(self) -> dict[str, Any]:
        data = data_dir()
        watched = [f for f in sorted(data.iterdir()) if f.is_file() and not f.name.startswith(".")]
        return {
            "report": {"file": self.report.name, "sha256": _sha(self.files[f"report/{self.report.name}"])},
            "source": {name: _sha(content) for name, content in self.files.items()},
            "notebooks": {name: {"sha256": _sha(content)} for name, content in self.notebooks.items()},
            "data": {f.name: _sha(f.read_bytes()) for f in watched},
            "code": code_hash(),
            "parameters": {task.name: dict(task.parameters) for task in self.tasks},
            "allowed": sorted(self.options.allow_failing),
            "versions": {"zjlib": zjlib.__version__, "python": platform.python_version()}
            | {n: version(n) for n in _LIBRARIES},
        }

    def _tasks(self) -> list[Task]:
        options, known = self.options, {name: parameters_of(content) for name, content in self.notebooks.items()}
        everywhere = {name for declared in known.values() for name in declared}
        for name in options.parameters:
            if name == "report_file":
                raise InputError(
                    "-p report_file: the notebooks read the report of this refresh; give it as --report FILE"
                )
            if name not in everywhere:
                raise InputError(f"-p {name}: no notebook has such a parameter{_meant(name, everywhere)}")
        tasks = []
        for name, content in self.notebooks.items():
            declared = known[name]
            given = {k: typed(k, v, declared[k]) for k, v in options.parameters.items() if k in declared}
            if given:
                _refuse_unsayable(declared | given)
            if "report_file" in declared:  # relative to the folder that the notebook runs in
                given.setdefault("report_file", f"report/{self.report.name}")
            tasks.append(Task(name, content, given, self.files, options.timeout, options.memory, options.output))
        return tasks


def _refuse_unsayable(parameters: Mapping[str, Any]) -> None:
    """Refuse at once what a notebook that tells its figures by them would fail on. Raises InputError."""
    from zjlib.drawing.words import Wording

    saying = [each.name for each in fields(Wording)]
    if not parameters.keys() >= {*saying}:
        return
    try:
        Wording(**{name: parameters[name] for name in saying})
    except ValueError as problem:
        raise InputError(f"-p: {problem}") from None


def code_hash() -> str:
    """A hash over the package's own files: other code may give another site."""
    package = Path(zjlib.__file__).parent
    files = [f for f in sorted(package.rglob("*")) if f.suffix in {".py", ".toml", ".j2", ".css", ".js"}]
    return _hash({f.relative_to(package).as_posix(): _sha(f.read_bytes()) for f in files})


def typed(name: str, text: str, default: Any) -> Any:
    """A parameter given as text, in the type of the notebook's own value. Raises InputError."""
    if isinstance(default, str):
        return text
    try:
        value = ast.literal_eval(
            {"true": "True", "false": "False", "null": "None", "none": "None"}.get(text.lower(), text)
        )
    except (ValueError, SyntaxError, TypeError):
        value = text
    if default is None or type(value) is type(default):
        return value
    if isinstance(default, float) and type(value) is int:
        return float(value)
    raise InputError(f"-p {name} {text}: expected a {type(default).__name__}, such as {default!r}")


def read_steady(file: Path) -> bytes:
    """A file's bytes, not from the middle of somebody's writing. Raises UnreadableError, InputError for a folder."""
    try:
        for _ in range(50):
            before = file.stat()
            content = file.read_bytes()
            after = file.stat()
            if (before.st_mtime_ns, before.st_size) == (after.st_mtime_ns, after.st_size) and after.st_size == len(
                content
            ):
                return content
            time.sleep(0.1)
    except IsADirectoryError:
        raise InputError(f"{file}: is a folder; name a report's file, or give the folder to --reports") from None
    except OSError as problem:
        told = (problem.strerror or str(problem)).lower()
        raise UnreadableError(f"{file}: {told}; check the path and its permissions") from None
    raise UnreadableError(f"{file}: is being written all the time; try again when that has ended")


def _meant(name: str, known: Iterable[str]) -> str:
    """The names most like one, or all that there are."""
    known = sorted(known)
    return nearest(name, known) or f"; there are: {', '.join(known) or 'none'}"


def _notebooks(options: Options) -> dict[str, bytes]:
    folder = options.folder or notebooks_dir()
    files = {file.stem: file for file in sorted(folder.glob("*.ipynb"))}
    if not files:
        raise InputError(f"{folder}: no notebook there")
    if taken := {"index", "data"} & set(files):
        name = min(taken)
        raise InputError(f"{folder}: {name}.ipynb: the site has a page of that name; give the notebook another one")
    wanted = [name.removesuffix(".ipynb") for name in options.notebooks] or list(files)
    for name in wanted:
        if name not in files:
            raise InputError(f"--notebook {name}: no such notebook in {folder}{_meant(name, files)}")
    return {name: files[name].read_bytes() for name in files if name in wanted}


def _newest_report() -> Path:
    if (newest := newest_report()) is None:
        raise InputError(f"{data_dir() / 'reports'}: no report there; name one with --report")
    return newest


def _sha(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _hash(facts: Any) -> str:
    return _sha(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode("utf-8"))
