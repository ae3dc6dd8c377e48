# ruleid: ftplib-import
import ftplib
import paramiko
# ruleid: telnetlib-import
from telnetlib import Telnet
# ruleid: pyghmi-import
from pyghmi.ipmi import command


def talk(host, line):
    # ruleid: telnet
    Telnet(host)
    # ruleid: ftp
    ftplib.FTP(host)
    # ok: ftp
    # ruleid: ftplib-call
    ftplib.FTP_TLS(host)
    return command, paramiko
