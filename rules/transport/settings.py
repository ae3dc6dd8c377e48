import ssl

from M2Crypto import SSL
from urllib3 import PoolManager


def options(context, other):
    # ruleid: tls-option-cleared
    context.options &= ~ssl.OP_NO_SSLv3
    # ruleid: tls-option-cleared
    context.minimum_version = ssl.TLSVersion.MINIMUM_SUPPORTED
    # ruleid: tls-option-cleared
    PoolManager(ssl_minimum_version=ssl.TLSVersion.TLSv1)
    # ruleid: tls-option-cleared
    SSL.Context("sslv23")
    # ok: tls-option-cleared
    context.options |= ssl.OP_NO_TLSv1
    # ok: tls-option-cleared
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    # ok: tls-option-cleared
    SSL.Context("tls")
    # Trap: the newest is switched off, which is none of the old ones.
    # ok: tls-option-cleared
    context.options &= ~ssl.OP_NO_TICKET


def legacy(context, parser):
    # ruleid: tls-legacy-option
    context.options |= ssl.OP_LEGACY_SERVER_CONNECT
    # ruleid: tls-legacy-option
    context.options &= ~ssl.OP_NO_COMPRESSION
    # ok: tls-legacy-option
    context.options |= ssl.OP_NO_RENEGOTIATION
    # Trap: options of another kind.
    # ok: tls-legacy-option
    parser.options |= 0x8
