"""JupyterLab with jupyter-scheduler: create the job that refreshes the site every morning, through the server's REST interface.

    python jupyter_scheduler.py SERVER TOKEN NOTEBOOK FOLDER [--now]

SERVER is as http://127.0.0.1:8888; NOTEBOOK is where jupyter_refresh.ipynb stands, relative to the server's root folder;
FOLDER is the checkout that is refreshed. With --now it runs once, at once. Prints what the server says of the job.
"""

import argparse
import json
import sys
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen


def job(notebook, folder, now):
    """What the REST interface takes: one run, or a definition with a schedule."""
    body = {
        "name": "zjlib refresh",
        "input_uri": notebook,
        "output_formats": ["ipynb"],
        "parameters": {"folder": repr(folder)},  # written into the notebook as it stands, so as Python
    }
    return body if now else body | {"schedule": "30 6 * * *", "timezone": "UTC"}


def ask(server, token, path, body=None):
    """One request; the answer as JSON."""
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{server.rstrip('/')}/scheduler/{path}", data, headers), timeout=30) as answer:
        return json.load(answer)


def main():
    """Create the job, and print what the server says of it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    for name in ("server", "token", "notebook", "folder"):
        arguments.add_argument(name)
    arguments.add_argument("--now", action="store_true")
    given = arguments.parse_args()
    try:
        environments = ask(given.server, given.token, "runtime_environments")
        body = job(given.notebook, given.folder, given.now) | {"runtime_environment_name": environments[0]["name"]}
        print(json.dumps(ask(given.server, given.token, "jobs" if given.now else "job_definitions", body)))
    except HTTPError as problem:
        sys.exit(f"{problem.code} from {problem.url}: {problem.read().decode(errors='replace')[:300]}")
    except URLError as problem:
        sys.exit(f"{given.server}: no server answers there ({problem.reason})")


if __name__ == "__main__":
    main()
