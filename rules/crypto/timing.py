import base64
import hmac


def signed(key, body, signature, request):
    # ruleid: signature-compared
    if hmac.new(key, body, "sha256").hexdigest() == signature:
        return True
    expected = hmac.new(key, body, "sha256").digest()
    # ruleid: signature-compared
    if expected != signature:
        raise PermissionError
    mac = hmac.new(key, digestmod="sha256")
    mac.update(body)
    # ruleid: signature-compared
    if mac.hexdigest() == request.headers["X-Signature"]:
        return True
    # ruleid: signature-compared
    if base64.b64encode(hmac.new(key, body, "sha1").digest()) != signature:
        raise PermissionError
    # ok: signature-compared
    if hmac.compare_digest(expected, signature):
        return True
    # Near miss: how long it is.
    # ok: signature-compared
    if len(expected) == len(signature):
        return True
    # Trap: the program looks whether it computes right.
    # ok: signature-compared
    return hmac.new(b"key", b"text", "sha256").hexdigest() == "2d93cbc1be167bcb1637a4a23cbff01a7878f0c50ee833954ea5221bb1b8c628"


def secret(request, settings, page):
    # ruleid: secret-compared
    if request.headers.get("X-Token") == settings.API_TOKEN:
        return True
    # ruleid: secret-compared
    if request.headers["Authorization"] != f"Bearer {settings.API_TOKEN}":
        return False
    # ok: secret-compared
    if hmac.compare_digest(request.headers.get("X-Token", ""), settings.API_TOKEN):
        return True
    # ok: secret-compared
    if request.args.get("page") == page:
        return True
    # Trap: what kind of content it is.
    # ok: secret-compared
    return request.headers.get("Content-Type") == settings.JSON_TYPE
