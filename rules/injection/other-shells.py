import ctypes
import os
import shlex
import subprocess

import asyncssh
import fabric
import invoke
import pexpect
import sh


def shells(name, loop, protocol, runner):
    # ruleid: other-shell-injection
    fabric.Connection("web1").run(f"tar xf {name}")
    connection = fabric.Connection("web1")
    # ruleid: other-shell-injection
    connection.sudo("rm -rf " + name)
    # ruleid: other-shell-injection
    invoke.run("echo %s" % name)
    # ruleid: other-shell-injection
    sh.bash("-c", f"cat {name}")
    # ruleid: other-shell-injection
    loop.subprocess_shell(protocol, f"cat {name}")
    # ruleid: other-shell-injection
    ctypes.CDLL("libc.so.6").system(f"cat {name}".encode())
    # ok: other-shell-injection
    connection.run("uptime")
    # ok: other-shell-injection
    invoke.run(f"echo {shlex.quote(name)}")
    # ok: other-shell-injection
    sh.bash("-c", 'cat "$1"', "bash", name)
    # Trap: another thing that runs.
    # ok: other-shell-injection
    runner.run(f"job {name}")


async def remote(connection: asyncssh.SSHClientConnection, name):
    # ruleid: other-shell-injection
    await connection.run(f"cat {name}")


def hands_on(command):
    # Trap: a function that hands on what it is given.
    # ok: other-shell-injection
    return invoke.run(command)


def arguments(host, user, name):
    # ruleid: remote-command-injection
    subprocess.run(["ssh", host, f"rm {name}"], check=True)
    # ruleid: remote-command-injection
    subprocess.check_call(["su", "app", "-c", "touch " + name])
    # ok: remote-command-injection
    subprocess.run(["ssh", host, shlex.join(["rm", "--", name])], check=True)
    # ok: remote-command-injection
    subprocess.run(["ssh", host, "uptime"], check=True)
    # Trap: where to, and no command.
    # ok: remote-command-injection
    subprocess.run(["ssh", f"{user}@{host}"], check=True)


def scripts(url):
    # ruleid: downloaded-script
    os.system("curl -fsSL https://get.acme.com | sh")
    # ruleid: downloaded-script
    subprocess.run("wget -qO- https://get.acme.com/install | sudo bash -s --", shell=True)
    # ruleid: downloaded-script
    subprocess.run(["bash", "-c", "curl https://get.acme.com | python3 -"])
    # ok: downloaded-script
    os.system("curl -fsSLO https://get.acme.com/install.sh")
    # ok: downloaded-script
    subprocess.run(["apt-get", "install", "-y", "acme"])
    # Trap: what comes is counted, not run.
    # ok: downloaded-script
    os.system("curl https://get.acme.com | shasum -a 256")


def packages(ours):
    # ruleid: package-index
    subprocess.run(["pip", "install", "--extra-index-url", ours, "acme-core"])
    # ruleid: package-index
    os.system("pip install --extra-index-url https://pypi.acme.com/simple acme-core")
    # ok: package-index
    subprocess.run(["pip", "install", "--index-url", ours, "acme-core"])
    # Trap: the option is shown, not given.
    # ok: package-index
    print("pip install --extra-index-url is not a good idea")


def spawned(name):
    # ruleid: spawned-shell-injection
    pexpect.spawn(f"sh -c 'tar xf {name}'")
    # ruleid: spawned-shell-injection
    pexpect.run("/bin/bash -c 'cat %s'" % name)
    # ok: spawned-shell-injection
    pexpect.spawn("sh -c 'tar xf /srv/a.tar'")
    # ok: spawned-shell-injection
    pexpect.spawn("tar", ["xf", name])
    # Trap: no shell is started.
    # ok: spawned-shell-injection
    pexpect.spawn(f"tar xf {name}")
