import glob
import os
import subprocess


def backup():
    # ruleid: shell-wildcard
    os.system("tar cf /backup/a.tar *")
    # ruleid: shell-wildcard
    subprocess.run("chown backup *.log", shell=True)
    # ruleid: shell-wildcard
    subprocess.call(["rsync * /backup"], shell=True)

    # Near miss: every name begins with a dot, or the options have ended.
    # ok: shell-wildcard
    os.system("tar cf /backup/a.tar ./*")
    # ok: shell-wildcard
    os.system("chmod 644 -- *.log")

    # Trap: a star and tar without a shell, and a program that has no such options.
    # ok: shell-wildcard
    subprocess.run(["tar", "cf", "/backup/a.tar", *glob.glob("*")])
    # ok: shell-wildcard
    os.system("ls *.tar")
