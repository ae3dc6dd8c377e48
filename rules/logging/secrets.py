import logging
import os

from flask import request

log = logging.getLogger(__name__)


class Client:
    def login(self, user, password, tokens, api_key):
        # ruleid: secret-logged
        log.info("login with %s", password)
        # ruleid: secret-logged
        logging.debug(f"key: {api_key}")
        # ruleid: secret-logged
        self.logger.error("failed with " + self.access_token)
        # ruleid: secret-logged
        log.warning("{} {}".format(user, self.client_secret))
        # ruleid: secret-logged
        log.warning("bad login " + user + " " + password)
        # ruleid: secret-logged
        log.info("key %s", os.environ["API_KEY"])
        # ruleid: secret-logged
        log.debug("form %s", request.form.get("password"))
        # ok: secret-logged
        log.info("user %s", request.form["username"])
        # ok: secret-logged
        log.info("login of %s", user)
        # ok: secret-logged
        log.info("password of %s", user)
        # ok: secret-logged
        log.debug("read %d tokens, %s", len(tokens), tokens)
        # ok: secret-logged
        log.debug("field %s", self.password_field)
        # ok: secret-logged
        log.debug("has a password: %s", bool(password))
        # ok: secret-logged
        self.catalog.info(password)

    def show(self, api_key, path):
        # ruleid: secret-printed
        print("key:", api_key)
        # ruleid: secret-printed
        print(f"key: {self.session_key}")
        # ok: secret-printed
        print("the key is in", path)
        # ok: secret-printed
        print(self.key)


def view():
    # ruleid: request-logged
    log.debug("headers: %s", request.headers)
    # ruleid: request-logged
    log.info(f"got {request.form}")
    # ok: request-logged
    log.debug("%s %s", request.method, request.path)
    # ok: request-logged
    log.debug("agent: %s", request.headers["User-Agent"])


def of_the_module(api_key, name):
    # ruleid: secret-logged
    logging.getLogger(__name__).debug(f"key is {api_key}")
    # ok: secret-logged
    logging.getLogger(__name__).debug(f"name is {name}")
