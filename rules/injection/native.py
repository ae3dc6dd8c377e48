import ctypes
import ctypes.util
import os
import subprocess

import docker
import torch


def libraries(path):
    # ruleid: native-library
    ctypes.CDLL(path)
    # ruleid: native-library
    torch.ops.load_library(os.environ["OPERATORS"])
    # ok: native-library
    ctypes.CDLL("libsodium.so.23")
    # ok: native-library
    ctypes.CDLL(None)
    # Trap: the system looks it up by a constant name.
    # ok: native-library
    ctypes.CDLL(ctypes.util.find_library("c"))


def containers(image, name, jobs):
    client = docker.from_env()
    # ruleid: container-run
    client.containers.run(image)
    # ok: container-run
    client.containers.run("acme/convert", ["--", name])
    # Trap: another client.
    # ok: container-run
    jobs.containers.run(image)
    # ruleid: container-privileged
    client.containers.run("acme/build", privileged=True)
    # ruleid: container-privileged
    subprocess.run(["docker", "run", "--rm", "--privileged", "acme/build"])
    # ruleid: container-privileged
    client.containers.run("acme/build", volumes={"/var/run/docker.sock": {"bind": "/var/run/docker.sock", "mode": "rw"}})
    # ok: container-privileged
    client.containers.run("acme/build", cap_add=["NET_ADMIN"])
    # ok: container-privileged
    subprocess.run(["docker", "run", "--rm", "acme/build", name])
    # Trap: it is said to be off.
    # ok: container-privileged
    client.containers.run("acme/build", privileged=False)
