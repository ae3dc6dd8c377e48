import asyncio
import ftplib
import imaplib
import os
import poplib
import smtplib
import ssl
import subprocess
import warnings

import celery
import docker
import hvac
import mysql.connector
import paho.mqtt.client
import pymongo
import pyodbc
import redis
import requests
import twisted.internet.ssl
import urllib3
import websocket
from M2Crypto import SSL as M2SSL
from OpenSSL import SSL

INSECURE = True


def options(uri, host, mine, clusters):
    # ruleid: client-certificate-option
    pymongo.MongoClient(uri, tlsAllowInvalidCertificates=True)
    # ruleid: client-certificate-option
    pymongo.MongoClient(uri, tls=True, tlsInsecure=INSECURE)
    # ruleid: client-certificate-option
    redis.Redis(host, ssl=True, ssl_cert_reqs="none")
    # ruleid: client-certificate-option
    redis.Redis(host, ssl=True, ssl_cert_reqs=None)
    # ruleid: client-certificate-option
    redis.from_url("rediss://cache.acme.com:6380/0?ssl_cert_reqs=CERT_NONE")
    # ruleid: client-certificate-option
    celery.Celery("jobs", broker="rediss://cache.acme.com/0?ssl_cert_reqs=none")
    # ruleid: client-certificate-option
    mysql.connector.connect(host=host, ssl_verify_cert=False)
    # ruleid: client-certificate-option
    docker.tls.TLSConfig(verify=False)
    # ruleid: client-certificate-option
    hvac.Client(url=uri, verify=False)
    # ruleid: client-certificate-option
    websocket.create_connection(uri, sslopt={"cert_reqs": ssl.CERT_NONE})
    # ruleid: client-certificate-option
    twisted.internet.ssl.CertificateOptions(verify=False)
    # ruleid: client-certificate-option
    pyodbc.connect("Driver={ODBC Driver 18};Server=db.acme.com;TrustServerCertificate=yes;")
    # ok: client-certificate-option
    pyodbc.connect("Driver={ODBC Driver 18};Server=db.acme.com;TrustServerCertificate=no;")
    # ok: client-certificate-option
    pymongo.MongoClient(uri, tlsCAFile="/etc/ssl/our-ca.pem", tlsAllowInvalidCertificates=False)
    # ok: client-certificate-option
    redis.Redis(host, ssl=True, ssl_cert_reqs="required")
    # ok: client-certificate-option
    websocket.create_connection(uri, sslopt={"cert_reqs": ssl.CERT_REQUIRED})
    # Trap: what is verified here is a letter, not a certificate.
    # ok: client-certificate-option
    mine.Client(verify=False)
    # Trap: the caller decides.
    # ok: client-certificate-option
    redis.Redis(host, ssl_cert_reqs=clusters.requirement)


def attributes(configuration, uri, parser):
    # ruleid: client-certificate-attribute
    configuration.verify_ssl = False
    client = paho.mqtt.client.Client()
    # ruleid: client-certificate-attribute
    client.tls_insecure_set(True)
    context = SSL.Context(SSL.TLS_METHOD)
    # ruleid: client-certificate-attribute
    context.set_verify(SSL.VERIFY_NONE, None)
    # ruleid: client-certificate-attribute
    M2SSL.Context("tls").set_verify(M2SSL.verify_none, depth=9)
    # ok: client-certificate-attribute
    context.set_verify(SSL.VERIFY_PEER, None)
    # ok: client-certificate-attribute
    client.tls_insecure_set(False)
    # ok: client-certificate-attribute
    configuration.verify_ssl = True
    # Trap: another thing that is verified.
    # ok: client-certificate-attribute
    parser.verify = False


def yes(connection, certificate, error, depth, ok):
    return True


def mostly(connection, certificate, error, depth, ok):
    if depth > 3:
        return False
    return ok


def callbacks(context):
    # ruleid: certificate-callback-accepts
    context.set_verify(SSL.VERIFY_PEER, lambda *args: True)
    # ruleid: certificate-callback-accepts
    context.set_verify(SSL.VERIFY_PEER, yes)
    # ok: certificate-callback-accepts
    context.set_verify(SSL.VERIFY_PEER, mostly)
    # Trap: it returns what OpenSSL found.
    # ok: certificate-callback-accepts
    context.set_verify(SSL.VERIFY_PEER, lambda conn, cert, err, depth, ok: ok)


def environment(branch):
    # ruleid: certificate-environment
    os.environ["PYTHONHTTPSVERIFY"] = "0"
    # ruleid: certificate-environment
    os.environ["CURL_CA_BUNDLE"] = ""
    # ruleid: certificate-environment
    subprocess.run(["git", "fetch"], env={"GIT_SSL_NO_VERIFY": "true"})
    # ok: certificate-environment
    os.environ["PYTHONHTTPSVERIFY"] = "1"
    # ok: certificate-environment
    os.environ["REQUESTS_CA_BUNDLE"] = "/etc/ssl/our-ca.pem"
    # Trap: another variable of the same program.
    # ok: certificate-environment
    subprocess.run(["git", "fetch"], env={"GIT_TERMINAL_PROMPT": "0"})


def hidden():
    # ruleid: certificate-warning-hidden
    urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
    # ruleid: certificate-warning-hidden
    requests.packages.urllib3.disable_warnings()
    # ruleid: certificate-warning-hidden
    warnings.filterwarnings("ignore", category=urllib3.exceptions.InsecureRequestWarning)
    # ok: certificate-warning-hidden
    warnings.filterwarnings("ignore", category=DeprecationWarning)
    # Trap: another warning of the same library.
    # ok: certificate-warning-hidden
    warnings.simplefilter("ignore", urllib3.exceptions.SubjectAltNameWarning)


def mail(host, options):
    context = ssl.create_default_context()
    # ruleid: mail-certificate-unchecked
    smtplib.SMTP_SSL(host, 465)
    smtp = smtplib.SMTP(host, 587)
    # ruleid: mail-certificate-unchecked
    smtp.starttls()
    with smtplib.SMTP(host) as server:
        # ruleid: mail-certificate-unchecked
        server.starttls()
        # ok: mail-certificate-unchecked
        server.starttls(context=context)
    # ruleid: mail-certificate-unchecked
    imap = imaplib.IMAP4_SSL(host)
    # ruleid: mail-certificate-unchecked
    poplib.POP3_SSL(host)
    # ruleid: mail-certificate-unchecked
    ftplib.FTP_TLS(host)
    # ok: mail-certificate-unchecked
    smtplib.SMTP_SSL(host, context=context)
    # ok: mail-certificate-unchecked
    imaplib.IMAP4_SSL(host, ssl_context=context)
    # Trap: what the options hold is not known.
    # ok: mail-certificate-unchecked
    poplib.POP3_SSL(host, **options)
    # Trap: on this machine.
    # ok: mail-certificate-unchecked
    smtplib.SMTP_SSL("localhost", 465)
    return imap


def upgrade(connection):
    # Trap: what this is nobody knows.
    # ok: mail-certificate-unchecked
    connection.starttls()


def commands(url, name):
    # ruleid: command-no-certificate-check
    subprocess.run(["curl", "-sk", url], check=True)
    # ruleid: command-no-certificate-check
    subprocess.check_output(["/usr/bin/wget", "-q", "--no-check-certificate", url])
    # ruleid: command-no-certificate-check
    os.system("curl --insecure https://get.acme.com | tee log")
    # ruleid: command-no-certificate-check
    subprocess.run(["pip", "install", "--trusted-host", "pypi.acme.com", name])
    # ok: command-no-certificate-check
    subprocess.run(["curl", "-sS", "-o", "k", url])
    # ok: command-no-certificate-check
    subprocess.run(["wget", "-k", url])
    # Trap: the letter belongs to another program.
    # ok: command-no-certificate-check
    os.system("curl https://get.acme.com | sort -k 2")
