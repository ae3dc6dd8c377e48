import ssl
from ssl import SSLContext

import OpenSSL.SSL


def connect(sock, pool):
    # ruleid: unverified-context
    ssl._create_unverified_context()
    # ruleid: tls-version
    ssl.SSLContext(ssl.PROTOCOL_TLSv1)
    # ruleid: tls-version
    SSLContext(protocol=ssl.PROTOCOL_SSLv3)
    # ruleid: tls-version, socket-no-certificate-check
    ssl.wrap_socket(sock, ssl_version=ssl.PROTOCOL_SSLv2)
    # ruleid: tls-version
    OpenSSL.SSL.Context(OpenSSL.SSL.SSLv3_METHOD)
    # ruleid: wrap-socket-no-version, socket-no-certificate-check
    ssl.wrap_socket(sock)
    # ok: socket-no-certificate-check
    # ruleid: wrap-socket-no-version
    ssl.wrap_socket(sock, cert_reqs=ssl.CERT_REQUIRED, ca_certs="ca.pem")
    # ok: socket-no-certificate-check
    # ruleid: wrap-socket-no-version
    ssl.wrap_socket(sock, server_side=True, certfile="cert.pem")
    context = ssl.create_default_context()
    # ruleid: tls-version
    context.minimum_version = ssl.TLSVersion.TLSv1
    # ok: tls-version
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # ok: socket-no-certificate-check
    context.wrap_socket(sock)
    # ok: tls-version
    ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    # ok: tls-version
    # ruleid: tls-version-negotiated
    OpenSSL.SSL.Context(OpenSSL.SSL.SSLv23_METHOD)
    # ok: tls-version-negotiated
    OpenSSL.SSL.Context(OpenSSL.SSL.TLS_METHOD)
    # ok: tls-version, tls-version-negotiated
    pool(method="GET")
    # ok: unverified-context
    ssl.create_default_context()


# ruleid: tls-version-default
def open_ssl(version=ssl.PROTOCOL_SSLv3):
    return version


# ok: tls-version-default
def open_tls(version=ssl.PROTOCOL_TLS_CLIENT):
    return version


# ok: tls-version-default
def open_best(version=None):
    return version


def other(sock, context, mine):
    # ok: wrap-socket-no-version, unverified-context
    context.wrap_socket(sock)
    # ok: wrap-socket-no-version, unverified-context
    mine.wrap_socket(sock)
