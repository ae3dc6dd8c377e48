import asyncio
import ftplib
import smtplib
import urllib.request
from multiprocessing.managers import BaseManager

import pymysql
import redis
import requests
import uvicorn
import zmq
from aiohttp import web

session = requests.Session()


def clients(url, options):
    # ruleid: client-without-timeout
    urllib.request.urlopen(url)
    # ruleid: client-without-timeout
    smtplib.SMTP("mail.example.com", 587)
    # ruleid: client-without-timeout
    session.get(url)
    # ruleid: client-without-timeout
    ftplib.FTP("ftp.example.com", timeout=None)
    # ok: client-without-timeout
    urllib.request.urlopen(url, None, 10)
    # ok: client-without-timeout
    urllib.request.urlopen(url, timeout=10)
    # ok: client-without-timeout
    session.get(url, timeout=5)
    # ok: client-without-timeout
    ftplib.FTP()
    # ok: client-without-timeout
    session.get(url, **options)
    # ok: client-without-timeout
    options.get(url)


def databases(options):
    # ruleid: database-without-timeout
    redis.Redis(host="cache")
    # ruleid: database-without-timeout
    pymysql.connect(host="db", user="me")
    # ok: database-without-timeout
    redis.Redis(host="cache", socket_timeout=5)
    # ok: database-without-timeout
    redis.Redis(**options)
    # ok: database-without-timeout
    redis.Redis.from_url("redis://cache")


async def servers(app, host, handle):
    # ruleid: server-bind-all
    uvicorn.run(app, host="0.0.0.0")
    # ruleid: server-bind-all
    await asyncio.start_server(handle, "::", 8080)
    # ruleid: server-bind-all
    zmq.Context().socket(zmq.REP).bind("tcp://*:5555")
    # ruleid: server-bind-all
    web.run_app(app, host="0")
    # ok: server-bind-all
    uvicorn.run(app, host="127.0.0.1")
    # ok: server-bind-all
    uvicorn.run(app, host=host)
    # ok: server-bind-all
    uvicorn.run("0.0.0.0:app")
    # ok: server-bind-all
    web.run_app(app, port=0)


# ruleid: pickling-server-open
BaseManager(address=("", 50000), authkey=b"abc")
# ok: pickling-server-open
BaseManager(address=("127.0.0.1", 50000), authkey=b"abc")
# ok: pickling-server-open
BaseManager()
