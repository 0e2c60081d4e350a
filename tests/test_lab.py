"""The explorer where it is used: a real JupyterLab with a real kernel, and Voilà, under a real Chromium."""

import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pandas as pd
import pytest
from browser import launch, needs_chromium
from playwright.sync_api import expect, sync_playwright

from zjlib.paths import data_dir, notebooks_dir
from zjlib.tables import read_report

pytestmark = [*needs_chromium, pytest.mark.slow]
NOTEBOOK = "07_explore.ipynb"
TOKEN = secrets.token_hex(8)
PATIENCE = 120_000  # milliseconds; a machine may be busy with other tests


@contextmanager
def served(command, folder, ready):
    """A server under `folder`, with settings and state of its own there; yields its port when `ready` answers."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = folder / "settings"
    settings.mkdir(exist_ok=True)
    news = {"@jupyterlab/apputils-extension:notification": {"fetchNews": "false"}}
    (settings / "overrides.json").write_text(json.dumps(news))
    environment = {**os.environ, "JUPYTER_DATA_DIR": str(folder / "data"), "JUPYTER_CONFIG_DIR": str(folder / "config")}
    log = (folder / f"{port}.log").open("wb")
    binary = Path(sys.executable).with_name(command[0])
    process = subprocess.Popen(
        [binary, *(part.format(port=port, settings=settings) for part in command[1:])],
        cwd=folder,
        env=environment,
        stdout=log,
        stderr=log,
        start_new_session=True,
    )
    try:
        wait_for(lambda: answers(ready.format(port=port)), 60)
        yield port
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(20)


def answers(url):
    try:
        with urllib.request.urlopen(url, timeout=5) as response:
            return response.read()
    except OSError:
        return None


def wait_for(asked, seconds):
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := asked():
            return found
        time.sleep(0.2)
    raise AssertionError(f"nothing after {seconds} s")


@pytest.fixture(scope="module")
def chromium():
    with sync_playwright() as playwright:
        browser = launch(playwright)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def lab(tmp_path_factory):
    """A JupyterLab on a copy of the notebook, and its port."""
    folder = tmp_path_factory.mktemp("lab")
    shutil.copy(notebooks_dir() / NOTEBOOK, folder)
    shutil.copy(notebooks_dir() / NOTEBOOK, folder / "untouched.ipynb")
    command = [
        "jupyter-lab",
        "--no-browser",
        "--allow-root",
        "--ip=127.0.0.1",
        "--port={port}",
        f"--IdentityProvider.token={TOKEN}",
    ]
    command += ["--LabApp.app_settings_dir={settings}", "--ServerApp.root_dir=."]
    with served(command, folder, f"http://127.0.0.1:{{port}}/api/status?token={TOKEN}") as port:
        yield port


@pytest.fixture(scope="module")
def page(lab, chromium):
    """The notebook in JupyterLab, all cells run."""
    context = chromium.new_context(viewport={"width": 1500, "height": 1700}, accept_downloads=True)
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{lab}/lab/workspaces/test/tree/{NOTEBOOK}?reset&token={TOKEN}")
    wait_for(lambda: any(s["path"] == NOTEBOOK and ready(s["kernel"]) for s in sessions(lab)), 60)
    menu(page, "Run", "Run All Cells")
    settled(page)
    yield page
    context.close()


def sessions(port):
    return json.loads(answers(f"http://127.0.0.1:{port}/api/sessions?token={TOKEN}") or "[]")


def ready(kernel):
    return kernel["connections"] and kernel["execution_state"] == "idle"


def menu(page, *names):
    page.locator(".lm-MenuBar-itemLabel", has_text=names[0]).first.click()
    page.locator(".lm-Menu-itemLabel", has_text=re.compile(f"^{re.escape(names[1])}$")).first.click()


def settled(page):
    """The explorer has drawn its chart, and the kernel is idle."""
    expect(control(page, "Topic")).to_be_visible(timeout=2 * PATIENCE)
    expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
    expect(page.locator('.jp-Notebook-ExecutionIndicator[data-status="idle"]')).to_be_attached(timeout=PATIENCE)


def control(page, name):
    """A control by the words beside it."""
    label = page.locator(".widget-label", has_text=re.compile(f"^{re.escape(name)}$"))
    return page.locator(".jupyter-widgets").filter(has=label).last.locator("select, input, textarea").first


def choose(page, name, option):
    control(page, name).select_option(label=option)


def title(page):
    """The title of the explorer's chart."""
    return page.locator(".zj-title").first


def click_bar(page, number=0):
    page.locator(".js-plotly-plot").first.locator(".bars .point path").nth(number).click(force=True, timeout=PATIENCE)


def open_file(page, file):
    with page.expect_file_chooser() as chooser:
        page.get_by_role("button", name="Open a file").click()
    chooser.value.set_files(file)


@pytest.fixture(scope="module")
def report():
    return read_report(data_dir() / "reports" / "2023-02-13.txt")


def test_before_it_is_run_the_notebook_shows_its_first_views_as_charts(lab, chromium):
    with chromium.new_context() as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{lab}/lab/workspaces/static/tree/untouched.ipynb?reset&token={TOKEN}")
        expect(page.locator(".jp-OutputArea .js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
        assert page.locator(".jupyter-widgets").count() == 0
        assert "Error displaying widget" not in page.content()
        expect(page.get_by_text("opens this page live").last).to_be_visible()


@pytest.mark.parametrize(
    ("name", "option"),
    [
        ("Topic", "Foreign trade"),
        ("Unit", "all"),
        ("Chart", "dots on a log scale"),
        ("Chart", "periods"),
        ("Chart", "bars"),
        ("Origin", "worked out"),
        ("Origin", "all"),
        ("Topic", "all"),
        ("Area", "Clean energy supply"),
        ("Area", "all"),
        ("Bound", "more than"),
        ("Bound", "all"),
        ("Nature", "target"),
        ("Nature", "all"),
        ("Period", "2021"),
        ("Period", "all"),
        ("Unit", "yuan"),
        ("Scale", "million"),
        ("Scale", "as printed"),
        ("Topic", "Areas of the programme"),
        ("Origin", "from the report"),
    ],
)
def test_each_control_changes_chart_or_table(page, name, option):
    before = shown(page)
    choose(page, name, option)
    wait_for(lambda: shown(page) != before, 30)
    expect(page.locator(".zj-message")).to_have_count(0)


def shown(page):
    """What the explorer draws and tells: the picture and the table."""
    return page.evaluate(
        "() => [...document.querySelectorAll('.js-plotly-plot .main-svg')].slice(0, 2).map(e => e.innerHTML).join() "
        "+ document.querySelector('.zj-table')?.innerText"
    )


def test_the_language_changes_every_word(page):
    choose(page, "Language", "中文")
    expect(control(page, "主题")).to_be_visible(timeout=PATIENCE)
    expect(page.locator(".zj-table").first).to_contain_text("亿元")
    choose(page, "语言", "English")
    expect(control(page, "Topic")).to_be_visible(timeout=PATIENCE)


def test_dollars_ask_for_their_rate_in_place(page):
    choose(page, "Currency", "US dollars")
    expect(page.locator(".zj-message")).to_contain_text("rate")
    for name, text in (("Yuan a dollar", "7"), ("Rate's day", "2023-02-13")):
        control(page, name).fill(text)
        control(page, name).press("Enter")
    expect(page.locator(".zj-table").first).to_contain_text("US dollars", timeout=PATIENCE)
    choose(page, "Currency", "yuan")
    expect(page.locator(".zj-table").first).not_to_contain_text("US dollars", timeout=PATIENCE)


def test_a_click_on_a_bar_shows_its_sentence_in_the_report(page, report):
    click_bar(page)
    row = report.figure("sector.transport.investment")
    marked = page.locator(".zj-passage mark").first
    expect(marked).to_have_text(row["sentence"], timeout=PATIENCE)
    expect(marked.locator("strong")).to_have_text(row["surface"])
    expect(control(page, "Figure")).to_have_value(row["label"])


def test_the_plot_lies_within_its_place(page):
    box, column = (page.locator(each).first.bounding_box() for each in (".js-plotly-plot", ".zj-title"))
    assert box["width"] == pytest.approx(column["width"], abs=4)


def test_what_is_exported_opens(page, tmp_path):
    files = {}
    for ending in ("CSV", "Parquet", "PNG"):
        with page.expect_download(timeout=PATIENCE) as download:
            page.get_by_role("button", name=ending, exact=True).click()
        files[ending] = tmp_path / download.value.suggested_filename
        download.value.save_as(files[ending])
    tables = pd.read_csv(files["CSV"]), pd.read_parquet(files["Parquet"])
    assert tables[0]["id"].tolist() == tables[1]["id"].tolist()
    assert "sector.transport.investment" in tables[0]["id"].tolist()
    assert files["PNG"].read_bytes().startswith(b"\x89PNG") and files["PNG"].stat().st_size > 20_000


def test_an_edited_report_is_compared_with_the_one_before(page, report, tmp_path):
    row = report.figure("sector.transport.investment")
    edited = tmp_path / "edited.txt"
    edited.write_text(report.text.replace(row["surface"], f"1{row['surface']}"), encoding="utf-8")
    open_file(page, edited)
    expect(title(page)).to_contain_text("differ between 2023-02-13 and edited", timeout=PATIENCE)
    page.get_by_label("only what differs").check()
    expect(page.locator(".zj-table").first.locator("tbody tr")).to_have_count(1, timeout=PATIENCE)
    click_bar(page)
    marks = page.locator(".zj-two mark strong")
    expect(marks).to_have_count(2, timeout=PATIENCE)
    assert marks.all_inner_texts() == [f"1{row['surface']}", row["surface"]]


def test_a_bad_file_gives_a_message_in_place(page, tmp_path):
    bad = tmp_path / "bad.txt"
    bad.write_bytes(bytes(range(32)) * 200)
    open_file(page, bad)
    expect(page.locator(".zj-message")).to_contain_text("bad.txt", timeout=PATIENCE)
    expect(control(page, "Report")).to_have_value("edited")
    choose(page, "Unit", "all")
    expect(page.locator(".zj-message")).to_have_count(0, timeout=PATIENCE)


def test_the_slider_moves_the_answer(page):
    answer = page.locator(".zj-title").nth(1)
    before = answer.inner_text()
    handle = page.locator(".noUi-handle")
    handle.focus()
    for _ in range(4):
        handle.press("ArrowRight")
    expect(answer).not_to_have_text(before, timeout=PATIENCE)


def test_the_code_draws_the_same_chart_in_a_new_cell(page):
    code = control(page, "As code").input_value()
    headline = title(page).inner_text()
    page.locator(".jp-Notebook-footer").click()
    page.locator(".jp-Notebook .jp-Cell .cm-content").last.click()
    page.keyboard.insert_text(code)
    page.keyboard.press("Shift+Enter")
    drawn = page.locator(".jp-OutputArea-output .gtitle")  # the explorer's own plots have no title in the picture
    expect(drawn).to_contain_text(headline[:30], timeout=PATIENCE)


def test_the_choice_and_the_reports_survive_restart_and_run_all(page):
    choose(page, "Topic", "Foreign trade")
    page.get_by_label("only what differs").uncheck()
    expect(title(page)).to_contain_text("No figure of this choice differs", timeout=PATIENCE)
    page.locator(
        '.jp-ToolbarButtonComponent[data-command="notebook:restart-run-all"], jp-button[data-command="notebook:restart-run-all"]'
    ).first.click()
    page.get_by_role("button", name="Confirm Kernel Restart").click()
    expect(page.locator(".zj-title")).to_have_count(0, timeout=PATIENCE)
    settled(page)
    expect(control(page, "Topic")).to_have_value("Foreign trade")
    expect(control(page, "Report")).to_have_value("edited")
    expect(title(page)).to_contain_text("No figure of this choice differs")


@pytest.fixture(scope="module")
def app(tmp_path_factory):
    """The explorer served by Voilà, as `zjlib app` does, and its port."""
    command = ["zjlib", "app", "--no-browser", "--port={port}", f"--Voila.token={TOKEN}"]
    with served(command, tmp_path_factory.mktemp("app"), "http://127.0.0.1:{port}/login") as port:
        yield port


def test_the_app_is_closed_without_its_token(app):
    assert b"jupyter-widgets" not in answers(f"http://127.0.0.1:{app}/")


def test_the_app_works_on_a_narrow_screen_and_shows_no_code(app, chromium, report):
    with chromium.new_context(viewport={"width": 400, "height": 900}) as context:
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{app}/?token={TOKEN}")
        expect(page.locator(".js-plotly-plot .main-svg").first).to_be_visible(timeout=PATIENCE)
        assert page.locator(".jp-InputArea").count() == 0
        click_bar(page)
        expect(page.locator(".zj-passage mark").first).to_have_text(
            report.figure("sector.transport.investment")["sentence"], timeout=PATIENCE
        )
        choose(page, "Topic", "Foreign trade")
        expect(title(page)).to_contain_text("Imports and exports", timeout=PATIENCE)
        assert page.evaluate("document.documentElement.scrollWidth") <= 400
        for svg in page.locator(".js-plotly-plot .main-svg").all()[:1]:
            assert svg.bounding_box()["width"] <= 400
