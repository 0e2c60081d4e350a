"""One notebook run by papermill in a process of its own: its outputs, or why it broke.

papermill calls a run good that is not (a cell that leaves with `sys.exit(0)`, a kernel that dies), and writes local paths into
what it saves. So a run is judged by its execution counts, and what leaves here has been cleaned.
"""

# papermill and nbclient have no types
# mypy: disable-error-code="no-untyped-call,override,union-attr,attr-defined"

import ast
import json
import os
import re
import sys
import tempfile
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from zjlib.running import kernels

Notebook = dict[str, Any]
_STARTS = 3  # of a kernel that dies before it answers


@dataclass(frozen=True)
class Task:
    """All that a run needs, so that it can be sent to another machine."""

    name: str
    notebook: bytes
    parameters: Mapping[str, Any]
    files: Mapping[str, bytes]  # path below the folder where the notebook runs → content
    timeout: float = 120.0  # seconds a cell may take
    memory: int | None = None  # bytes a kernel may use
    output: int = 20_000_000  # bytes a notebook may print


@dataclass(frozen=True)
class Result:
    """What became of a task. `notebook` is the executed notebook, cleaned; `error` one line, or None for a good run."""

    name: str
    notebook: bytes
    error: str | None = None
    traceback: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)


def load_libraries() -> None:
    """Import what `execute` needs (half a second), at a moment when there is time for it."""
    kernels.skip_slow_grammar()
    import papermill  # noqa: F401


def execute(task: Task) -> Result:
    """Run one notebook. Never raises for what the notebook does; the error is told in the result."""
    load_libraries()
    import nbformat
    from papermill.execute import execute_notebook

    _register_engine()
    start = time.perf_counter()
    error, trace = None, ""
    with tempfile.TemporaryDirectory(prefix="zjlib-") as folder:
        for path, content in task.files.items():
            file = Path(folder, path)
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content)
        source = Path(folder, f"{task.name}.ipynb")
        source.write_bytes(task.notebook)
        guard: dict[str, Any] = {"left": task.output, "notebook": None}
        try:
            execute_notebook(
                str(source).replace("{", "{{").replace("}", "}}"),  # papermill fills in braces
                None,
                dict(task.parameters),
                engine_name="zjlib",
                kernel_name="python3",
                progress_bar=False,
                execution_timeout=task.timeout,
                guard=guard,
                folder=folder,
                memory=task.memory,
            )
        except Exception as problem:
            error, trace = _reason(problem, task), str(problem)
        executed = guard["notebook"] or nbformat.reads(task.notebook.decode("utf-8"), as_version=4)
        if guard["left"] < 0:
            error = f"printed more than {task.output / 1e6:g} MB; print less, or write to a file"
        error = error or _unfinished(executed)
        text = _cleaned(executed, folder)
    seconds = {"total": time.perf_counter() - start, "kernel": guard.get("ready", start) - start}
    return Result(
        task.name, text.encode("utf-8"), error, scrub(trace, folder), {k: round(v, 3) for k, v in seconds.items()}
    )


def _register_engine() -> None:
    from nbclient.client import CellExecutionComplete
    from papermill.clientwrap import PapermillNotebookClient
    from papermill.engines import NBClientEngine, papermill_engines

    if "zjlib" in papermill_engines._engines:
        return

    class Client(PapermillNotebookClient):
        """Stops a kernel that prints without end."""

        guard: dict[str, Any]

        def papermill_execute_cells(self) -> None:
            self.guard["ready"] = time.perf_counter()
            super().papermill_execute_cells()

        def process_message(self, msg: Any, *args: Any, **kwargs: Any) -> Any:
            content = msg["content"]
            self.guard["left"] -= len(content.get("text", "")) + sum(
                len(str(v)) for v in content.get("data", {}).values()
            )
            if self.guard["left"] < 0:
                os.kill(self.km.provisioner.pid, 9)
                raise CellExecutionComplete  # nothing more is read from it
            return super().process_message(msg, *args, **kwargs)

    class Engine(NBClientEngine):
        """nbclient with warm kernels, a folder of its own (never the process's), and limits."""

        @classmethod
        def execute_managed_notebook(cls, nb_man: Any, kernel_name: str, **options: Any) -> Any:
            guard = options["guard"]
            guard["notebook"] = nb_man.nb
            warm = {"kernel_manager_class": kernels.manager_class(options["memory"])} if kernels.can_fork() else {}
            for start in range(1, _STARTS + 1):
                client = Client(
                    nb_man,
                    kernel_name=kernel_name,
                    timeout=options["execution_timeout"],
                    startup_timeout=options["start_timeout"],
                    resources={"metadata": {"path": options["folder"]}},
                    shutdown_kernel="immediate",
                    store_widget_state=False,
                    record_timing=False,
                    coalesce_streams=True,
                    **warm,
                )
                client.guard = guard
                try:
                    return client.execute()
                except kernels.KernelStartError:
                    if start == _STARTS:
                        raise

    papermill_engines.register("zjlib", Engine)


def _reason(problem: Exception, task: Task) -> str:
    kind = type(problem).__name__
    if kind == "PapermillExecutionError":
        name, value = getattr(problem, "ename", "error"), str(getattr(problem, "evalue", ""))
        where = getattr(problem, "exec_count", None)
        return f"cell [{where}] raised {name}: {value.splitlines()[0] if value else ''}".rstrip(": ")
    if kind == "CellTimeoutError":
        return f"a cell took longer than {task.timeout:g} seconds; make it faster or raise --timeout"
    if kind == "DeadKernelError":
        return "its kernel died (killed, or out of memory)"
    return f"{kind}: {str(problem).strip().splitlines()[0] if str(problem).strip() else ''}".rstrip(": ")


def _unfinished(notebook: Notebook) -> str | None:
    """Why a run that papermill calls good is not: a code cell that never ran."""
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code" and cell["source"].strip()]
    for number, cell in enumerate(cells, 1):
        if cell.get("execution_count") is None:
            return f"stopped before code cell {number} of {len(cells)} (a cell left with sys.exit, or the kernel died)"
        if any(output["output_type"] == "error" for output in cell["outputs"]):
            return f"code cell {number} of {len(cells)} ended in an error"
    return None


def _cleaned(notebook: Notebook, folder: str) -> str:
    """The notebook's JSON without papermill's traces, clocks, random ids and local paths."""
    notebook["metadata"].pop("papermill", None)
    for number, cell in enumerate(notebook["cells"]):
        cell["metadata"].pop("papermill", None)
        cell["metadata"].pop("execution", None)
        tags = cell["metadata"].get("tags", [])
        if not tags:
            cell["metadata"].pop("tags", None)
        if "injected-parameters" in tags:
            cell["id"] = f"injected-parameters-{number}"
    return scrub(json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n", folder)


def scrub(text: str, folder: str) -> str:
    """`text` with no path of this machine in it."""
    text = re.sub(r"(/private)?/[\w/.-]*/ipykernel_\d+/\d+\.py", "<cell>", text)
    own = str(Path(__file__).resolve().parents[2])
    for path, name in (
        (folder, "."),
        (own, "<zjlib>"),
        (sys.prefix, "<python>"),
        (sys.base_prefix, "<python>"),
        (str(Path.home()), "~"),
    ):
        if len(path) > 1:
            written = "|".join(map(re.escape, (path, json.dumps(path, ensure_ascii=False)[1:-1])))
            # Where a path begins and ends, be it after a new line or a colour: not within an address or a picture.
            begins = r"(?<![\w~./-])|(?<=\\[nt])|(?<=\dm)|(?<=file://)"
            text = re.sub(f"(?:{begins})(?:{written})(?![\\w-])", name, text)
    return text


def parameters_of(notebook: bytes) -> dict[str, Any]:
    """The parameters that a notebook declares, with their defaults: the literals of its cell tagged `parameters`."""
    for cell in json.loads(notebook)["cells"]:
        if "parameters" in cell["metadata"].get("tags", []):
            tree = ast.parse("".join(cell["source"]))
            named = [(node.targets[0], node.value) for node in tree.body if isinstance(node, ast.Assign)]
            named += [(node.target, node.value) for node in tree.body if isinstance(node, ast.AnnAssign) and node.value]
            return {target.id: ast.literal_eval(value) for target, value in named if isinstance(target, ast.Name)}
    return {}
