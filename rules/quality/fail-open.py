def verify_token(token):
    # The finding is the whole function.
    try:
        return decode(token)
    except ValueError:
        return False


# ruleid: check-fails-open
def verify_signature(signature, data):
    try:
        key.verify(signature, data)
    except Exception:
        return True
    return True


class Policy:
    # ruleid: check-fails-open
    def has_permission(self, user):
        try:
            return user in self.members
        except TypeError as e:
            log.warning("no members: %s", e)
            return True

    # ok: check-fails-open
    def is_empty(self):
        try:
            return not self.members
        except TypeError:
            return True

    # ok: check-fails-open
    def is_valid_token(self, token):
        try:
            self.decode(token)
        except ValueError:
            return False
        return True


def use(signature, data, token, path):
    # ruleid: check-error-swallowed
    try:
        key.verify(signature, data)
    except InvalidSignature:
        pass
    # ruleid: check-error-swallowed
    try:
        validate_token(token)
    except Exception:
        pass
    # ok: check-error-swallowed
    try:
        authenticate(token)
    except PasswordExpired:
        pass
    # ok: check-error-swallowed
    try:
        check_token(token)
        return
    except InvalidToken:
        pass
    # ok: check-error-swallowed
    try:
        key.verify(signature, data)
    except InvalidSignature:
        raise PermissionError
    # ok: check-error-swallowed
    try:
        remove(path)
    except OSError:
        pass
    # ok: check-error-swallowed
    try:
        check_spelling(data)
    except ValueError:
        pass
