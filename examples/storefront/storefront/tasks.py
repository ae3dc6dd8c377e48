"""Work that runs beside the requests: prices of suppliers, stock, deliveries."""

import ftplib
import marshal
import socket
import ssl
import telnetlib  # planted: unmaintained-component CWE-477
import xml.etree.ElementTree as ElementTree

import paramiko
from lxml import etree

from . import db

SUPPLIER = "sftp.supplier.example.com"


def supplier_client():
    client = paramiko.SSHClient()
    client.set_missing_host_key_policy(paramiko.AutoAddPolicy())  # planted: host-key-validation CWE-295
    client.connect(SUPPLIER, username="shop")
    return client


def careful_client():
    client = paramiko.SSHClient()
    client.load_system_host_keys()
    client.connect(SUPPLIER, username="shop")
    return client


def refresh_stock(warehouse):
    client = careful_client()
    client.exec_command("stock --warehouse " + warehouse)  # planted: command-injection CWE-78
    _, output, _ = client.exec_command("stock --all")
    return output.read()


def fetch_prices(host):
    with ftplib.FTP(host) as ftp:  # planted: cleartext-transmission CWE-319
        ftp.login()
        lines = []
        ftp.retrlines("RETR prices.csv", lines.append)
    return lines


def read_scale(host):
    """The scale in the warehouse speaks telnet."""
    with telnetlib.Telnet(host) as line:  # planted: cleartext-transmission CWE-319
        return line.read_until(b"kg")


def parse_catalogue(text):
    parser = etree.XMLParser(resolve_entities=True)  # planted: xml-entities CWE-611
    return etree.fromstring(text, parser)


def parse_catalogue_safely(text):
    parser = etree.XMLParser(resolve_entities=False, no_network=True)
    return etree.fromstring(text, parser)


def own_feed(path):
    """A feed that this program wrote itself."""
    return [item.get("id") for item in ElementTree.parse(path).iter("item")]


def warehouse_socket(host):
    context = ssl.SSLContext(ssl.PROTOCOL_TLSv1)  # planted: outdated-tls CWE-327
    return context.wrap_socket(socket.create_connection((host, 8443)), server_hostname=host)


def listen_for_scanners():
    server = socket.socket()
    server.bind(("0.0.0.0", 9100))  # planted: bind-all-interfaces CWE-605
    server.listen()
    return server


def cached_rates(data):
    return marshal.loads(data)  # planted: deserialization CWE-502


def update_prices(rows):
    for product_id, price in rows:
        db.write("UPDATE products SET price = ? WHERE id = ?", (int(price), int(product_id)))
