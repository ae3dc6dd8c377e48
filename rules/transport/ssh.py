import paramiko
from paramiko.client import WarningPolicy


def connect(other):
    client = paramiko.SSHClient()
    # ruleid: ssh-host-key
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())
    # ruleid: ssh-host-key
    client.set_missing_host_key_policy(WarningPolicy)
    # ok: ssh-host-key
    client.set_missing_host_key_policy(paramiko.RejectPolicy())
    # ok: ssh-host-key
    client.set_missing_host_key_policy(other)
