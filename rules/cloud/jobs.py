import os

import requests
from airflow.models import Connection
from airflow.operators.bash import BashOperator
from airflow.providers.ssh.operators.ssh import SSHOperator

# ruleid: airflow-templated-command
BashOperator(task_id="a", bash_command="process {{ dag_run.conf['name'] }}")
# ruleid: airflow-templated-command
SSHOperator(task_id="b", command="process {{ params.name }}")
# ruleid: airflow-templated-command
BashOperator(task_id="c", bash_command="process {{ ti.xcom_pull(task_ids='fetch') }}")
# ok: airflow-templated-command
BashOperator(task_id="d", bash_command="process {{ ds }} {{ var.value.folder }}")
# ok: airflow-templated-command
BashOperator(task_id="e", bash_command='process "$NAME"', env={"NAME": "{{ dag_run.conf['name'] }}"})
# ok: airflow-templated-command
BashOperator(task_id="f", bash_command="echo dag_run.conf is not a template here")

# ruleid: airflow-connection-secret
Connection(conn_id="w", conn_type="postgres", login="etl", password="k7Rm-pp31-Xwz9")
# ok: airflow-connection-secret
Connection(conn_id="w", conn_type="postgres", login="etl", password=os.environ["W_PASSWORD"])
# ok: airflow-connection-secret
Connection(conn_id="w", conn_type="postgres", login="etl", password="")
# ok: airflow-connection-secret
Connection(conn_id="w", conn_type="postgres", login="etl")


def credentials(host):
    # ruleid: metadata-credentials
    requests.get("http://169.254.169.254/latest/meta-data/iam/security-credentials/", timeout=1)
    # ruleid: metadata-credentials
    requests.get("http://metadata.google.internal/computeMetadata/v1/instance/service-accounts/default/token", timeout=1)
    # ok: metadata-credentials
    requests.get("http://169.254.169.254/latest/meta-data/placement/region", timeout=1)
    # ok: metadata-credentials
    requests.get("https://api.acme.com/security-credentials/", timeout=1)
    # ok: metadata-credentials
    return requests.get(f"http://{host}/latest/meta-data/iam/security-credentials/", timeout=1)
