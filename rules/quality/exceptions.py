def run(jobs, log):
    for job in jobs:
        try:
            job()
        # ruleid: try-except-pass
        except Exception:
            pass
        try:
            job()
        # ruleid: try-except-continue
        except:
            continue
        try:
            job()
        # ok: try-except-pass, try-except-continue
        except ValueError:
            pass
        try:
            job()
        # ok: try-except-pass, try-except-continue
        except Exception:
            log.exception("job")
