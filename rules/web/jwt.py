import jwt


def who(token, key, mine):
    # ruleid: jwt-unverified
    jwt.decode(token, options={"verify_signature": False})
    unchecked = {"verify_exp": True, "verify_signature": False}
    # ruleid: jwt-unverified
    jwt.decode(token, key, algorithms=["HS256"], options=unchecked)
    # ruleid: jwt-unverified
    jwt.decode(token, key, verify=False)
    # ruleid: jwt-unverified
    jwt.decode(token, key, algorithms=["HS256", "none"])
    # ok: jwt-unverified
    jwt.decode(token, key, algorithms=["HS256"])
    # ok: jwt-unverified
    jwt.decode(token, key, algorithms=["HS256"], options={"verify_aud": False})
    # ok: jwt-unverified
    return mine.decode(token, verify=False)
