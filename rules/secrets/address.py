import os

from sqlalchemy import create_engine

# ruleid: password-in-address
engine = create_engine("postgresql+psycopg2://app:k7Rm-pp31@db.acme.com/app")
# ruleid: password-in-address
BROKER = "amqp://worker:Zt9-44kq@10.3.0.7:5672//"
# ruleid: password-in-address
CACHE = "redis://:p4LL-x82m@cache.acme.com:6379/0"
# ok: password-in-address
LOCAL = "postgresql://app:app-password@localhost/app"
# ok: password-in-address
SHOWN = "postgresql://user:password@host/database"
# ok: password-in-address
FILLED = "postgresql://{user}:{password}@{host}/app"
# ok: password-in-address
FORMATTED = "mysql://%s:%s@%s/app"
# ok: password-in-address
COMPOSE = "postgresql://app:compose-only@db:5432/app"
# ok: password-in-address
ASKED = os.environ["DATABASE_URL"]
# ok: password-in-address
NO_PASSWORD = "postgresql://app@db.acme.com/app"
# ok: password-in-address
OTHER = "https://docs.acme.com/a:b@c"
