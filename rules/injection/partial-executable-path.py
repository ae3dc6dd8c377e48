import os
import subprocess


def mount(device, tool):
    # ruleid: partial-executable-path
    subprocess.run(["mount", device])
    # ruleid: partial-executable-path
    os.system("mount -a")
    # ruleid: partial-executable-path
    subprocess.check_call("sync")

    # Near miss: full and relative paths say which file runs.
    # ok: partial-executable-path
    subprocess.run(["/usr/bin/mount", device])
    # ok: partial-executable-path
    subprocess.run(["./configure"])
    # ok: partial-executable-path
    subprocess.run([r"C:\Windows\System32\net.exe", "use"])

    # Trap: a bare name among the arguments, and a program that is not known here.
    # ok: partial-executable-path
    subprocess.run([tool, "mount"])
    # ok: partial-executable-path
    subprocess.run(tool, env={"PATH": "/usr/bin"})
