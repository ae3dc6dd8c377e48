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


# ok: ftplib-import, telnetlib-import, pyghmi-import
import ftplib_tools
# ok: ftplib-import, telnetlib-import, pyghmi-import
from tools import ftplib as transfer, telnetlib as line, pyghmi as board


def other(mine, host):
    # ok: telnet, ftp, ftplib-call
    mine.FTP(host)
    # ok: telnet, ftplib-call
    mine.Telnet(host)
    # ok: telnet, ftp
    return ftplib_tools, transfer, line, board
