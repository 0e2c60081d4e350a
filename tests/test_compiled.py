"""The scanner that is compiled reads what the one that is not reads."""

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not any(map(shutil.which, ("cc", "gcc", "clang"))), reason="no C compiler here"),
]

READ = """
import json, sys
from dataclasses import astuple
from datetime import date
from zjlib.scan import numerals
from zjlib.report import Document
rows = json.load(sys.stdin)
found = [
    repr(astuple(n))
    for language, text, day in rows
    for n in numerals(Document.from_text(text, language=language, date=date.fromisoformat(day)))
]
json.dump([sys.modules["zjlib.scan"].__file__, found], sys.stdout)
"""


@pytest.fixture(scope="module")
def compiled(tmp_path_factory):
    """A folder with the package as a compiled wheel has it; the sources are copied, since mypyc writes beside them."""
    source, target = tmp_path_factory.mktemp("source"), tmp_path_factory.mktemp("target")
    for name in ("zjlib", "data", "notebooks"):
        shutil.copytree(ROOT / name, source / name, ignore=shutil.ignore_patterns("*.so", "__pycache__"))
    for name in ("pyproject.toml", "README.md", "LICENSE"):
        shutil.copy(ROOT / name, source)
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    subprocess.run(build, cwd=source, env={**os.environ, "HATCH_BUILD_HOOKS_ENABLE": "1"}, check=True)
    [wheel] = target.glob("*.whl")
    zipfile.ZipFile(wheel).extractall(target)
    return target


def texts():
    """Texts of both languages: every case, and every eighth of those that were made to learn from."""
    for language, gold in (("en", "english"), ("zh", "chinese")):
        for file, step in ((f"cases/{language}.jsonl", 1), (f"gold/{gold}.jsonl", 8)):
            lines = (ROOT / "tests" / file).read_text(encoding="utf-8").splitlines()[::step]
            yield from ((language, row["text"], row["date"]) for row in map(json.loads, lines))


def read(path):
    run = subprocess.run(
        [sys.executable, "-c", READ],
        input=json.dumps(list(texts())),
        env={**os.environ, "PYTHONPATH": str(path)},
        cwd=path,
        check=True,
        capture_output=True,
        text=True,
    )
    return json.loads(run.stdout)


def test_the_compiled_scanner_reads_the_same(compiled):
    module, found = read(compiled)
    assert module.endswith((".so", ".pyd"))
    plain, expected = read(ROOT)
    assert plain.endswith(".py")
    assert len(expected) > 10_000
    assert found == expected
