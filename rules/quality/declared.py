PYPROJECT = """
# ruleid: declared-python-end-of-life
requires-python = ">=3.6"
# ruleid: declared-python-end-of-life
requires-python = ">= 2.7, !=3.0.*"
# ruleid: declared-python-end-of-life
python_requires = >=3
# ok: declared-python-end-of-life
requires-python = ">=3.11"
# ok: declared-python-end-of-life
requires-python = ">=3.10,<3.13"
# ok: declared-python-end-of-life
target-version = ">=3.6"
"""

REQUIREMENTS = """
# ruleid: pinned-framework-end-of-life
Django==2.2.28
# ruleid: pinned-framework-end-of-life
flask~=0.12
# ruleid: pinned-framework-end-of-life
pycrypto
# ruleid: pinned-framework-end-of-life
cryptography==3.4.8
# ok: pinned-framework-end-of-life
django==4.2.16
# ok: pinned-framework-end-of-life
django-debug-toolbar==2.2
# ok: pinned-framework-end-of-life
django>=2.2
# ok: pinned-framework-end-of-life
pycryptodome==3.20.0
# ok: pinned-framework-end-of-life
cryptography==43.0.1
# ok: pinned-framework-end-of-life
flask==3.0.3
"""
