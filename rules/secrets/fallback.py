import os

from decouple import config

# ruleid: secret-fallback
SECRET_KEY = os.environ.get("SECRET_KEY", "fallback-k92-31xx")
# ruleid: secret-fallback
JWT_SECRET = os.getenv("JWT_SECRET", default="s8-not-so-secret")
# ruleid: secret-fallback
API_KEY = config("PAYMENT_API_KEY", default="b71c-0d5e-441a")
# ok: secret-fallback
SECRET = os.environ.get("SECRET_KEY")
# ok: secret-fallback
EMPTY = os.environ.get("SECRET_KEY", "")
# ok: secret-fallback
TOLD = os.environ.get("SECRET_KEY", "changeme")
# ok: secret-fallback
PATH = os.environ.get("DB_PASSWORD_FILE", "/run/secrets/db-password")
# ok: secret-fallback
FILE = os.environ.get("API_KEY", "/etc/app/api-key")
# ok: secret-fallback
LEVEL = os.environ.get("LOG_LEVEL", "information")


def fallback(default):
    # ok: secret-fallback
    return os.environ.get("SECRET_KEY", default)
