"""JupyterLab with jupyter-scheduler: create a job that runs a notebook every morning, through the server's REST interface.

    python schedules/jupyter_scheduler.py http://127.0.0.1:8888 TOKEN notebooks/00_summary.ipynb [--now]

The notebook's path is relative to the server's root folder. With --now the notebook runs once, at once. The job keeps an
executed copy; the site is published by `zjlib refresh`.
"""

import argparse
import json
import sys
from urllib.error import HTTPError, URLError
from urllib.request import Request, urlopen


def job(notebook, now):
    """What the REST interface takes: one run, or a definition with a schedule."""
    name = notebook.rsplit("/", 1)[-1].removesuffix(".ipynb")
    body = {
        "name": name,
        "input_uri": notebook,
        "runtime_environment_name": "",
        "output_formats": ["ipynb", "html"],
        "parameters": {"language": '"en"'},  # written into the notebook as it stands
    }
    return body if now else body | {"schedule": "15 6 * * *", "timezone": "Asia/Shanghai"}


def ask(server, token, path, body=None):
    """One request; the answer as JSON."""
    headers = {"Authorization": f"token {token}", "Content-Type": "application/json"}
    data = None if body is None else json.dumps(body).encode()
    with urlopen(Request(f"{server.rstrip('/')}/scheduler/{path}", data, headers), timeout=30) as answer:
        return json.load(answer)


def main():
    """Create the job, and print what the server says of it."""
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("server")
    arguments.add_argument("token")
    arguments.add_argument("notebook")
    arguments.add_argument("--now", action="store_true")
    given = arguments.parse_args()
    try:
        environments = ask(given.server, given.token, "runtime_environments")
        body = job(given.notebook, given.now) | {"runtime_environment_name": environments[0]["name"]}
        print(json.dumps(ask(given.server, given.token, "jobs" if given.now else "job_definitions", body)))
    except HTTPError as problem:
        sys.exit(f"{problem.code} from {problem.url}: {problem.read().decode(errors='replace')[:300]}")
    except URLError as problem:
        sys.exit(f"{given.server}: no server answers there ({problem.reason})")


if __name__ == "__main__":
    main()
