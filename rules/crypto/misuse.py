import ctypes

from django.conf import settings
from hashids import Hashids

libpam = ctypes.CDLL("libpam.so.0")

# ruleid: secret-key-as-salt
ids = Hashids(salt=settings.SECRET_KEY)
# ok: secret-key-as-salt
ids = Hashids(salt=settings.HASHIDS_SALT)
# ok: secret-key-as-salt
ids = Hashids(min_length=8)


def login(handle):
    # ruleid: pam-account-unchecked
    return libpam.pam_authenticate(handle, 0) == 0


def checked(handle):
    # ok: pam-account-unchecked
    if libpam.pam_authenticate(handle, 0) != 0:
        return False
    return libpam.pam_acct_mgmt(handle, 0) == 0


# Trap: it opens a session and compares nothing.
def session(handle):
    # ok: pam-account-unchecked
    return libpam.pam_open_session(handle, 0) == 0
