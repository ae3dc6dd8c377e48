import os

import jwt


class Shop:
    def __init__(self, connect, request, settings):
        # ruleid: hard-coded-secret, hard-coded-password, password-string
        password = "Tr0ub4dor&3-horse"
        # ruleid: hard-coded-secret, password-string
        self.api_token = "x8Zk2LmQ9vR4tYw7"
        # ruleid: hard-coded-secret, password-string
        settings["SECRET_KEY"] = "q1!w2@e3#r4$"
        # ruleid: hard-coded-secret-argument, password-argument
        connect(host="db", password="Tr0ub4dor&3-horse")
        # ruleid: hard-coded-secret, hard-coded-password, password-string
        if request.password == "Tr0ub4dor&3-horse":
            pass
        # ok: hard-coded-secret, hard-coded-password
        # ruleid: password-string
        password = ""
        # ok: hard-coded-secret
        # ruleid: password-string
        token = "csrf_token"
        # ok: hard-coded-secret, hard-coded-password
        # ruleid: password-string
        password = "<your password>"
        # ok: hard-coded-secret
        # ruleid: password-string
        token_url = "https://example.org/oauth/token2"
        # ok: hard-coded-secret, password-string
        password = os.environ["SHOP_PASSWORD"]
        # ok: hard-coded-secret-argument
        # ruleid: password-argument
        connect(password="changeme")
        # ok: hard-coded-secret-argument, password-argument
        connect(user="Tr0ub4dor&3-horse")
        # ok: password-argument, password-string
        connect(password=password)
        self.connect = connect

    # ruleid: hard-coded-secret-default, password-default
    def login(self, user, password="Tr0ub4dor&3-horse"):
        return user, password

    # ok: hard-coded-secret-default
    # ruleid: password-default
    def log_out(self, token=""):
        return token

    # ok: hard-coded-secret-default, password-default
    def reset(self, name="Tr0ub4dor&3-horse", password=None):
        return name, password


# ok: password-default, hard-coded-secret-default
def sign_in(name="admin", password=os.environ):
    return name, password


def settings(requests, session, claims, url, form):
    # ruleid: hard-coded-password, password-string
    db_password = "hunter2"
    # ruleid: hard-coded-password, password-string
    session.passwd = "admin"
    # ruleid: hard-coded-secret, hard-coded-password
    password = os.environ.get("SHOP_PASSWORD", "Wint3r2024!")
    database = {
        "user": "shop",
        # ruleid: hard-coded-secret, hard-coded-password, password-string
        "password": "Wint3r2024!",
    }
    # Near miss: what a form calls its field, what a message says.
    # ok: hard-coded-password
    # ruleid: password-string
    form.password = "new_password"
    # ok: hard-coded-password
    # ruleid: password-string
    password = "Enter 6 letters or more"
    # Trap: a parameter's name, a path, a template.
    # ok: hard-coded-password
    # ruleid: password-string
    password = "{{ vault_password2 }}"
    # ok: hard-coded-secret, hard-coded-password
    password = os.environ.get("SHOP_PASSWORD", "")

    # ruleid: hard-coded-login
    requests.get(url, auth=("shop", "Wint3r2024!"), timeout=3)
    # ruleid: hard-coded-login
    jwt.encode(claims, "q1!w2@e3#r4$", algorithm="HS256")
    # ruleid: hard-coded-login
    session.login("shop", "Wint3r2024!")
    # ok: hard-coded-login
    session.login("shop", password)
    # ok: hard-coded-login
    requests.get(url, auth=("shop", "changeme"), timeout=3)
    # ok: hard-coded-login
    session.login("shop", "https://example.org/login2")
    return db_password, password, database


def used(client):
    # Trap: once is enough: where it is written, not where it is used.
    # ruleid: hard-coded-secret
    service_api_key = "k9Qz7Lr2Xw8Tn4Vb"
    # ok: hard-coded-secret
    client.get({"apikey": service_api_key})
    # ok: hard-coded-secret
    # ruleid: password-string
    return client.path_token != "relation:%s" % (service_api_key,)


class Extractor:
    # ok: hard-coded-secret, hard-coded-password
    # ruleid: password-string
    _TESTS = [{"url": "https://example.org/1", "params": {"video_password": "Tr0ub4dor&3x"}}]
    # ruleid: hard-coded-secret, hard-coded-password, password-string
    _PARAMS = [{"url": "https://example.org/1", "params": {"video_password": "Tr0ub4dor&3x"}}]
