import shlex
import subprocess
from subprocess import Popen as spawn

USE_SHELL = True
LIST = "ls -l"


def thumbnails(name, options):
    # ruleid: subprocess-shell-injection, subprocess-shell
    subprocess.run("convert " + name + " out.png", shell=True)
    # ruleid: subprocess-shell-injection, subprocess-shell
    subprocess.check_output(f"identify {name}", shell=True, text=True)
    # An alias of the function and a named constant for the flag.
    # ruleid: subprocess-shell-injection, subprocess-shell
    spawn(name, shell=USE_SHELL)
    # ruleid: subprocess-shell-injection, subprocess-shell
    subprocess.call(args="identify %s" % name, shell=True)

    # The flag comes in a dictionary.
    # ruleid: subprocess-shell-injection
    subprocess.run(name, **{"shell": True})
    flags = dict(shell=True, check=True)
    # ruleid: subprocess-shell-injection
    subprocess.run("identify " + name, **flags)
    quiet = {"stdout": subprocess.DEVNULL}
    # ok: subprocess-shell-injection
    subprocess.run(["identify", name], **quiet)

    # Near miss: constant commands, written out and by name.
    # ok: subprocess-shell-injection
    # ruleid: subprocess-shell
    subprocess.run("df -h | tail -1", shell=True)
    # ok: subprocess-shell-injection
    # ruleid: subprocess-shell
    subprocess.call(LIST, shell=True)

    # Trap: a variable goes through a shell, but quoted, so it stays one word.
    # ok: subprocess-shell-injection
    # ruleid: subprocess-shell
    subprocess.run("identify " + shlex.quote(name), shell=True)

    # Trap: the word shell is there, and no shell is.
    # ok: subprocess-shell-injection, subprocess-shell
    subprocess.run(["identify", name], shell=False)
    # ok: subprocess-shell-injection, subprocess-shell
    subprocess.run(["identify", name, "shell=True"])
    # ok: subprocess-shell-injection
    # ruleid: subprocess-shell
    subprocess.run(["identify", name], shell=options.shell)
