import os
import subprocess
from subprocess import run


def start(tool, name, os_like):
    # ruleid: subprocess-call
    subprocess.run([tool, name])
    # ruleid: subprocess-call
    run(["/usr/bin/file", "--", name], shell=False)
    # ruleid: process-replace
    os.execvp(tool, [tool, name])
    # ruleid: process-replace
    os.spawnl(os.P_WAIT, "/bin/true", "true")

    # Near miss: with a shell, which is what subprocess-shell is for.
    # ok: subprocess-call
    subprocess.run("date", shell=True)
    # Near miss: os functions about processes that start none.
    # ok: process-replace
    os.kill(1234, 15)

    # Trap: names that only look like it.
    # ok: subprocess-call
    subprocess.list2cmdline([tool, name])
    # ok: process-replace
    os_like.execv(tool, [name])
    # ok: subprocess-call
    os_like.subprocess_run([tool])
