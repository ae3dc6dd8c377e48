import subprocess


def backup(host, folder, use_shell):
    # ruleid: shell-keyword
    host.execute("ls " + folder, shell=True)
    # ruleid: shell-keyword
    host.execute(["ls", folder], shell=use_shell)

    # Near miss: told not to.
    # ok: shell-keyword
    host.execute(["ls", folder], shell=False)
    # ok: shell-keyword
    host.execute(["ls", folder], shell=None)

    # Trap: the functions that other rules look at, and a shell that is an argument by position.
    # ok: shell-keyword
    subprocess.run("ls", shell=True)
    # ok: shell-keyword
    host.login("alice", "shell=True")
