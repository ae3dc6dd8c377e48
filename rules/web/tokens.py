from datetime import timedelta

import jwt
from flask import Flask
from flask_jwt_extended import create_access_token
from jose import jwt as jose_jwt

app = Flask(__name__)


def claims(token, key, options):
    # ruleid: jwt-claim-unchecked
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": False})
    # ruleid: jwt-claim-unchecked
    jose_jwt.decode(token, key, algorithms=["RS256"], options={"verify_aud": False, "verify_at_hash": False})
    # ok: jwt-claim-unchecked
    jwt.decode(token, key, algorithms=["RS256"], audience="api")
    # ok: jwt-claim-unchecked
    jwt.decode(token, key, algorithms=["RS256"], options={"verify_exp": True})
    # ok: jwt-claim-unchecked
    jwt.decode(token, key, algorithms=["RS256"], options=options)
    # ok: jwt-claim-unchecked
    options.decode(token, options={"verify_exp": False})


def algorithm(token, key, known):
    # ruleid: jwt-algorithm-from-token
    jwt.decode(token, key, algorithms=[jwt.get_unverified_header(token)["alg"]])
    # ok: jwt-algorithm-from-token
    jwt.decode(token, key, algorithms=["RS256"])
    # ok: jwt-algorithm-from-token
    jwt.decode(token, known[jwt.get_unverified_header(token)["kid"]], algorithms=["RS256"])


def by_name(token, key):
    header = jwt.get_unverified_header(token)
    # ruleid: jwt-algorithm-from-token
    return jwt.decode(token, key, algorithms=[header["alg"]])


def mixed(token, key, algorithms):
    # ruleid: jwt-algorithms-mixed
    jwt.decode(token, key, algorithms=["HS256", "RS256"])
    # ruleid: jwt-algorithms-mixed
    jose_jwt.decode(token, key, ["ES256", "HS512"])
    # ok: jwt-algorithms-mixed
    jwt.decode(token, key, algorithms=["RS256", "ES256"])
    # ok: jwt-algorithms-mixed
    jwt.decode(token, key, algorithms=["HS256", "HS512"])
    # ok: jwt-algorithms-mixed
    jwt.decode(token, key, algorithms=algorithms)


# ruleid: token-never-expires
app.config["JWT_ACCESS_TOKEN_EXPIRES"] = False
# ruleid: token-never-expires
create_access_token("me", expires_delta=False)
# ok: token-never-expires
app.config["JWT_ACCESS_TOKEN_EXPIRES"] = timedelta(hours=1)
# ok: token-never-expires
create_access_token("me")
# ok: token-never-expires
app.config["JWT_ACCESS_COOKIE_PATH"] = False
