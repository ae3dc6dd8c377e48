import logging

logger = logging.getLogger(__name__)


def call(client, token, request):
    # ruleid: header-logged
    logging.debug("headers: %s", {"Authorization": "Bearer " + token})
    # ruleid: header-logged
    logger.info("called with %s", request.headers["Authorization"])
    # ruleid: header-logged
    logger.info("called with %s", request.headers.get("Authorization"))
    # ok: header-logged
    client.get("/", headers={"Authorization": "Bearer " + token})
    # ok: header-logged
    logger.info("called with %s", request.headers["User-Agent"])
    # ok: header-logged
    logger.info("has Authorization: %s", "Authorization" in request.headers)
