import asyncssh


class Any(asyncssh.SSHClient):
    # ruleid: host-key-callback-accepts
    def validate_host_public_key(self, host, addr, port, key):
        return True


class Known(asyncssh.SSHClient):
    # ok: host-key-callback-accepts
    def validate_host_public_key(self, host, addr, port, key):
        return key.get_fingerprint() in self.known

    # Trap: another method that says yes.
    # ok: host-key-callback-accepts
    def auth_banner_requested(self):
        return True
