import ssl

import aiohttp
import elasticsearch
import httpx
import pycurl
import requests
import urllib3
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
    # ruleid: session-no-certificate-check
    session.verify = False
    # ruleid: no-certificate-check
    httpx.Client(verify=False)
    # ruleid: no-certificate-check
    requests.get(url, **{"verify": False})
    options = {"timeout": 3, "verify": False}
    # ruleid: no-certificate-check
    requests.get(url, **options)
    # ok: no-certificate-check
    requests.get(url, verify=True)
    # ok: no-certificate-check
    requests.get(url, verify="/etc/ca.pem")
    sound = {"timeout": 3}
    # ok: no-certificate-check
    requests.get(url, **sound)
    # ok: no-certificate-check, certificate-option-off
    parser.get(url, verify=False)
    # ok: session-no-certificate-check
    session.verify = "/etc/ca.pem"
    # ok: session-no-certificate-check
    parser.verify = False


def options(url, mine, sock):
    # ruleid: certificate-option-off
    aiohttp.TCPConnector(ssl=False)
    # ruleid: certificate-option-off
    elasticsearch.Elasticsearch(url, verify_certs=False)
    # ruleid: certificate-option-off
    urllib3.PoolManager(cert_reqs="CERT_NONE")
    # ok: certificate-option-off
    urllib3.PoolManager(cert_reqs="CERT_REQUIRED")
    # ok: certificate-option-off
    aiohttp.TCPConnector(ssl=ssl.create_default_context())
    # Trap: an option of the same name that has nothing to do with certificates.
    # ok: certificate-option-off
    mine.connect(url, ssl=False)


def contexts(url):
    context = ssl.create_default_context()
    # ok: context-unchecked
    context.check_hostname = False
    # ruleid: context-unchecked
    context.verify_mode = ssl.CERT_NONE
    named = ssl.create_default_context()
    # ruleid: context-unchecked
    named.check_hostname = False
    curl = pycurl.Curl()
    # ruleid: context-unchecked
    curl.setopt(pycurl.SSL_VERIFYPEER, 0)
    # ruleid: context-unchecked
    curl.setopt(curl.SSL_VERIFYHOST, 1)
    # ok: context-unchecked
    curl.setopt(pycurl.SSL_VERIFYPEER, 1)
    # ok: context-unchecked
    curl.setopt(curl.SSL_VERIFYHOST, 2)
    strict = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ok: context-unchecked
    strict.verify_mode = ssl.CERT_REQUIRED
    # Trap: a server need not ask its clients for certificates.
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    # ok: context-unchecked
    server.verify_mode = ssl.CERT_NONE


def switched(context, verify, use_tls):
    # Near miss: the caller has to ask for it.
    if not verify:
        # ok: context-unchecked
        context.check_hostname = False
    # Trap: whenever there is TLS at all.
    if use_tls:
        # ruleid: context-unchecked
        context.check_hostname = False
