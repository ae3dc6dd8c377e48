import ftplib
import telnetlib
import urllib.request

# ruleid: urlopen-handed-on
fetch = urllib.request.urlopen


# ruleid: urlopen-handed-on
class Opener(urllib.request.URLopener):
    pass


# ok: urlopen-handed-on
urllib.request.urlopen(address)

try:
    # ok: urlopen-handed-on
    urllib.request.build_opener()
# ruleid: clear-protocol-part
except ftplib.all_errors:
    pass
# ruleid: clear-protocol-part
option = telnetlib.NAOFFD
# ok: clear-protocol-part
session = ftplib.FTP_TLS("example.org")
# Trap: a part of another module with the same name.
# ok: clear-protocol-part
reply = aioftp.error_perm
