import os
import subprocess

import paramiko
import pexpect
import scrapli


def transports(host, user, password, key, known):
    transport = paramiko.Transport((host, 22))
    # ruleid: ssh-transport-no-host-key
    transport.connect(username=user, password=password)
    # ok: ssh-transport-no-host-key
    transport.connect(hostkey=known, username=user, pkey=key)
    # Near miss: it negotiates, and logs in later.
    # ok: ssh-transport-no-host-key
    transport.connect()
    sftp = paramiko.SFTPClient.from_transport(transport)
    return sftp


def compared(host, user, password, known):
    transport = paramiko.Transport((host, 22))
    transport.start_client()
    if transport.get_remote_server_key() != known:
        raise paramiko.SSHException(host)
    transport.get_remote_server_key()
    # Trap: the key was compared by hand.
    # ok: ssh-transport-no-host-key
    transport.connect(username=user, password=password)


# ruleid: ssh-policy-accepts
class Any(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client, hostname, key):
        pass


# ok: ssh-policy-accepts
class Ask(paramiko.MissingHostKeyPolicy):
    def missing_host_key(self, client, hostname, key):
        if not ask(hostname, key.get_fingerprint()):
            raise paramiko.SSHException(hostname)


# Trap: another class with such a method.
# ok: ssh-policy-accepts
class Recorder:
    def missing_host_key(self, client, hostname, key):
        pass


def options(host, path):
    # ruleid: ssh-option-no-host-key
    subprocess.run(["ssh", "-o", "StrictHostKeyChecking=no", host, "uptime"])
    # ruleid: ssh-option-no-host-key
    subprocess.run("scp -o StrictHostKeyChecking=no report.pdf backup:", shell=True)
    # ruleid: ssh-option-no-host-key
    os.system("ssh -oUserKnownHostsFile=/dev/null backup uptime")
    # ruleid: ssh-option-no-host-key
    pexpect.pxssh.pxssh(options={"StrictHostKeyChecking": "no"})
    # ruleid: ssh-option-no-host-key
    scrapli.Scrapli(host=host, auth_strict_key=False)
    # ok: ssh-option-no-host-key
    subprocess.run(["ssh", "-o", "StrictHostKeyChecking=yes", host])
    # ok: ssh-option-no-host-key
    subprocess.run(["ssh", "-o", "StrictHostKeyChecking=accept-new", host])
    # Trap: what is said about the option.
    # ok: ssh-option-no-host-key
    print("never set StrictHostKeyChecking to anything but yes", path)
