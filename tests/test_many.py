"""Scanning many reports: in parts, by local processes or a Dask cluster of real processes on loopback, whatever breaks."""

import hashlib
import io
import json
import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from refreshing import REPORT, command, zjlib

from zjlib import read_document, scan
from zjlib.reports import named
from zjlib.running import many
from zjlib.running.inputs import InputError
from zjlib.running.many import scan_many
from zjlib.running.publish import BusyError

TEXT = REPORT.read_text("utf-8")


@pytest.fixture
def small_parts(monkeypatch):
    monkeypatch.setattr(many, "FILES", 2)


def reports(folder, number, text="In 2022 city {} built {} bridges for 3.5 million yuan.\n"):
    folder.mkdir(exist_ok=True)
    for i in range(number):
        (folder / f"{i:03}.txt").write_text(text.format(i, i + 2), "utf-8")
    return folder


def files(folder):
    return named([folder])


def content(folder):
    """The parts of a folder by their hashes."""
    return {
        str(file.relative_to(folder)): hashlib.sha256(file.read_bytes()).hexdigest() for file in folder.rglob("part-*")
    }


def errors(out):
    """File → why it could not be read."""
    table = pd.read_parquet(out / "_reports").dropna(subset="error")
    return dict(zip(table["file"], table["error"], strict=True))


def test_a_folder_of_parts_has_what_the_scan_of_each_report_has(tmp_path, small_parts):
    folder = reports(tmp_path / "in", 5)
    (folder / "real.txt").write_text(TEXT, "utf-8")
    total = scan_many(files(folder), tmp_path / "out")
    assert (total.reports, total.parts, total.broken) == (6, 3, 0)
    each = [scan(read_document(file)).assign(file=name) for name, file in files(folder)]
    table = pd.read_parquet(tmp_path / "out")
    pd.testing.assert_frame_equal(table, pd.concat(each, ignore_index=True), check_dtype=False)
    assert len(table) == total.rows == json.loads((tmp_path / "out" / "_scan.json").read_text())["rows"]


def test_a_row_tells_each_report_by_its_path_hash_date_and_number_of_rows(tmp_path):
    folder = reports(tmp_path / "in", 1)
    for place in ("a", "b"):
        (folder / place).mkdir()
        (folder / place / "2024.txt").write_text(f"2024-03-0{1 + (place == 'b')}: it cost 5 million yuan.", "utf-8")
    scan_many(files(folder), tmp_path / "out")
    table = pd.read_parquet(tmp_path / "out" / "_reports")
    assert list(table["file"]) == ["000.txt", "a/2024.txt", "b/2024.txt"]
    assert list(table["date"])[1:] == ["2024-03-01", "2024-03-02"]
    assert list(table["sha256"]) == [hashlib.sha256(file.read_bytes()).hexdigest() for _, file in files(folder)]
    rows = pd.read_parquet(tmp_path / "out").groupby("file").size()
    assert list(table["rows"]) == [rows[name] for name in table["file"]]


def test_what_can_not_be_read_is_listed_with_its_error_and_the_rest_is_scanned(tmp_path):
    folder = reports(tmp_path / "in", 3)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 broken")
    (folder / "sub").mkdir()
    (folder / "sub" / "empty.txt").write_bytes(b"")
    (folder / "wrong.txt").write_text("It cost 5 million yuan.", "utf-8")
    (folder / "wrong.toml").write_text('sha256 = "0000"', "utf-8")
    (folder / "long.pdf").symlink_to(folder / "nowhere")  # no file: not listed
    done = zjlib("scan", folder, "-o", tmp_path / "out")
    assert done.returncode == 1
    assert "sub/empty.txt: the file is empty" in done.stderr and "3 could not be read" in done.stderr
    told = errors(tmp_path / "out")
    assert sorted(told) == ["broken.pdf", "sub/empty.txt", "wrong.txt"]
    assert all(error.startswith(f"{name}: ") for name, error in told.items())
    assert "not a readable pdf" in told["broken.pdf"] and "sha256" in told["wrong.txt"]
    assert str(tmp_path) not in "".join(told.values()) and "/tmp" not in "".join(told.values())
    assert set(pd.read_parquet(tmp_path / "out")["file"]) == {"000.txt", "001.txt", "002.txt"}


def test_a_file_that_goes_away_or_is_too_large_is_listed(tmp_path, monkeypatch):
    folder = reports(tmp_path / "in", 2)
    monkeypatch.setattr(many, "LARGEST", 1000)
    (folder / "large.txt").write_text("9" * 2000, "utf-8")
    scan_many([*files(folder), ("gone.txt", folder / "gone.txt")], tmp_path / "out")
    told = errors(tmp_path / "out")
    assert "No such file" in told["gone.txt"] and "1,000 bytes" in told["large.txt"] and len(told) == 2


def test_a_fault_of_a_library_on_one_report_does_not_stop_the_others(monkeypatch):
    def fails(source, folder):
        if source.name == "b.txt":
            raise RecursionError("too deep")
        return real(source, folder)

    real = many._document
    monkeypatch.setattr(many, "_document", fails)
    sources = [many.Source(name, b"It cost 5 million yuan.") for name in ("a.txt", "b.txt", "c.txt")]
    answer = many.scan_part(many.Part(0, sources, False, many._code()))
    assert answer.reports["error"].to_pylist() == [None, "b.txt: RecursionError: too deep", None]
    assert list(pd.read_parquet(io.BytesIO(answer.quantities))["file"]) == ["a.txt", "c.txt"]


def test_no_quantity_at_all_gives_the_same_columns_and_types(tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.txt").write_text("No number stands here.", "utf-8")
    scan_many(files(folder), tmp_path / "none")
    scan_many(files(reports(folder, 1)), tmp_path / "some")
    none, some = (pd.read_parquet(tmp_path / name) for name in ("none", "some"))
    assert len(none) == 0 < len(some)
    assert dict(none.dtypes) == dict(some.dtypes)


def test_parts_of_unchanged_bytes_are_kept_and_those_of_gone_files_removed(tmp_path, small_parts):
    folder, out = reports(tmp_path / "in", 6), tmp_path / "out"
    scan_many(files(folder), out)
    before = {file.name: file.stat().st_ino for file in out.glob("part-*")}
    (folder / "002.txt").write_text("It cost 9 million yuan.", "utf-8")
    (folder / "004.txt").unlink()
    (folder / "005.txt").unlink()
    total = scan_many(files(folder), out)
    after = {file.name: file.stat().st_ino for file in out.glob("part-*")}
    assert (total.parts, total.kept) == (2, 1)
    assert after["part-0000000.parquet"] == before["part-0000000.parquet"]
    scan_many(files(folder), tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")


def test_a_part_with_an_unreadable_file_is_tried_again(tmp_path):
    folder = reports(tmp_path / "in", 2)
    gone = [("gone.txt", folder / "gone.txt")]
    assert scan_many(gone, tmp_path / "out").broken == 1
    assert scan_many(gone, tmp_path / "out").kept == 0


def test_a_killed_scan_goes_on_where_it_stopped(tmp_path):
    folder, out = reports(tmp_path / "in", 260, TEXT[:2000] + "\nCity {}: {} bridges.\n"), tmp_path / "out"
    process = subprocess.Popen(command("scan", folder, "-o", out), stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not list(out.glob("_reports/part-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not (out / "_scan.json").exists()
    done = [name for name in content(out) if name.startswith("_reports")]
    total = scan_many(files(folder), out)
    assert 0 < len(done) <= total.kept < total.parts
    scan_many(files(folder), tmp_path / "fresh")
    assert content(out) == content(tmp_path / "fresh")


def deadly(part):
    """A worker that dies of one report, as of one that eats its memory."""
    if any(b"deadly" in source.content for source in part.sources):
        os.kill(os.getpid(), signal.SIGKILL)
    return many.scan_part(part)


def test_a_report_that_its_worker_dies_of_is_listed_and_the_rest_is_scanned(tmp_path, small_parts, monkeypatch):
    folder = reports(tmp_path / "in", 6)
    (folder / "002.txt").write_text("deadly", "utf-8")
    monkeypatch.setattr(many, "scan_part", deadly)  # here alone: in the workers it is the real one
    total = scan_many(files(folder), tmp_path / "out")
    assert (total.reports, total.broken) == (6, 1)
    assert "workers die of it" in errors(tmp_path / "out")["002.txt"]
    assert set(pd.read_parquet(tmp_path / "out")["file"]) == {f"{i:03}.txt" for i in (0, 1, 3, 4, 5)}


def test_no_more_files_are_read_than_keep_the_workers_busy(tmp_path, small_parts):
    folder = reports(tmp_path / "in", 80)
    taken, ahead = [], []

    def watched():
        for name, file in files(folder):
            taken.append(name)
            yield name, file

    scan_many(watched(), tmp_path / "out", told=lambda total, _: ahead.append(len(taken) - total.reports))
    cores = len(os.sched_getaffinity(0))
    assert max(ahead) <= 2 * (2 * cores + 2) < 80


@pytest.mark.parametrize("ending", ["csv", "jsonl", "parquet"])
def test_a_folder_is_scanned_into_one_file_that_grows(tmp_path, ending):
    folder = reports(tmp_path / "in", 3)
    done = zjlib("scan", folder, "-o", tmp_path / f"all.{ending}")
    assert done.returncode == 0, done.stderr
    scan_many(files(folder), tmp_path / "out")
    expected = pd.read_parquet(tmp_path / "out")
    readers = {
        "csv": pd.read_csv,
        "jsonl": lambda f: pd.read_json(f, lines=True, dtype={"period": str}),
        "parquet": pd.read_parquet,
    }
    table = readers[ending](tmp_path / f"all.{ending}")
    assert list(table.columns) == list(expected.columns)
    assert table["value"].tolist() == expected["value"].tolist() and table["file"].tolist() == expected["file"].tolist()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(["in", "out", f"all.{ending}"])


def test_a_second_scan_into_the_same_folder_is_refused(tmp_path):
    folder, out = reports(tmp_path / "in", 1), tmp_path / "out"

    def second(total, errors):
        with pytest.raises(BusyError, match="another scan"):
            scan_many(files(folder), out)

    assert scan_many(files(folder), out, told=second).reports == 1


def test_a_folder_of_something_else_is_left_alone(tmp_path):
    folder, out = reports(tmp_path / "in", 1), tmp_path / "out"
    out.mkdir()
    (out / "part-0000000.parquet").write_text("not ours")
    with pytest.raises(InputError, match="holds other files"):
        scan_many(files(folder), out)
    assert [file.read_text() for file in out.iterdir()] == ["not ours"]


def test_a_worker_with_another_zjlib_is_refused():
    part = many.Part(0, [], False, many._code())
    with pytest.raises(InputError, match="another version"):
        many.scan_part(replace(part, code="other"))


def test_the_version_covers_every_module_that_a_scan_imports():
    code = "import sys, zjlib.scan, zjlib.report, zjlib.pdf; print(*[m.__file__ for n, m in sys.modules.items() if n.startswith('zjlib.')])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert {Path(file) for file in run.stdout.split()} <= many.code_files()


def test_a_folder_with_no_report_and_a_cluster_with_no_output_are_bad_arguments(tmp_path):
    done = zjlib("scan", tmp_path, "-o", tmp_path / "out")
    assert done.returncode == 2 and "no report in this folder" in done.stderr
    done = zjlib("scan", tmp_path, "--scheduler", "tcp://127.0.0.1:1")
    assert done.returncode == 2 and "-o" in done.stderr


SCHEDULER = """
import asyncio
from distributed import Scheduler
async def run():
    async with Scheduler(host="127.0.0.1", port=0, dashboard_address=":0") as scheduler:
        print(scheduler.address, flush=True)
        await scheduler.finished()
asyncio.run(run())
"""
WORKER = """
import asyncio, sys
from distributed import Worker
async def run():
    async with Worker(sys.argv[1], nthreads=1) as worker:
        print(worker.address, flush=True)
        await worker.finished()
asyncio.run(run())
"""


def started(code, *arguments):
    """A process, and the address that it prints."""
    process = subprocess.Popen([sys.executable, "-c", code, *arguments], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


@contextmanager
def running(workers):
    """A real scheduler's process and address, and its worker processes by their addresses."""
    pytest.importorskip("distributed")
    scheduler, address = started(SCHEDULER)
    by_name = {name: process for process, name in (started(WORKER, address) for _ in range(workers))}
    try:
        yield scheduler, address, by_name
    finally:
        for process in (*by_name.values(), scheduler):
            process.kill()
            process.wait()


@pytest.fixture(scope="module")
def cluster():
    with running(workers=2) as (_, address, workers):
        yield address, workers


def test_a_cluster_gives_the_same_bytes_as_this_machine(cluster, tmp_path):
    folder = reports(tmp_path / "in", 70)
    (folder / "broken.txt").write_bytes(b"")
    done = zjlib("scan", folder, "--scheduler", cluster[0], "-o", tmp_path / "there")
    assert done.returncode == 1 and "broken.txt: the file is empty" in done.stderr
    scan_many(files(folder), tmp_path / "here")
    assert len(content(tmp_path / "here")) == 4
    assert content(tmp_path / "there") == content(tmp_path / "here")


def test_a_cluster_worker_killed_in_the_middle_gives_the_same_bytes(cluster, tmp_path, small_parts):
    from distributed import Client

    address, workers = cluster
    folder = reports(tmp_path / "in", 24, TEXT + "\nCity {}: {} bridges.\n")
    killed = []

    def kill_a_busy_one(total, errors):
        busy = [name for name, tasks in client.processing().items() if tasks]
        if busy and not killed:
            workers[busy[0]].kill()
            killed.append((busy[0], total.parts))

    with Client(address, set_as_default=False) as client:
        total = scan_many(files(folder), tmp_path / "there", scheduler=address, told=kill_a_busy_one)
    [(name, parts)] = killed
    assert parts < total.parts == 12 and total.broken == 0
    assert workers[name].wait(10) == -signal.SIGKILL
    scan_many(files(folder), tmp_path / "here")
    assert content(tmp_path / "there") == content(tmp_path / "here")


def test_a_scheduler_that_goes_away_is_said_so_and_the_scan_goes_on_later(tmp_path, small_parts):
    folder, out = reports(tmp_path / "in", 40, TEXT + "\nCity {}: {} bridges.\n"), tmp_path / "out"
    with running(workers=1) as (scheduler, address, _), pytest.raises(InputError, match="run the same command again"):
        scan_many(files(folder), out, scheduler=address, told=lambda total, _: scheduler.kill())
    assert not (out / "_scan.json").exists()
    total = scan_many(files(folder), out)
    assert 0 < total.kept < total.parts == 20
