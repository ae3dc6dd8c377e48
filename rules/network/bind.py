import http.server

import uvicorn


def serve(sock, port, host, app, handler):
    # ruleid: socket-bind-all, bind-all
    sock.bind(("0.0.0.0", port))
    # ok: socket-bind-all, bind-all
    sock.bind(("127.0.0.1", port))
    # ok: socket-bind-all, bind-all
    sock.bind((host, port))
    # ruleid: socket-bind-all
    sock.bind(("", port))
    # ruleid: development-server-bind-all, bind-all
    app.run(host="0.0.0.0")
    # ruleid: development-server-bind-all, bind-all
    http.server.HTTPServer(("0.0.0.0", port), handler)
    # ok: development-server-bind-all
    app.run(host="127.0.0.1")
    # ok: development-server-bind-all
    # ruleid: bind-all
    uvicorn.run(app, host="0.0.0.0")
    # ruleid: bind-all
    address = "0.0.0.0"
    # ok: bind-all
    version = "10.0.0.0"
    return address, version
