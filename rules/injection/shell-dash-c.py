import os
import shlex
import subprocess

COUNT = "ls | wc -l"


def pack(name, script):
    # ruleid: shell-dash-c
    subprocess.run(["sh", "-c", "gzip < " + name])
    # ruleid: shell-dash-c
    subprocess.Popen(["/bin/bash", "-lc", f"make {name}"], cwd="/srv")
    # ruleid: shell-dash-c
    os.execlp("bash", "bash", "-c", name)

    # ruleid: shell-dash-c
    subprocess.run(["cmd.exe", "/c", "dir " + name])

    # Near miss: the command is constant, the outside value is an argument of it.
    # ok: shell-dash-c
    subprocess.run(["sh", "-c", 'gzip < "$1"', "sh", name])
    # ok: shell-dash-c
    subprocess.run(["sh", "-c", COUNT])

    # Near miss: quoted.
    # ok: shell-dash-c
    subprocess.run(["sh", "-c", "gzip < " + shlex.quote(name)])

    # Trap: -c of a program that is no shell, and a shell that runs a file.
    # ok: shell-dash-c
    subprocess.run(["tar", "-c", name])
    # ok: shell-dash-c
    subprocess.run(["sh", script, name])
