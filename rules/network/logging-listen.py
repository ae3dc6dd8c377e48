import logging.config


def start(check, mine):
    # ruleid: logging-listen
    logging.config.listen(9999)
    # ok: logging-listen
    logging.config.listen(9999, verify=check)
    # ok: logging-listen
    mine.listen(9999)
