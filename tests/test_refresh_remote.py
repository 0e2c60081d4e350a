"""An output folder in an object store, tried against moto's S3 server."""

import contextlib
import json
import os
import socket
import subprocess
import sys
import time

import pytest
from refreshing import CHART, notebook, zjlib

pytest.importorskip("s3fs")
pytest.importorskip("moto")
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def store():
    """The environment in which s3://figures is a bucket of a server on this machine."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "moto.server", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    environment = {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ACCESS_KEY_ID": "x", "AWS_SECRET_ACCESS_KEY": "very-secret-key",
        "AWS_DEFAULT_REGION": "us-east-1",
    }  # fmt: skip
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            break
        time.sleep(0.2)
    try:
        os.environ.update(environment)
        import s3fs

        files = s3fs.S3FileSystem(use_listings_cache=False)
        files.mkdir("figures")
        yield environment, files
    finally:
        for name in environment:
            os.environ.pop(name, None)
        server.kill()
        server.wait()


@pytest.fixture(scope="module")
def notebooks(tmp_path_factory):
    return notebook(tmp_path_factory.mktemp("notebooks"), "00_summary", CHART)


def test_a_site_is_published_to_a_bucket_and_skipped_when_unchanged(store, notebooks):
    environment, files = store
    arguments = ["refresh", "--notebooks", notebooks, "--out", "s3://figures/site", "--log-format", "json"]
    told = json.loads(zjlib(*arguments, env=environment).stdout)
    assert (told["status"], told["site"]) == ("published", "s3://figures/site/index.html")
    lead = files.cat_file("figures/site/index.html").decode()
    assert f"runs/{told['run']}/site/index.html" in lead
    assert files.exists(f"figures/site/runs/{told['run']}/site/plotly.min.js")
    assert json.loads(zjlib(*arguments, env=environment).stdout)["status"] == "unchanged"
    assert zjlib("status", "--out", "s3://figures/site", env=environment).stdout.startswith("fresh")


def test_a_failed_run_leaves_the_bucket_leading_to_the_last_good_one(store, notebooks, tmp_path):
    environment, files = store
    arguments = ["refresh", "--out", "s3://figures/kept", "--log-format", "json", "--notebooks"]
    assert json.loads(zjlib(*arguments, notebooks, env=environment).stdout)["status"] == "published"
    before = files.cat_file("figures/kept/index.html")
    broken = notebook(tmp_path / "broken", "00_summary", "raise ValueError('no')")
    done = zjlib(*arguments, broken, env=environment)
    assert done.returncode == 1 and json.loads(done.stdout)["status"] == "failed"
    assert files.cat_file("figures/kept/index.html") == before
    assert files.ls("figures/kept/failed")


def test_old_runs_are_removed_from_the_bucket_but_not_the_one_shown(store, notebooks):
    environment, files = store
    for _ in range(3):
        arguments = [
            "refresh",
            "--notebooks",
            notebooks,
            "--out",
            "s3://figures/many",
            "--force",
            "--keep",
            "2",
            "--log-format",
            "json",
        ]
        told = json.loads(zjlib(*arguments, env=environment).stdout)
        assert told["status"] == "published"
    runs = [place.rpartition("/")[2] for place in files.ls("figures/many/runs", detail=False)]
    assert len(runs) == 2 and told["run"] in runs


def test_no_key_of_the_store_is_published(store, notebooks):
    environment, files = store
    arguments = ["refresh", "--notebooks", notebooks, "--out", "s3://figures/keys", "--log-format", "json"]
    assert zjlib(*arguments, env=environment).returncode == 0
    places = [place for place in files.find("figures/keys") if not place.endswith("plotly.min.js")]
    assert len(places) > 10
    assert not [place for place in places if b"very-secret-key" in files.cat_file(place)]


def test_a_report_that_is_not_there_is_a_failure_that_the_bucket_remembers(store, notebooks):
    environment, _ = store
    arguments = ["refresh", "--notebooks", notebooks, "--out", "s3://figures/missing", "--log-format", "json"]
    assert zjlib(*arguments, env=environment).returncode == 0
    assert zjlib(*arguments, "--report", "none.txt", env=environment).returncode == 2
    told = zjlib("status", "--out", "s3://figures/missing", env=environment).stdout
    assert "last failure" in told and "none.txt: no such file" in told


def test_a_bucket_that_is_not_there_is_a_bad_argument(store):
    done = zjlib("refresh", "--out", "nosuchstore://figures/site", env=store[0])
    assert done.returncode == 2 and "can't be reached" in done.stderr
