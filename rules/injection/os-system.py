import asyncio
import os
import platform
import shlex
import subprocess
from os import popen

CLEAR = "clear"


async def housekeeping(folder, system):
    # ruleid: os-system-injection, os-system
    os.system("rm -rf " + folder)
    # ruleid: os-system-injection, os-system
    text = popen("du -s %s" % folder).read()
    # ruleid: os-system-injection, os-system
    status, output = subprocess.getstatusoutput(folder)
    # ruleid: os-system-injection, os-system
    await asyncio.create_subprocess_shell(f"tar c {folder}")

    # Near miss: a constant, written out and by name.
    # ok: os-system-injection
    # ruleid: os-system
    os.system("clear")
    # ok: os-system-injection
    # ruleid: os-system
    os.system(CLEAR)

    # Trap: a variable in the command, quoted.
    # ok: os-system-injection
    # ruleid: os-system
    os.system(f"rm -rf {shlex.quote(folder)}")

    # Trap: other things that are called system and popen.
    # ok: os-system-injection, os-system
    platform.system()
    # ok: os-system-injection, os-system
    system.system("rm -rf " + folder)
    return text, output
