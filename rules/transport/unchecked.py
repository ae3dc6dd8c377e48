import asyncpg
import grpc
import psycopg2
import redis
import sqlalchemy


def services(host, level, credentials):
    # ruleid: service-certificate-not-compared
    psycopg2.connect(host=host, sslmode="require")
    # ruleid: service-certificate-not-compared
    asyncpg.connect(host=host, ssl="require")
    # ruleid: service-certificate-not-compared
    sqlalchemy.create_engine("postgresql://app@db.acme.com/shop?sslmode=require")
    # ruleid: service-certificate-not-compared
    redis.Redis(host, ssl=True)
    # ruleid: service-certificate-not-compared
    grpc.secure_channel(host, credentials, options=[("grpc.ssl_target_name_override", "test")])
    # ok: service-certificate-not-compared
    psycopg2.connect(host=host, sslmode="verify-full")
    # ok: service-certificate-not-compared
    redis.Redis(host, ssl=True, ssl_check_hostname=True)
    # ok: service-certificate-not-compared
    grpc.secure_channel(host, credentials, options=[("grpc.max_receive_message_length", 1)])
    # Trap: what the user's settings name.
    # ok: service-certificate-not-compared
    psycopg2.connect(host=host, sslmode=level)
