import os


class Shop:
    def __init__(self, connect, request, settings):
        # ruleid: hard-coded-secret, password-string
        password = "Tr0ub4dor&3-horse"
        # ruleid: hard-coded-secret, password-string
        self.api_token = "x8Zk2LmQ9vR4tYw7"
        # ruleid: hard-coded-secret, password-string
        settings["SECRET_KEY"] = "q1!w2@e3#r4$"
        # ruleid: hard-coded-secret-argument, password-argument
        connect(host="db", password="Tr0ub4dor&3-horse")
        # ruleid: hard-coded-secret, password-string
        if request.password == "Tr0ub4dor&3-horse":
            pass
        # ok: hard-coded-secret
        # ruleid: password-string
        password = ""
        # ok: hard-coded-secret
        # ruleid: password-string
        token = "csrf_token"
        # ok: hard-coded-secret
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
