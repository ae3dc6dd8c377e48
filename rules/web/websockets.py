from urllib.parse import urlsplit

import socketio
import tornado.websocket
from channels.auth import AuthMiddlewareStack
from channels.routing import ProtocolTypeRouter, URLRouter
from channels.security.websocket import AllowedHostsOriginValidator
from flask_socketio import SocketIO


class Open(tornado.websocket.WebSocketHandler):
    # ruleid: websocket-any-origin
    def check_origin(self, origin):
        return True


class Checked(tornado.websocket.WebSocketHandler):
    # ok: websocket-any-origin
    def check_origin(self, origin):
        return urlsplit(origin).hostname == "app.example.com"

    # ok: websocket-any-origin
    def check_message(self, message):
        return True


# ruleid: websocket-any-origin
socketio.AsyncServer(cors_allowed_origins="*")
# ruleid: websocket-any-origin
SocketIO(cors_allowed_origins="*")
# ok: websocket-any-origin
SocketIO(cors_allowed_origins=["https://app.example.com"])
# ok: websocket-any-origin
socketio.AsyncServer()
# ruleid: websocket-any-origin
application = ProtocolTypeRouter({"websocket": AuthMiddlewareStack(URLRouter([]))})
# ok: websocket-any-origin
application = ProtocolTypeRouter({"websocket": AllowedHostsOriginValidator(AuthMiddlewareStack(URLRouter([])))})
