import httpx
import requests

CHECK = 0


def fetch(url, verify):
    # ruleid: verify-falsy
    requests.get(url, verify=0)
    # ruleid: verify-falsy
    requests.Session().post(url, verify=CHECK)
    # ruleid: verify-falsy
    httpx.Client(verify="")
    # ok: verify-falsy
    requests.get(url, verify=1)
    # ok: verify-falsy
    requests.get(url, verify="/etc/ssl/our-ca.pem")
    # ok: verify-falsy
    return requests.get(url, verify=verify)
