import wsgiref.handlers


def serve(app, mine):
    # ruleid: httpoxy
    wsgiref.handlers.CGIHandler().run(app)
    # ok: httpoxy
    wsgiref.handlers.SimpleHandler(app)
    # ok: httpoxy
    mine.CGIHandler()
