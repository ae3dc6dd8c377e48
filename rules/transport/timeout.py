import httpx
import requests


def fetch(url, options):
    # ruleid: request-without-timeout
    requests.get(url)
    # ruleid: request-without-timeout
    requests.post(url, data=1, timeout=None)
    # ruleid: request-without-timeout
    httpx.get(url, timeout=None)
    # ok: request-without-timeout
    requests.get(url, timeout=5)
    # ok: request-without-timeout
    requests.get(url, **options)
    # ok: request-without-timeout
    httpx.get(url)
