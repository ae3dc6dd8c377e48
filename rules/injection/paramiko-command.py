import shlex

import fabric
import paramiko

UNIT = "web"


def restart(unit, command, shell):
    client = paramiko.SSHClient()
    client.connect("db1.internal")
    # ruleid: paramiko-command-injection, paramiko-command
    client.exec_command("systemctl restart " + unit)
    # ruleid: paramiko-command-injection, paramiko-command
    client.exec_command(f"systemctl status {unit} --no-pager", timeout=5)
    # ruleid: paramiko-command-injection, paramiko-command
    client.exec_command("kill -HUP %s" % unit)

    # ruleid: paramiko-command-injection, paramiko-command
    client.exec_command(command)
    # ruleid: paramiko-command-injection
    fabric.Connection("db1.internal").run(f"systemctl restart {unit}")

    # Near miss: constants, quoted parts, and a client of which nothing is known.
    # ok: paramiko-command-injection
    fabric.Connection("db1.internal").run("uptime")
    # ok: paramiko-command-injection
    # ruleid: paramiko-command
    client.exec_command("uptime")
    # ok: paramiko-command-injection
    # ruleid: paramiko-command
    client.exec_command("systemctl restart " + UNIT)
    # ok: paramiko-command-injection
    # ruleid: paramiko-command
    client.exec_command("systemctl restart " + shlex.quote(unit))
    # ok: paramiko-command-injection
    # ruleid: paramiko-command
    shell.exec_command(command)

    # Trap: the name of the method as a function, and a method that sends text to an open shell.
    # ok: paramiko-command-injection, paramiko-command
    exec_command("systemctl restart " + unit)
    # ok: paramiko-command-injection, paramiko-command
    shell.send("exec_command " + unit)


def exec_command(text):
    return text
