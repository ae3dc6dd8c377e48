import asyncssh
import paramiko
import pysftp
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
    policy = paramiko.AutoAddPolicy()
    # ruleid: ssh-host-key
    client.set_missing_host_key_policy(policy=policy)


async def others(host, mine):
    # ruleid: ssh-no-known-hosts
    await asyncssh.connect(host, known_hosts=None)
    # ok: ssh-no-known-hosts
    await asyncssh.connect(host)
    options = pysftp.CnOpts()
    # ruleid: ssh-no-known-hosts
    options.hostkeys = None
    # ok: ssh-no-known-hosts
    mine.hostkeys = None
