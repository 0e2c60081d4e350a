"""zjlib refresh as an Airflow DAG: refresh, then check that the site is fresh.

Install: copy to the DAG folder; set `ZJLIB_FOLDER` in the workers' environment to the checkout where `make story` has run once.
zjlib runs there as a command of its own, so that its packages and Airflow's never meet.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

FOLDER = os.environ.get("ZJLIB_FOLDER", "/srv/zjlib")

with DAG(
    dag_id="zjlib_refresh",
    description="Re-run the story of the report and publish the site",
    schedule="30 6 * * *",
    start_date=datetime(2024, 1, 1),
    catchup=False,  # a refresh shows the newest report: missed days need none of their own
    max_active_runs=1,
    params={"report": ""},  # the path of a report; empty: the newest in data/reports
    default_args={"retries": 1, "retry_delay": timedelta(minutes=5)},
    tags=["zjlib"],
) as dag:
    refresh = BashOperator(
        task_id="refresh",
        cwd=FOLDER,
        # A report's path comes as an environment variable, never as part of the command.
        env={"REPORT": "{{ params.report }}"},
        append_env=True,
        bash_command='.venv/bin/zjlib refresh --out build ${REPORT:+--report "$REPORT"} --log-format json',
        skip_on_exit_code=3,  # another refresh is running
        execution_timeout=timedelta(minutes=30),
    )
    status = BashOperator(
        task_id="status",
        cwd=FOLDER,
        bash_command=".venv/bin/zjlib status --out build --max-age 36h",
        retries=0,
        trigger_rule="all_done",  # also after a failure: is the last good site still fresh enough?
    )
    refresh >> status
