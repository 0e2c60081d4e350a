"""Airflow: check the report, then publish the site, then keep an executed copy of the audit; every morning.

The exit status of `zjlib` decides: a task that ends with 1 has published nothing. Status 3, another refresh is running,
skips the task. The folder comes from the Airflow variable or the environment variable ZJLIB_HOME.
"""

import os
from datetime import datetime, timedelta

from airflow.providers.papermill.operators.papermill import PapermillOperator
from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG

HOME = os.environ.get("ZJLIB_HOME", "/srv/zjlib")

with DAG(
    dag_id="zjlib_refresh",
    description="Figures of a report, refreshed and published",
    schedule="15 6 * * *",
    start_date=datetime(2023, 2, 13),
    catchup=False,
    max_active_runs=1,
    default_args={"retries": 1, "retry_delay": timedelta(minutes=10), "execution_timeout": timedelta(minutes=30)},
    tags=["zjlib"],
) as dag:
    check = BashOperator(task_id="check", cwd=HOME, bash_command=".venv/bin/zjlib check")
    refresh = BashOperator(
        task_id="refresh",
        cwd=HOME,
        bash_command=".venv/bin/zjlib refresh --out build --log-format json",
        skip_on_exit_code=3,
    )
    audit = PapermillOperator(
        task_id="audit",
        input_nb=f"{HOME}/notebooks/08_audit.ipynb",
        output_nb=HOME + "/archive/{{ ds }}-audit.ipynb",
        parameters={"language": "en"},
    )
    status = BashOperator(task_id="status", cwd=HOME, bash_command=".venv/bin/zjlib status --out build --max-age 2d")

    check >> refresh >> [audit, status]
