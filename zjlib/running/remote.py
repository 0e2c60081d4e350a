"""An output folder in an object store (s3://…, or whatever else fsspec reaches).

A store has no rename, but it replaces one object in one step. So each run goes up under its own name, and the last thing
written is `index.html`, which leads to it: whoever comes before that sees the last good site, whole.

It has no lock either: of two refreshes at once both publish, so that whoever schedules them must run one at a time.

    <url>/index.html      leads to the last good run's site
    <url>/current.json    its name
    <url>/runs/<id>/…  <url>/failed/<id>/…  <url>/last.json    as in a local output folder
"""

# mypy: disable-error-code="import-untyped"

import json
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from html import escape
from pathlib import Path
from typing import Any

from zjlib.refresh import Outcome
from zjlib.running.execute import scrub
from zjlib.running.inputs import InputError, Options

_LEAD = """<!doctype html><meta charset="utf-8"><title>{id}</title><meta http-equiv="refresh" content="0; url=runs/{id}/site/index.html">
<a href="runs/{id}/site/index.html">runs/{id}</a>
"""


def refresh_remote(url: str, options: Options, work: Callable[[Options], Outcome]) -> Outcome:
    """Do `work` in a local folder that knows the last good run at `url`, then bring up what it left."""
    with mirrored(url) as (folder, store, root):
        try:
            outcome = work(replace(options, out=folder))
        except InputError:
            with suppress(Exception):  # the input's fault is the one to be told
                _bring_last(folder, store, root)
            raise
        try:
            if outcome.folder and outcome.status != "unchanged":
                place = f"{root}/{outcome.folder.parent.name}/{outcome.folder.name}"
                store.put(f"{outcome.folder}/", f"{place}/", recursive=True)
            _bring_last(folder, store, root)
            if outcome.status == "published" and outcome.folder:
                id = outcome.folder.name
                store.pipe_file(f"{root}/current.json", json.dumps({"run": id}).encode())
                store.pipe_file(f"{root}/index.html", _LEAD.format(id=escape(id)).encode())
                _prune(store, root, id, options.keep)
        except Exception as problem:  # each store has errors of its own
            return Outcome("failed", f"{type(problem).__name__} while writing to {url}: {problem}", outcome.run)
        return replace(outcome, folder=None)


@contextmanager
def mirrored(url: str) -> Iterator[tuple[Path, Any, str]]:
    """A local output folder with what is needed of the one at `url` to compare with and to tell its age. Raises InputError."""
    try:
        import fsspec

        store, root = fsspec.core.url_to_fs(url)
        # What others wrote counts, not what was listed before.
        store.invalidate_cache()
        id = json.loads(store.cat_file(f"{root}/current.json"))["run"] if store.exists(f"{root}/current.json") else None
    except ModuleNotFoundError as problem:
        raise InputError(f"--out {url}: needs {problem.name}; pip install 'zjlib[s3]'") from None
    except Exception as problem:  # each store has errors of its own
        raise InputError(f"--out {url}: can't be reached ({type(problem).__name__}: {problem})") from None
    with tempfile.TemporaryDirectory(prefix="zjlib-") as temporary:
        folder = Path(temporary)
        with suppress(FileNotFoundError):
            (folder / "last.json").write_bytes(store.cat_file(f"{root}/last.json"))
        if id:
            run = folder / "runs" / id
            (run / "site").mkdir(parents=True)
            for name in ("run.json", "figures.json"):
                with suppress(FileNotFoundError):
                    (run / name).write_bytes(store.cat_file(f"{root}/runs/{id}/{name}"))
            (folder / "site").symlink_to(Path("runs", id, "site"))
        yield folder, store, root


def _bring_last(folder: Path, store: Any, root: str) -> None:
    if (folder / "last.json").exists():
        told = scrub((folder / "last.json").read_text("utf-8"), str(folder))
        store.pipe_file(f"{root}/last.json", told.encode("utf-8"))


def _prune(store: Any, root: str, shown: str, keep: int) -> None:
    for kind in ("runs", "failed"):
        if store.exists(f"{root}/{kind}"):
            names = sorted(place.rstrip("/").rpartition("/")[2] for place in store.ls(f"{root}/{kind}", detail=False))
            for name in names[: -max(keep, 1)]:
                if name != shown:
                    store.rm(f"{root}/{kind}/{name}", recursive=True)
