import httpx
import requests
from requests import get as fetch

CHECK = False


def call(url, client, parser):
    # ruleid: no-certificate-check
    requests.get(url, verify=False)
    # ruleid: no-certificate-check
    fetch(url, timeout=3, verify=CHECK)
    session = requests.Session()
    # ruleid: no-certificate-check
    session.post(url, verify=False)
    # ruleid: no-certificate-check
    session.verify = False
    # ruleid: no-certificate-check
    httpx.Client(verify=False)
    # ok: no-certificate-check
    requests.get(url, verify=True)
    # ok: no-certificate-check
    requests.get(url, verify="/etc/ca.pem")
    # ok: no-certificate-check
    parser.get(url, verify=False)
