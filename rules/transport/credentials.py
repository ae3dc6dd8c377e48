import httpx
import requests


def login(user, password, path, base):
    # ruleid: credentials-over-http
    requests.post("http://api.acme.com/login", json={"user": user, "password": password}, timeout=5)
    # ruleid: credentials-over-http
    requests.get(f"http://api.acme.com/{path}", auth=(user, password), timeout=5)
    # ruleid: credentials-over-http
    httpx.get("http://api.acme.com/v1", headers={"Authorization": "Bearer " + password})
    # ok: credentials-over-http
    requests.post("https://api.acme.com/login", json={"user": user, "password": password}, timeout=5)
    # ok: credentials-over-http
    requests.post("http://localhost:8080/login", json={"user": user, "password": password}, timeout=5)
    # ok: credentials-over-http
    requests.get("http://10.0.0.7/v1", auth=(user, password), timeout=5)
    # ok: credentials-over-http
    requests.get("http://vault:8200/v1", headers={"Authorization": password}, timeout=5)
    # ok: credentials-over-http
    requests.get(base + "/v1", auth=(user, password), timeout=5)
    # ok: credentials-over-http
    return requests.get("http://feeds.acme.com/rss", headers={"Accept": "text/xml"}, timeout=5)
