import json
import multiprocessing
from multiprocessing.connection import Connection, Listener
from xmlrpc.server import SimpleXMLRPCServer

import celery
import kombu
import Pyro4
import rpyc
import zmq
from rpyc.utils.server import ThreadedServer


def channels(socket: zmq.Socket, app, mine):
    # ruleid: pickle-channel
    socket.recv_pyobj()
    # ruleid: pickle-channel
    kombu.enable_insecure_serializers(["pickle"])
    # ruleid: pickle-channel
    Pyro4.config.SERIALIZERS_ACCEPTED.add("pickle")
    # ruleid: pickle-channel
    app.conf.accept_content = ["json", "pickle"]
    # ruleid: pickle-channel
    celery.Celery("jobs", accept_content=["pickle"])
    # ok: pickle-channel
    app.conf.accept_content = ["json"]
    # ok: pickle-channel
    socket.recv_json()
    # Trap: preserved food.
    # ok: pickle-channel
    mine.accept_content = ["pickle", "onion"]


# ruleid: pickle-channel
SESSION_SERIALIZER = "django.contrib.sessions.serializers.PickleSerializer"
# ok: pickle-channel
SESSION_SERIALIZER = "django.contrib.sessions.serializers.JSONSerializer"


def listeners(key, path):
    # ruleid: pickle-listener
    Listener(("0.0.0.0", 6000))
    # ok: pickle-listener
    Listener(("127.0.0.1", 6000), authkey=key)
    # ok: pickle-listener
    Listener("/run/acme/socket")
    # Trap: a socket in the file system, which has rights.
    # ok: pickle-listener
    Listener(path, family="AF_UNIX")


def read(connection: Connection, socket):
    # ruleid: connection-recv
    connection.recv()
    # ok: connection-recv
    json.loads(connection.recv_bytes())
    # Trap: a socket, which gives bytes.
    # ok: connection-recv
    socket.recv(1024)


def servers(service):
    server = SimpleXMLRPCServer(("127.0.0.1", 8000))
    # ruleid: rpc-exposes-objects
    server.register_instance(service, allow_dotted_names=True)
    # ruleid: rpc-exposes-objects
    ThreadedServer(rpyc.SlaveService, port=18812)
    # ruleid: rpc-exposes-objects
    ThreadedServer(service, protocol_config={"allow_all_attrs": True})
    # ok: rpc-exposes-objects
    server.register_instance(service)
    # ok: rpc-exposes-objects
    ThreadedServer(service, protocol_config={"allow_public_attrs": True})
    # Trap: the option is said to be off.
    # ok: rpc-exposes-objects
    server.register_instance(service, allow_dotted_names=False)
    return multiprocessing
