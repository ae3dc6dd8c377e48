# ruleid: removed-module
import asyncore
# ruleid: removed-module
import telnetlib as t
# ruleid: removed-module
import imp, sys

# ruleid: removed-module
from cgi import parse_header
# ruleid: removed-module
import mailcap

# ok: removed-module
import asyncio
# ok: removed-module
import importlib
# ok: removed-module
from . import cgi as own

from setuptools import setup


def show(caps, name):
    # ruleid: mailcap-command
    mailcap.findmatch(caps, "text/plain", filename=name)
    # ok: mailcap-command
    mailcap.findmatch(caps, "text/plain")
    # ok: mailcap-command
    mailcap.findmatch(caps, "text/plain", filename="/dev/null")
    # ok: mailcap-command
    own.findmatch(caps, "text/plain", filename=name)


# ruleid: python-end-of-life
setup(name="a", python_requires=">=3.6")
# ruleid: python-end-of-life
setup(name="a", python_requires=">=2.7, !=3.0.*")
# ok: python-end-of-life
setup(name="a", python_requires=">=3.11")
# ok: python-end-of-life
setup(name="a", python_requires="<3.9,>=3.10")
# ok: python-end-of-life
own.start(python_requires=">=3.6")

# ruleid: framework-end-of-life
setup(name="a", install_requires=["requests", "django<2.0"])
# ruleid: framework-end-of-life
setup(name="a", install_requires=["Flask==0.12"])
# ruleid: framework-end-of-life
install_requires = ["pycrypto>=2.6"]
# ok: framework-end-of-life
setup(name="a", install_requires=["django>=4.2", "flask~=3.0", "pycryptodome"])
# ok: framework-end-of-life
setup(name="a", install_requires=["django-debug-toolbar<2.0"])
# ok: framework-end-of-life
names = ["django<2.0"]


def fallback():
    try:
        # ok: removed-module
        import crypt
    except ImportError:
        crypt = None
    return crypt
