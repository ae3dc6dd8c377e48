import socket
import ssl
from urllib.request import urlopen

from OpenSSL import SSL
from urllib3.util import create_urllib3_context


def never(url, host, sock):
    # ruleid: context-never-checks, context-old-versions
    context = ssl.SSLContext()
    urlopen(url, context=context)
    # ruleid: context-never-checks, context-old-versions
    other = ssl.SSLContext(ssl.PROTOCOL_TLS)
    other.wrap_socket(sock, server_hostname=host)
    # ok: context-never-checks, context-old-versions
    sound = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    urlopen(url, context=sound)
    # ok: context-never-checks, context-old-versions
    usual = ssl.create_default_context()
    urlopen(url, context=usual)


def told_later(url, host):
    # ok: context-never-checks, context-no-host-name
    context = ssl.SSLContext(ssl.PROTOCOL_TLSv1_2)
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = True
    context.load_default_certs()
    urlopen(url, context=context)


def server(sock, certificate):
    # Trap: a server need not ask its clients for certificates.
    # ruleid: context-old-versions
    context = ssl.SSLContext(ssl.PROTOCOL_TLS)
    # ok: context-never-checks
    context.load_cert_chain(certificate)
    return context.wrap_socket(sock, server_side=True)


def given(context, url):
    # Trap: how it was made is not known.
    # ok: context-never-checks, context-no-host-name, context-old-versions
    urlopen(url, context=context)


def no_name(host):
    # ruleid: context-no-host-name, context-old-versions
    context = ssl.SSLContext(ssl.PROTOCOL_TLS)
    context.verify_mode = ssl.CERT_REQUIRED
    context.load_default_certs()
    return context.wrap_socket(socket.create_connection((host, 443)), server_hostname=host)


def bounded(host):
    # ok: context-old-versions
    context = ssl.SSLContext(ssl.PROTOCOL_TLS)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.verify_mode = ssl.CERT_REQUIRED
    context.check_hostname = True
    # ok: context-no-host-name
    return context.wrap_socket(socket.create_connection((host, 443)), server_hostname=host)


def suites(sock, parser):
    context = ssl.create_default_context()
    # ruleid: weak-cipher-suites
    context.set_ciphers("ALL:!aNULL")
    # ruleid: weak-cipher-suites
    context.set_ciphers("RC4-SHA:AES128-SHA")
    # ruleid: weak-cipher-suites
    SSL.Context(SSL.TLS_METHOD).set_cipher_list(b"eNULL")
    # ruleid: weak-cipher-suites
    create_urllib3_context(ciphers="DES-CBC3-SHA")
    # ruleid: cipher-security-level
    context.set_ciphers("DEFAULT@SECLEVEL=0")
    # ok: weak-cipher-suites, cipher-security-level
    context.set_ciphers("ECDHE+AESGCM:ECDHE+CHACHA20")
    # ok: weak-cipher-suites, cipher-security-level
    context.set_ciphers("HIGH:!aNULL:!MD5:!RC4:!3DES:@SECLEVEL=2")
    # Trap: a method of something else.
    # ok: weak-cipher-suites
    parser.set_ciphers("ALL")
    return sock


def fetched(host, mine):
    # ruleid: certificate-fetched-unchecked
    ssl.get_server_certificate((host, 443))
    # ok: certificate-fetched-unchecked
    ssl.get_server_certificate((host, 443), ca_certs="/etc/ssl/our-ca.pem")
    # ok: certificate-fetched-unchecked
    mine.get_server_certificate((host, 443))
