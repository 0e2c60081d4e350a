"""Faults that a refresh survives: after each, the last good site is the same to the byte and the next refresh succeeds."""

import contextlib
import json
import os
import random
import re
import shlex
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from refreshing import CHART, REPORT, another, command, content, edited, notebook, zjlib

from zjlib import read_report
from zjlib.refresh import refresh
from zjlib.running import kernels, publish
from zjlib.running.execute import Task, execute, scrub
from zjlib.running.inputs import InputError, Options, read_steady
from zjlib.running.publish import BusyError


@pytest.fixture(scope="module")
def good(tmp_path_factory):
    folder = tmp_path_factory.mktemp("good")
    notebook(folder, "00_summary", CHART)
    return notebook(folder, "01_more", "print(count)")


@pytest.fixture(scope="module")
def first(good, tmp_path_factory):
    out = tmp_path_factory.mktemp("first") / "out"
    assert refresh(Options(folder=good, out=out)).status == "published"
    return out


@pytest.fixture
def out(first, tmp_path):
    """An output folder with a good site in it; what a test leaves there must still be it."""
    folder = tmp_path / "out"
    shutil.copytree(first, folder, symlinks=True)
    before = content(folder / "site")
    yield folder
    assert content(folder / "site") == before
    assert not list(folder.glob(".zjlib-work-*"))


@pytest.fixture
def interruptible():
    """SIGINT is heard: a shell's background job ignores it, and so does all that it starts."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def broken(tmp_path, *sources):
    folder = notebook(tmp_path / "notebooks", "00_summary", CHART)
    return notebook(folder, "01_more", *sources)


def check_recovers(good, out):
    outcome = refresh(Options(folder=good, out=out, force=True))
    assert outcome.status == "published", outcome.reason


@pytest.mark.parametrize(
    ("source", "limits", "said"),
    [
        ("raise ValueError('no such area')", {}, "ValueError: no such area"),
        ("import time\ntime.sleep(600)", {"timeout": 5.0}, "longer than 5 seconds"),
        ("while True: pass", {"timeout": 5.0}, "longer than 5 seconds"),
        ("everything = bytearray(30 << 30)", {"memory": 2 << 30}, "MemoryError"),
        ("for i in range(1000): print('x' * 1_000_000)", {"output": 5_000_000}, "printed more than 5 MB"),
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", {}, "kernel died"),
        ("import sys\nsys.exit(0)", {}, "ended in an error"),
        ("import os\nos._exit(0)", {}, "kernel died"),
        ("1 +", {}, "SyntaxError"),
    ],
    ids=[
        "raises",
        "sleeps",
        "spins",
        "eats memory",
        "prints a gigabyte",
        "is killed",
        "sys.exit",
        "os._exit",
        "syntax",
    ],
)
def test_a_broken_notebook_is_not_published(good, out, tmp_path, source, limits, said):
    outcome = refresh(Options(folder=broken(tmp_path, source, "print('after')"), out=out, **limits))
    assert outcome.code == 1
    assert said in outcome.reason and "01_more" in outcome.reason
    assert (outcome.folder / "notebooks" / "01_more.ipynb").is_file()
    assert json.loads((outcome.folder / "run.json").read_text("utf-8"))["reason"] == outcome.reason
    assert publish.Output(out).last()["reason"] == outcome.reason
    check_recovers(good, out)


def test_the_failed_run_keeps_the_traceback_without_local_paths(out, tmp_path):
    outcome = refresh(Options(folder=broken(tmp_path, "import json\njson.loads('{')"), out=out))
    trace = (outcome.folder / "notebooks" / "01_more.traceback.txt").read_text("utf-8")
    assert "JSONDecodeError" in trace
    assert sys.prefix not in trace and str(tmp_path) not in trace and str(Path.home()) not in trace


def test_a_failing_check_is_not_published_unless_it_is_allowed_and_then_says_so(good, out, tmp_path):
    figure = read_report().figure("first_batch.new")
    number = re.match(r"\d+", figure["surface"]).group()
    report = edited(tmp_path / REPORT.name, (f"{number} new", f"{another(number)} new"))
    outcome = refresh(Options(report=report, folder=good, out=out))
    assert outcome.code == 1 and "first_batch.sum" in outcome.reason
    elsewhere = tmp_path / "elsewhere"
    allowed = refresh(Options(report=report, folder=good, out=elsewhere, allow_failing=("first_batch.sum",)))
    assert allowed.status == "published"
    assert allowed.run["allowed"] == ["first_batch.sum"]
    assert "first_batch.sum" in (elsewhere / "site" / "index.html").read_text("utf-8")


def test_the_hint_after_a_failed_check_is_a_command_that_shows_it(good, out, tmp_path):
    figure = read_report().figure("first_batch.new")
    number = re.match(r"\d+", figure["surface"]).group()
    folder = tmp_path / "new reports"
    folder.mkdir()
    report = edited(folder / REPORT.name, (f"{number} new", f"{another(number)} new"))
    outcome = refresh(Options(report=report, folder=good, out=out))
    hint = re.search(r"`zjlib (.+?)` shows it", outcome.reason)[1]
    shown = zjlib(*shlex.split(hint))
    assert shown.returncode == 1 and "FAIL first_batch.sum" in shown.stdout
    assert publish.Output(out).last()["reason"] == outcome.reason
    record = (outcome.folder / "run.json").read_text("utf-8")
    assert f"--report {REPORT.name}`" in record and str(folder) not in record


def test_all_failed_checks_are_named_with_what_lets_them_pass(good, out, tmp_path):
    figure = read_report().figure("first_batch.new")
    number = re.match(r"\d+", figure["surface"]).group()
    report = edited(tmp_path / REPORT.name, (f"{number} new", f"{another(number)} new"))
    report.write_text(report.read_text("utf-8") + "\nIt cost 7 million yuan.\n", "utf-8")
    outcome = refresh(Options(report=report, folder=good, out=out))
    given = re.findall(r"--allow-failing ([\w.]+)", outcome.reason)
    assert len(given) == 2 and "coverage" in given
    elsewhere = tmp_path / "elsewhere"
    assert refresh(Options(report=report, folder=good, out=elsewhere, allow_failing=tuple(given))).status == "published"


def test_a_name_and_a_head_of_different_days_are_told_at_a_refresh_and_a_check(good, tmp_path):
    report = edited(tmp_path / "2031-01-05.txt")
    done = zjlib("refresh", "--report", report, "--out", tmp_path / "elsewhere", "--notebooks", good)
    for told in (done.stderr, zjlib("check", "--report", report).stderr):
        [line] = [line for line in told.splitlines() if "2031-01-05" in line and line.startswith("zjlib: ")]
        assert line.startswith(f"zjlib: {report}: ") and str(read_report().date) in line


def test_an_unknown_check_cannot_be_allowed(good, out):
    with pytest.raises(InputError, match="no such check"):
        refresh(Options(folder=good, out=out, allow_failing=("first_batch.sun",), force=True))


@pytest.mark.parametrize(
    ("bytes_", "said"),
    [(b"", "empty"), (b"\x00\x01\x02\xff" * 100, ""), ("浙江".encode("utf-16"), "")],
    ids=["empty", "binary", "no figures"],
)
def test_a_broken_report_is_not_published(good, out, tmp_path, bytes_, said):
    report = tmp_path / "report.txt"
    report.write_bytes(bytes_)
    try:
        outcome = refresh(Options(report=report, folder=good, out=out))
        assert outcome.code == 1 and outcome.reason
    except InputError as problem:
        assert "report.txt" in str(problem) and said in str(problem)
    check_recovers(good, out)


def test_a_missing_report_and_a_folder_are_bad_arguments(good, out, tmp_path):
    for path, said in ((tmp_path / "none.txt", "no such file"), (tmp_path, "is a folder")):
        with pytest.raises(InputError, match=said):
            refresh(Options(report=path, folder=good, out=out))


def test_a_report_of_another_subject_publishes_nothing(good, out, tmp_path):
    report = tmp_path / "other.txt"
    report.write_text("The orchestra played for 90 minutes before 2,000 people.\n", "utf-8")
    outcome = refresh(Options(report=report, folder=good, out=out))
    assert outcome.code == 1 and "nothing in other.txt is claimed" in outcome.reason


def test_a_changed_byte_of_the_report_is_noticed_with_both_hashes(good, out, tmp_path):
    report = edited(tmp_path / REPORT.name, ("Zhejiang", "Zhejiang "))
    shutil.copy(REPORT.with_suffix(".toml"), tmp_path)
    with pytest.raises(InputError) as problem:
        refresh(Options(report=report, folder=good, out=out))
    assert len(re.findall(r"[0-9a-f]{64}", str(problem.value))) == 2
    assert str(tmp_path) in str(problem.value)


def test_two_at_once_the_second_leaves_with_status_3(good, out, tmp_path):
    slow = broken(tmp_path, "import time\ntime.sleep(4)\nraise ValueError")
    running = subprocess.Popen(
        command("refresh", "--notebooks", slow, "--out", out, "--force"), stderr=subprocess.PIPE, text=True
    )
    try:
        while "read and checked" not in running.stderr.readline():
            pass
        done = zjlib("refresh", "--notebooks", good, "--out", out, "--force")
        assert done.returncode == 3 and "another refresh is running" in done.stderr
        with pytest.raises(BusyError):
            refresh(Options(folder=good, out=out, force=True))
    finally:
        running.communicate(timeout=60)
    check_recovers(good, out)


def test_a_lock_left_by_a_dead_process_holds_nobody_up(good, out):
    holder = "import sys, time, filelock\nlock = filelock.FileLock(sys.argv[1])\nlock.acquire()\nprint('held', flush=True)\ntime.sleep(60)"
    process = subprocess.Popen([sys.executable, "-c", holder, str(out / ".lock")], stdout=subprocess.PIPE, text=True)
    assert process.stdout.readline() == "held\n"
    with pytest.raises(BusyError):
        refresh(Options(folder=good, out=out))
    process.kill()
    process.wait()
    assert (out / ".lock").exists()
    check_recovers(good, out)


def test_a_clock_that_jumps_back_loses_no_run(good, out, monkeypatch):
    for year in ("1999", "2038", "1970"):
        monkeypatch.setattr("zjlib.running.publish.now", lambda year=year: f"{year}-01-01T00:00:00Z")
        outcome = refresh(Options(folder=good, out=out, force=True, keep=2))
        assert outcome.status == "published", outcome.reason
        assert (out / "site").resolve().parent.name.startswith(year)
    assert len(list((out / "runs").iterdir())) == 2


def test_a_record_that_cannot_be_read_loses_no_run(good, out):
    check_recovers(good, out)
    shown = (out / "site").resolve().parent
    (shown / "run.json").write_text("{", "utf-8")
    before = set((out / "runs").iterdir())
    outcome = refresh(Options(folder=good, out=out))
    assert before < set((out / "runs").iterdir()) and outcome.run["sequence"] == 2


@pytest.mark.parametrize("keep", [1, 0, -1])
def test_as_many_failed_runs_are_kept_as_good_ones_and_one_at_least(out, tmp_path, keep):
    folder = broken(tmp_path, "1 / 0")
    for _ in range(3):
        last = refresh(Options(folder=folder, out=out, keep=keep))
    assert [f.resolve() for f in (out / "failed").iterdir()] == [last.folder.resolve()]


def test_a_notebook_named_like_a_page_of_the_site_is_refused(out, tmp_path):
    with pytest.raises(InputError, match=r"data\.ipynb"):
        refresh(Options(folder=notebook(tmp_path / "notebooks", "data", CHART), out=out))


def test_only_whole_paths_of_this_machine_are_taken_out():
    home = str(Path.home())
    text = json.dumps({"a": f"https://example.org{home}/c", "b": f"in {home}/x\n{home}/y", "c": f"iVB{home}rQ=="})
    told = json.loads(scrub(text, ""))
    assert told == {"a": f"https://example.org{home}/c", "b": "in ~/x\n~/y", "c": f"iVB{home}rQ=="}


def test_a_report_that_changes_while_it_is_read_is_read_whole(tmp_path):
    report = tmp_path / "report.txt"
    pieces = [os.urandom(50_000) for _ in range(20)]

    def write():
        with report.open("wb", buffering=0) as file:
            for piece in pieces:
                file.write(piece)
                time.sleep(0.01)

    report.write_bytes(pieces[0])
    writer = threading.Thread(target=write)
    seen = set()
    writer.start()
    while writer.is_alive():
        seen.add(read_steady(report))
    writer.join()
    assert read_steady(report) == b"".join(pieces)
    assert all(b"".join(pieces).startswith(content) for content in seen)


def test_a_report_changed_during_the_run_does_not_mix_with_it(good, tmp_path):
    report = edited(tmp_path / REPORT.name)
    slow = notebook(tmp_path / "slow", "00_summary", "import time\ntime.sleep(1.5)", CHART)
    changed = threading.Timer(1.0, lambda: report.write_text("Nothing.\n", "utf-8"))
    changed.start()
    outcome = refresh(Options(report=report, folder=slow, out=tmp_path / "out"))
    changed.join()
    assert outcome.status == "published", outcome.reason
    assert outcome.run["report"]["sha256"] == read_report().sha256


def test_an_interrupt_ends_a_run_that_hangs(good, out, tmp_path, interruptible):
    hanging = broken(tmp_path, "import time\ntime.sleep(600)")
    arguments = command("refresh", "--notebooks", hanging, "--out", out, "--force", "--timeout", "600")
    running = subprocess.Popen(arguments, stderr=subprocess.PIPE, text=True)
    while "00_summary" not in running.stderr.readline():
        pass
    running.send_signal(signal.SIGINT)
    assert running.wait(60) != 0
    check_recovers(good, out)


def test_an_interrupt_ends_a_notebook_whose_kernel_only_starts_then(out, tmp_path, monkeypatch, interruptible):
    def late(task, shown):
        interrupted.wait(60)
        time.sleep(0.5)
        return execute(task), None

    def interrupt():
        interrupted.set()
        signal.pthread_kill(threading.main_thread().ident, signal.SIGINT)

    interrupted = threading.Event()
    monkeypatch.setattr("zjlib.refresh._run", late)
    hanging = notebook(tmp_path / "notebooks", "00_summary", "import time\ntime.sleep(600)")
    threading.Timer(3, interrupt).start()
    started = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        refresh(Options(folder=hanging, out=out, force=True, timeout=100))
    assert time.monotonic() - started < 60


def test_a_kernel_that_dies_as_it_starts_is_started_again(tmp_path, monkeypatch):
    started = []

    class Fork(kernels._Fork):
        def __init__(self, *arguments):
            super().__init__(*arguments)
            started.append(self)
            if len(started) <= dying:
                self.kill()
                self.wait()

    monkeypatch.setattr(kernels, "_Fork", Fork)
    source = notebook(tmp_path, "00_summary", "print(6 * 7)") / "00_summary.ipynb"
    dying = 1
    assert execute(Task("00_summary", source.read_bytes(), {}, {})).error is None
    assert len(started) == 2
    dying = 99
    assert "died as it started" in execute(Task("00_summary", source.read_bytes(), {}, {})).error


def test_a_page_that_cannot_be_made_is_a_failure_with_its_reason(good, out, monkeypatch):
    def page(*arguments):
        raise ZeroDivisionError("no page")

    monkeypatch.setattr("zjlib.site.page", page)
    outcome = refresh(Options(folder=good, out=out, force=True))
    assert outcome.code == 1 and "could not be run: ZeroDivisionError: no page" in outcome.reason


@contextlib.contextmanager
def mounted(folder, options):
    folder.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", options, "tmpfs", str(folder)], capture_output=True).returncode:
        pytest.skip("mounting a small disk needs the right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def test_a_full_disk_leaves_the_last_good_site(good, tmp_path):
    with mounted(tmp_path / "disk", "size=9m") as disk:
        out = disk / "out"
        assert refresh(Options(folder=good, out=out)).status == "published"
        before = content(out / "site")
        outcome = refresh(Options(folder=good, out=out, force=True))
        assert outcome.code == 1 and "No space left" in outcome.reason
        assert content(out / "site") == before
        assert not list(out.glob(".zjlib-work-*"))
        subprocess.run(["mount", "-o", "remount,size=40m", str(disk)], check=True)
        check_recovers(good, out)


def test_a_read_only_target_leaves_the_last_good_site(good, tmp_path):
    with mounted(tmp_path / "disk", "size=40m") as disk:
        out = disk / "out"
        assert refresh(Options(folder=good, out=out)).status == "published"
        before = content(out / "site")
        subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
        done = zjlib("refresh", "--notebooks", good, "--out", out, "--force")
        assert done.returncode == 1 and "Read-only file system" in done.stderr and "Traceback" not in done.stderr
        assert content(out / "site") == before
        subprocess.run(["mount", "-o", "remount,rw", str(disk)], check=True)
        check_recovers(good, out)


def processes(mark):
    """Pids of all living processes that have this mark in their environment."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (
                mark.encode() in (entry / "environ").read_bytes()
                and "\nState:\tZ" not in (entry / "status").read_text()
            ):
                found.add(int(entry.name))
    return found


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc").is_dir(), reason="counts processes in /proc")
def test_killed_at_100_random_moments_nothing_is_lost(good, out):
    whole = content(out / "site")
    mark = f"ZJLIB_TEST_MARK={os.getpid()}-{time.monotonic_ns()}"
    environment = {**os.environ, "ZJLIB_TEST_MARK": mark.partition("=")[2]}
    rng = random.Random(20230213)
    killed = 0
    for _ in range(100):
        process = subprocess.Popen(
            command("refresh", "--notebooks", good, "--out", out, "--force", "--keep", "2"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
        )
        try:
            process.wait(rng.uniform(0.05, 3.0))
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.wait()
            killed += 1
        # Either the old site or the new one, which has the same bytes; never a part of one.
        assert content(out / "site") == whole
    assert killed > 50
    deadline = time.monotonic() + 20
    while processes(mark) and time.monotonic() < deadline:
        time.sleep(0.2)
    assert not processes(mark)
    check_recovers(good, out)
    assert len(list((out / "runs").iterdir())) <= 10
