"""Past one machine: the same tasks on a Dask cluster of real processes on loopback, and many reports at once."""

import hashlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from refreshing import CHART, REPORT, content, notebook, zjlib

from zjlib.refresh import refresh
from zjlib.running.batch import put_away, refresh_folder
from zjlib.running.inputs import InputError, Options, UnreadableError

distributed = pytest.importorskip("distributed")
pytestmark = pytest.mark.slow


def started(code):
    process = subprocess.Popen([sys.executable, "-c", code], stdout=subprocess.PIPE, text=True)
    return process, process.stdout.readline().strip()


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
import asyncio
from distributed import Worker
async def run():
    async with Worker({!r}, nthreads=1) as worker:
        print(worker.address, flush=True)
        await worker.finished()
asyncio.run(run())
"""


@pytest.fixture
def cluster():
    """A scheduler's address and two worker processes."""
    scheduler, address = started(SCHEDULER)
    workers = [started(WORKER.format(address))[0] for _ in range(2)]
    yield address, workers
    for process in (*workers, scheduler):
        process.kill()
        process.wait()


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    folder = tmp_path_factory.mktemp("notebooks")
    notebook(folder, "00_summary", CHART)
    return notebook(folder, "01_more", "import time\ntime.sleep(3)", "print(count)")


def test_a_refresh_on_a_cluster_gives_the_same_bytes(cluster, notebooks, tmp_path):
    here = refresh(Options(folder=notebooks, out=tmp_path / "here"))
    there = refresh(Options(folder=notebooks, out=tmp_path / "there", scheduler=cluster[0]))
    assert (here.status, there.status) == ("published", "published"), there.reason
    assert content(tmp_path / "here" / "site") == content(tmp_path / "there" / "site")


def test_a_worker_killed_in_the_middle_costs_only_time(cluster, notebooks, tmp_path):
    address, workers = cluster
    assert refresh(Options(folder=notebooks, out=tmp_path / "here")).status == "published"
    client = distributed.Client(address)

    def kill_the_busy_one():
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            running = [w for w, tasks in client.processing().items() if tasks]
            if running:
                time.sleep(1.5)
                pids = client.run(os.getpid)
                os.kill(pids[running[0]], signal.SIGKILL)
                return
            time.sleep(0.05)

    killer = threading.Thread(target=kill_the_busy_one)
    killer.start()
    outcome = refresh(Options(folder=notebooks, out=tmp_path / "there", scheduler=address))
    killer.join()
    client.close()
    assert outcome.status == "published", outcome.reason
    assert sum(process.poll() is not None for process in workers) == 1
    assert content(tmp_path / "here" / "site") == content(tmp_path / "there" / "site")


def test_no_scheduler_at_the_address_is_said_so(notebooks, tmp_path):
    with pytest.raises(InputError, match="no Dask scheduler answers there"):
        refresh(Options(folder=notebooks, out=tmp_path, scheduler="tcp://127.0.0.1:1"))


def test_one_site_over_many_reports_with_an_index_that_compares_them(notebooks, tmp_path):
    folder, out = tmp_path / "reports", tmp_path / "out"
    folder.mkdir()
    text = REPORT.read_text("utf-8")
    (folder / "a.txt").write_text(text, "utf-8")
    (folder / "b.txt").write_text(text + "\nIt cost 7 million yuan.\n", "utf-8")
    (folder / "other.txt").write_text("The orchestra played for 90 minutes.\n", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    arguments = [
        "refresh",
        "--reports",
        folder,
        "--out",
        out,
        "--notebooks",
        notebooks,
        "--notebook",
        "00_summary",
        "--log-format",
        "json",
    ]
    done = zjlib(*arguments)
    told = json.loads(done.stdout)
    assert told["status"] == "published", done.stdout + done.stderr
    assert told["reason"].startswith("1 of 4 reports; b has no pages: check coverage fails")
    assert "; broken has no pages: broken.pdf: not a readable pdf" in told["reason"]
    assert not [f for f in out.rglob("*.html") if str(tmp_path) in f.read_text("utf-8")]
    index = (out / "site" / "index.html").read_text("utf-8")
    assert 'href="a/index.html"' in index and (out / "site" / "a" / "index.html").is_file()
    assert "nothing in other.txt is claimed" in index and not (out / "site" / "other").exists()
    for own in (file.name for file in (out / "site").iterdir() if file.is_file()):
        (tmp_path / own).mkdir()
        (tmp_path / own / f"{own}.txt").write_text(text, "utf-8")
        with pytest.raises(InputError, match=f"{own}.txt: the site has a file {own}"):
            refresh_folder(Options(folder=notebooks, out=tmp_path / "own"), tmp_path / own, print)
    assert json.loads(zjlib(*arguments).stdout)["status"] == "unchanged"
    for _ in range(2):
        zjlib(*arguments, "--force", "--keep", "1")
    assert [run.resolve() for run in (out / "runs").iterdir()] == [(out / "site").resolve().parent]


def test_reports_of_which_none_has_pages_are_compared_all_the_same_and_each_reason_is_told_once(notebooks, tmp_path):
    folder, out = tmp_path / "reports", tmp_path / "out"
    folder.mkdir()
    for name, growth in (("2026-one", "4.5-5%"), ("2026-two", "5%以上")):
        text = f"政府工作报告\n2026年1月20日\n今年发展主要预期目标是：地区生产总值增长{growth}。\n"
        (folder / f"{name}.txt").write_text(text, "utf-8")
    arguments = ("refresh", "--reports", folder, "--out", out, "--notebooks", notebooks, "--notebook", "00_summary")
    done = zjlib(*arguments)
    assert done.returncode == 0 and done.stdout.startswith("published: 0 of 2 reports"), done.stderr
    assert done.stdout.count("is claimed by the catalogue") == 1
    assert "; 2026-one, 2026-two have no pages: nothing in it is claimed by the catalogue" in done.stdout
    index = (out / "site" / "index.html").read_text("utf-8")
    assert "4.5 – 5" in index and "≥ 5" in index and "nothing in 2026-two.txt is claimed" in index
    assert zjlib(*arguments).stdout.startswith("unchanged")
    (folder / "2023.txt").write_bytes(REPORT.read_bytes())
    assert zjlib(*arguments).stdout.startswith("published: 1 of 3 reports")
    (folder / "2023.txt").unlink()
    done = zjlib(*arguments)
    assert done.returncode == 1 and "none of its reports has pages any more: 0 of 2 reports; 2026-one, " in done.stderr
    assert (out / "site" / "2023" / "index.html").is_file()


def test_reports_with_no_pages_and_nothing_to_compare_fail_with_the_reasons(notebooks, tmp_path):
    folder = tmp_path / "reports"
    folder.mkdir()
    (folder / "other.txt").write_text("The orchestra played for 90 minutes.\n", "utf-8")
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7 no more")
    done = zjlib("refresh", "--reports", folder, "--out", tmp_path / "out", "--notebooks", notebooks)
    status = zjlib("status", "--out", tmp_path / "out").stdout
    assert done.returncode == 1
    for told in (done.stderr, status):
        assert "broken has no pages: broken.pdf: not a readable pdf" in told
        assert "other has no pages: nothing in it is claimed by the catalogue" in told


def test_an_inbox_takes_the_newest_report_once_and_moves_it_only_when_published(notebooks, tmp_path):
    folder, out = tmp_path / "inbox", tmp_path / "out"
    folder.mkdir()
    (folder / "broken.txt").write_text("Nothing here.\n", "utf-8")
    arguments = [
        "refresh",
        "--inbox",
        folder,
        "--out",
        out,
        "--notebooks",
        notebooks,
        "--notebook",
        "00_summary",
        "--log-format",
        "json",
    ]

    def told():
        return json.loads(zjlib(*arguments).stdout)

    assert told()["status"] == "failed" and (folder / "broken.txt").exists()
    os.utime(folder / "broken.txt", (1, 1))
    (folder / "good.txt").write_bytes(REPORT.read_bytes())
    assert told()["status"] == "published"
    assert [f.name for f in (folder / "done").iterdir()] == ["good.txt"]
    over = "broken.txt (no day in its name or in broken.toml beside it)"
    assert told() | {"run": None, "seconds": None, "site": None} == {
        "status": "unchanged", "reason": f"no new report in {folder}; passed over: {over}",
        "code": 0, "run": None, "seconds": None, "site": None,
    }  # fmt: skip
    assert (folder / "broken.txt").exists()


def test_an_inbox_passes_over_what_can_not_be_read_and_takes_the_next_newest(notebooks, tmp_path):
    folder, out = tmp_path / "inbox", tmp_path / "out"
    folder.mkdir()
    (folder / "good.txt").write_bytes(REPORT.read_bytes())
    for name in ("cut.pdf", "~$good.docx"):
        (folder / name).write_bytes(b"%PDF-1.7 no more")
        os.utime(folder / name, (2**31, 2**31))
    arguments = ("refresh", "--inbox", folder, "--out", out, "--notebooks", notebooks, "--notebook", "00_summary")
    done = zjlib(*arguments)
    assert done.returncode == 0, done.stderr
    [warning] = [line for line in done.stderr.splitlines() if line.startswith("zjlib: ")]
    assert f"{folder / 'cut.pdf'}: not a readable pdf" in warning and "the next newest is tried" in warning
    assert [f.name for f in (folder / "done").iterdir()] == ["good.txt"] and (folder / "cut.pdf").is_file()
    done = zjlib(*arguments)
    assert done.returncode == 2 and "cut.pdf: not a readable pdf" in done.stderr and (folder / "cut.pdf").is_file()


@pytest.fixture
def inbox(notebooks, tmp_path):
    """Puts files with the text of the report into an inbox, each with a time of its own, and refreshes from it."""
    folder = tmp_path / "inbox"
    folder.mkdir()

    def drop(**files):
        for name, written in files.items():
            file = folder / f"{name.removeprefix('_').replace('_', '-')}.txt"
            file.write_text(f"{REPORT.read_text('utf-8')}\n{name}\n", "utf-8")
            os.utime(file, (written, written))
        arguments = ("--out", tmp_path / "out", "--notebooks", notebooks, "--notebook", "00_summary")
        done = zjlib("refresh", "--inbox", folder, *arguments)
        assert done.returncode == 0, done.stderr
        return done, sorted(file.name for file in folder.iterdir() if file.is_file())

    return drop


def test_a_later_report_of_an_inbox_is_taken_whatever_the_time_on_its_file(inbox):
    assert inbox(_2023_02_13=2000)[0].stdout.startswith("published")
    done, left = inbox(_2024_02_19=1000)
    assert done.stdout.startswith("published") and left == []
    done, left = inbox(_2024_02_19_corrected=1)
    assert done.stdout.startswith("published") and left == []
    done, left = inbox(_2023_06_01=3000)
    over = "2023-06-01.txt (older than 2024-02-19-corrected.txt)"
    assert "unchanged: no new report in" in done.stdout and f"; passed over: {over}; " in done.stdout
    assert "2023-06-01.txt: passed over: older than 2024-02-19-corrected.txt; publish it with --report" in done.stderr
    assert left == ["2023-06-01.txt"]
    done, left = inbox()
    assert over in done.stdout and "passed over" not in done.stderr and left == ["2023-06-01.txt"]


def test_of_several_reports_in_an_inbox_the_one_of_the_latest_day_is_taken_and_the_others_are_named(inbox):
    done, left = inbox(_2024_02_19=1000, _2024_02_21=500, undated=3000)
    assert done.stdout.startswith("published") and left == ["2024-02-19.txt", "undated.txt"]
    assert "2024-02-19.txt: passed over: older than 2024-02-21.txt" in done.stderr
    assert "undated.txt: passed over: no day in its name or in undated.toml beside it" in done.stderr
    done, left = inbox()
    assert done.stdout.startswith("unchanged") and left == ["2024-02-19.txt", "undated.txt"]
    done, left = inbox(another=1)  # its head has the day of the first edition
    assert done.stdout.startswith("published") and left == ["2024-02-19.txt", "undated.txt"]
    assert "2024-02-19.txt (another went before it)" in inbox()[0].stdout


def test_an_empty_inbox_before_anything_was_published_says_so(inbox):
    done, _ = inbox()
    assert done.stdout.startswith("unchanged: no new report in") and "nothing has been published yet" in done.stdout
    assert "index.html" not in done.stdout


def test_an_inbox_that_can_not_be_written_is_published_from_once_with_a_warning(notebooks, tmp_path):
    folder, out = tmp_path / "inbox", tmp_path / "out"
    folder.mkdir()
    (folder / "good.txt").write_bytes(REPORT.read_bytes())
    (folder / "done").write_text("a file where the folder is to be: root may write anywhere else", "utf-8")
    arguments = ("refresh", "--inbox", folder, "--out", out, "--notebooks", notebooks, "--notebook", "00_summary")
    done = zjlib(*arguments)
    assert done.returncode == 0 and done.stdout.startswith("published"), done.stderr
    assert f"{folder / 'good.txt'}: published, but not moved to {folder / 'done'}" in done.stderr
    assert (folder / "good.txt").is_file()
    done = zjlib(*arguments)
    assert done.returncode == 0 and done.stdout.startswith("unchanged")
    assert "Traceback" not in done.stderr


def test_a_report_that_can_not_be_opened_counts_as_one_that_can_not_be_read(notebooks, tmp_path):
    with pytest.raises(UnreadableError, match="no such file"):
        refresh(Options(report=tmp_path / "none.txt", folder=notebooks, out=tmp_path / "out"))


def test_what_lies_in_done_is_not_overwritten_and_what_came_meanwhile_stays(tmp_path):
    (tmp_path / "done").mkdir()
    for file, text in (
        ("done/report.txt", "one"),
        ("report.txt", "two"),
        ("report.toml", "three"),
        ("later.txt", "four"),
    ):
        (tmp_path / file).write_text(text, "utf-8")
    put_away(tmp_path, {"report": {"sha256": hashlib.sha256(b"two").hexdigest()}})
    assert {f.name: f.read_text() for f in (tmp_path / "done").iterdir()} == {
        "report.txt": "one", "report-2.txt": "two", "report-2.toml": "three",
    }  # fmt: skip
    assert (tmp_path / "later.txt").read_text() == "four"
    put_away(tmp_path, {})
    assert (tmp_path / "later.txt").is_file()


def test_an_inbox_that_does_not_exist_is_a_bad_argument(tmp_path):
    done = zjlib("refresh", "--inbox", tmp_path / "none", "--out", tmp_path / "out")
    assert done.returncode == 2 and "no such folder" in done.stderr
    assert not Path(tmp_path / "out" / "runs").exists()


def test_two_reports_of_one_name_are_refused(notebooks, tmp_path):
    for ending in ("txt", "md"):
        (tmp_path / f"2023.{ending}").write_bytes(REPORT.read_bytes())
    done = zjlib("refresh", "--reports", tmp_path, "--out", tmp_path / "out", "--notebooks", notebooks)
    assert done.returncode == 2 and "2023.md and 2023.txt would have one page" in done.stderr
