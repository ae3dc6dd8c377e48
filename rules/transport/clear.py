import ftplib
import http.client
import logging.handlers
import ssl
import urllib.request

import asyncpg
import boto3
import grpc
import httpx
import kafka
import minio
import paho.mqtt.client
import pika
import psycopg2
import requests
import sqlalchemy
import websockets
import xmlrpc.client


def credentials(user, password, token, host):
    # ruleid: http-credentials, http-request
    requests.get("http://api.acme.com/me", auth=(user, password))
    # ruleid: http-credentials, http-request
    requests.post("http://api.acme.com/me", headers={"Accept": "text/plain", "authorization": token})
    # ruleid: http-credentials, http-request
    httpx.request("GET", "http://api.acme.com/me", auth=(user, password))
    # ok: http-credentials
    requests.get("https://api.acme.com/me", auth=(user, password))
    # ok: http-credentials
    requests.get("http://localhost:8080/me", auth=(user, password))
    # Trap: a service beside this one, in the network of its containers.
    # ok: http-credentials
    requests.get("http://billing:8080/me", auth=(user, password))
    # Trap: where it goes is not known here.
    # ok: http-credentials
    requests.get(f"http://{host}/me", auth=(user, password))


def requested(url):
    # ruleid: http-request
    requests.get("http://api.acme.com/rates")
    # ruleid: http-request
    urllib.request.urlopen("http://api.acme.com/rates")
    # ruleid: http-request
    urllib.request.urlretrieve("ftp://files.acme.com/rates.csv", "rates.csv")
    # ruleid: http-request
    websockets.connect("ws://live.acme.com/rates")
    # ruleid: http-request
    xmlrpc.client.ServerProxy("http://rpc.acme.com")
    # ok: http-request
    requests.get("https://api.acme.com/rates")
    # ok: http-request
    urllib.request.urlopen("http://127.0.0.1:9000/health")
    # ok: http-request
    requests.get("http://169.254.169.254/latest/meta-data/")
    # Trap: the name of a vocabulary, which nobody asks for.
    # ok: http-request
    url.add_namespace("http://www.w3.org/2000/svg")


def connections(host):
    # ruleid: http-connection
    http.client.HTTPConnection(host)
    # ok: http-connection
    http.client.HTTPSConnection(host)
    # ok: http-connection
    http.client.HTTPException(host)


def services(host, password, level):
    # ruleid: service-cleartext-login
    psycopg2.connect(host=host, password=password, sslmode="disable")
    # ruleid: service-cleartext-login
    asyncpg.connect(host=host, password=password, ssl="prefer")
    # ruleid: service-cleartext-login
    sqlalchemy.create_engine("postgresql://app@db.acme.com/shop?sslmode=disable")
    # ruleid: service-cleartext-login
    kafka.KafkaProducer(bootstrap_servers=host, security_protocol="SASL_PLAINTEXT")
    # ruleid: service-cleartext-login
    logging.handlers.SMTPHandler("mail.acme.com", "a@acme.com", ["b@acme.com"], "down", credentials=("a", password))
    # ruleid: service-cleartext-login
    boto3.client("s3", use_ssl=False)
    # ruleid: service-cleartext-login
    minio.Minio("files.acme.com", access_key=host, secret_key=password, secure=False)
    # ok: service-cleartext-login
    psycopg2.connect(host=host, password=password, sslmode="verify-full")
    # ok: service-cleartext-login
    psycopg2.connect(host="localhost", password=password, sslmode="disable")
    # ok: service-cleartext-login
    kafka.KafkaProducer(bootstrap_servers=host, security_protocol="SASL_SSL")
    # ok: service-cleartext-login
    logging.handlers.SMTPHandler("mail.acme.com", "a@acme.com", ["b@acme.com"], "down")
    # Trap: a service beside this one, in the network of its containers.
    # ok: service-cleartext-login
    minio.Minio("minio:9000", access_key=host, secret_key=password, secure=False)
    # Trap: the mode that the user's settings name.
    # ok: service-cleartext-login
    psycopg2.connect(host=host, password=password, sslmode=level)


def calls(host):
    # ruleid: grpc-insecure, grpc-insecure-remote
    grpc.insecure_channel("billing.acme.com:443")
    # ruleid: grpc-insecure
    # ok: grpc-insecure-remote
    grpc.insecure_channel("billing:50051")
    # ruleid: grpc-insecure
    # ok: grpc-insecure-remote
    grpc.insecure_channel(host)
    # ruleid: grpc-insecure
    grpc.server(host.pool).add_insecure_port("[::]:50051")
    # ok: grpc-insecure
    grpc.insecure_channel("localhost:50051")
    # ok: grpc-insecure
    grpc.server(host.pool).add_insecure_port("unix:/run/billing.sock")
    # ok: grpc-insecure
    grpc.secure_channel("billing.acme.com:443", grpc.ssl_channel_credentials())


def brokers(login, context):
    # ruleid: broker-cleartext
    pika.ConnectionParameters("mq.acme.com", credentials=login)
    # ruleid: broker-cleartext
    pika.URLParameters("amqp://app@mq.acme.com/")
    client = paho.mqtt.client.Client()
    # ruleid: broker-cleartext
    client.username_pw_set("app", login)
    # ok: broker-cleartext
    pika.ConnectionParameters("mq.acme.com", 5671, ssl_options=pika.SSLOptions(context))
    # ok: broker-cleartext
    pika.URLParameters("amqps://app@mq.acme.com/")
    # Trap: on this machine.
    # ok: broker-cleartext
    pika.ConnectionParameters("localhost", credentials=login)


def meters(login):
    client = paho.mqtt.client.Client()
    client.tls_set()
    # ok: broker-cleartext
    client.username_pw_set("app", login)


def upload(host, user, password, file):
    context = ssl.create_default_context()
    ftp = ftplib.FTP_TLS(host, context=context)
    ftp.login(user, password)
    # ruleid: ftp-data-cleartext
    ftp.storbinary("STOR report.pdf", file)
    ftp.prot_p()
    # ok: ftp-data-cleartext
    ftp.storbinary("STOR report.pdf", file)


def download(host, write):
    with ftplib.FTP_TLS(host, context=ssl.create_default_context()) as ftp:
        # Near miss: commands, and no files.
        # ok: ftp-data-cleartext
        ftp.login()
        # ruleid: ftp-data-cleartext
        ftp.retrbinary("RETR report.pdf", write)
    plain = ftplib.FTP(host)
    # Trap: rule ftp speaks of that.
    # ok: ftp-data-cleartext
    plain.retrbinary("RETR report.pdf", write)
