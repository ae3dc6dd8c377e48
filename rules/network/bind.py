def serve(sock, port, host):
    # ruleid: socket-bind-all, bind-all
    sock.bind(("0.0.0.0", port))
    # ok: socket-bind-all, bind-all
    sock.bind(("127.0.0.1", port))
    # ok: socket-bind-all, bind-all
    sock.bind((host, port))
    # ruleid: bind-all
    address = "0.0.0.0"
    # ok: bind-all
    version = "10.0.0.0"
    return address, version
