import re

LINE = "^[a-z]+$"


def search(pattern, text):
    # ruleid: regex-from-caller
    re.search(pattern, text)
    # ruleid: regex-from-caller
    re.compile(pattern)
    # ok: regex-from-caller
    re.search(LINE, text)
    # ok: regex-from-caller
    return re.search(re.escape(pattern), text)
