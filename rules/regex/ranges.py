import re
from urllib.parse import urlsplit

from django.core.validators import RegexValidator
from django.urls import re_path
from flask import abort, request
from wtforms.validators import Regexp

GOOD = re.compile(r"^[A-Za-z_][A-Za-z0-9_]*\Z")


def ranges(name):
    # ruleid: regex-wide-range
    re.fullmatch(r"[A-z]+", name)
    # ruleid: regex-wide-range
    re.compile(r"http[s]?://(?:[a-zA-Z]|[0-9]|[$-_@.&+])+")
    # ruleid: regex-wide-range
    re.match(r"^[0-z]{3}$", name)
    # ok: regex-wide-range
    re.fullmatch(r"[A-Za-z]+", name)
    # ok: regex-wide-range
    re.compile(r"[ -~]+")
    # ok: regex-wide-range
    re.compile(r"[A\-z]")
    # ok: regex-wide-range
    re.compile(r"from A-z to \[A-z]")
    # ok: regex-wide-range
    re.compile(name + "[A-z]")


def hosts(url):
    # ruleid: regex-host-dot
    re.match(r"^https://www.example.com/", url)
    # ruleid: regex-host-dot
    re.match(r"^(?:www|beta).example\.com$", url)
    # ruleid: regex-host-open
    re.match(r"https://good\.com", url)
    # ruleid: regex-host-open
    re.compile(r"^https?://(?:[a-z]+\.)?good\.com")
    # ok: regex-host-dot, regex-host-open
    re.match(r"^https://www\.example\.com/", url)
    # ok: regex-host-dot, regex-host-open
    re.fullmatch(r"https://www\.example\.com", url)
    # ok: regex-host-dot
    re.match(r"^setup.py$", url)
    # ok: regex-host-dot
    re.match(r"^\d+.\d+$", url)
    # ok: regex-host-open
    re.findall(r"https://good\.com", url)
    # ok: regex-host-open
    re.match(r"^https://good\.com(?:/|\Z)", url)
    # ok: regex-host-open
    re.compile(r"^good\.com mirrors")


def parts(url, redirect_url, text, hosts_seen):
    # ruleid: url-by-substring
    if "good.com" in url:
        return 1
    # ruleid: url-by-substring
    if redirect_url.startswith("https://good.com"):
        return 2
    # ruleid: url-by-substring
    if urlsplit(url).hostname.endswith("good.com"):
        return 3
    # ok: url-by-substring
    if urlsplit(url).hostname == "good.com":
        return 4
    # ok: url-by-substring
    if redirect_url.startswith("https://good.com/"):
        return 5
    # ok: url-by-substring
    if urlsplit(url).hostname.endswith(".good.com"):
        return 6
    # ok: url-by-substring
    if "good.com" in hosts_seen:
        return 7
    # ok: url-by-substring
    if "see good.com" in text:
        return 8


# ruleid: regex-dollar-validator
RegexValidator(r"^[a-z]+$")
# ruleid: regex-dollar-validator
Regexp(regex=r"^(?:[a-z]+|[0-9]+$)")
# ok: regex-dollar-validator
RegexValidator(r"^[a-z]+\Z")
# ok: regex-dollar-validator
RegexValidator(r"^[0-9]+\$")
# ok: regex-dollar-validator
re_path(r"^[a-z]+/$", ranges)


def guard(name):
    # ruleid: regex-dollar-guard
    if not re.match(r"^[a-z]+$", name):
        raise ValueError(name)
    # ruleid: regex-dollar-guard
    if not re.match(r"^[a-z]+$", name):
        abort(400)
    # ok: regex-dollar-guard
    if not re.match(r"^[a-z]+\Z", name):
        raise ValueError(name)
    # ok: regex-dollar-guard
    if not re.fullmatch(r"[a-z]+", name):
        raise ValueError(name)
    # ok: regex-dollar-guard
    if re.match(r"^[a-z]+$", name):
        print(name)
    # ok: regex-dollar-guard
    if not re.match(r"^costs [0-9]+\$", name):
        raise ValueError(name)


def view(page, django_request):
    # ruleid: regex-from-request
    re.search(request.args["q"], page)
    # ruleid: regex-from-request
    re.compile("^" + request.form.get("q"))
    # ruleid: regex-from-request
    re.findall(django_request.GET["q"], page)
    # ok: regex-from-request
    re.search(re.escape(request.args["q"]), page)
    # ok: regex-from-request
    re.search(r"^\w+$", request.args["q"])
    # ok: regex-from-request
    re.search(page.pattern, request.args["q"])
