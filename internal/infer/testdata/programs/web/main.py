"""A web framework in small: routes, middleware, requests as objects, an asynchronous server loop without sockets."""
import asyncio
import json
import re


class Request:
    def __init__(self, method, path, body=None):
        self.method, self.path, self._body = method, path, body
        self.params = {}

    @property
    def json(self):
        return json.loads(self._body or "null", object_hook=Record)


class Record(dict):
    def __getattr__(self, name):
        try:
            return self[name]
        except KeyError:
            raise AttributeError(name)


class Response:
    status = 200

    def __init__(self, body="", **headers):
        self.body = body
        self.headers = headers

    @classmethod
    def of(cls, value):
        return value if isinstance(value, Response) else cls(str(value))


class NotFound(Response, Exception):
    status = 404


class Route:
    def __init__(self, pattern, handler):
        self.regex = re.compile(re.sub(r"<(\w+)>", self.group, pattern) + "$")
        self.handler = handler

    @staticmethod
    def group(match):
        return "(?P<%s>[^/]+)" % match.group(1)

    def match(self, path):
        return self.regex.match(path)


class App:
    def __init__(self):
        self.routes = []
        self.middleware = []
        self.handlers = {}

    def route(self, pattern):
        def add(handler):
            self.routes.append(Route(pattern, handler))
            return handler

        return add

    def use(self, layer):
        self.middleware.append(layer)
        return layer

    def errorhandler(self, cls):
        return lambda f: self.handlers.setdefault(cls, f)

    async def __call__(self, request):
        call = self.dispatch
        for layer in reversed(self.middleware):
            call = self.wrap(layer, call)
        try:
            return await call(request)
        except Exception as e:
            return self.recover(e)

    def wrap(self, layer, inner):
        async def outer(request):
            return await layer(request, inner)

        return outer

    def recover(self, error):
        for cls in type(error).__mro__:
            if cls in self.handlers:
                return self.handlers[cls](error)
        raise error

    async def dispatch(self, request):
        for route in self.routes:
            m = route.match(request.path)
            if m:
                request.params = m.groupdict()
                result = route.handler(request, **request.params)
                if asyncio.iscoroutine(result):
                    result = await result
                return Response.of(result)
        raise NotFound(request.path)


app = App()


@app.use
async def timing(request, call):
    response = await call(request)
    response.headers["x-time"] = clock()
    return response


@app.use
async def trace(request, call):
    mark(request)
    return await call(request)


@app.route("/hello/<name>")
def hello(request, name):
    return greet(name)


@app.route("/sum")
async def total(request):
    data = request.json
    return await add(*data.numbers)


@app.errorhandler(NotFound)
def not_found(error):
    return error


def clock():
    return 0


def mark(request):
    request.marked = True


def greet(name):
    return "hello " + name


async def add(*numbers):
    await asyncio.sleep(0)
    return sum(numbers)


class Server:
    def __init__(self, app):
        self.app = app
        self.queue = asyncio.Queue()

    async def client(self, *requests):
        for r in requests:
            await self.queue.put(r)
        await self.queue.put(None)

    async def serve(self):
        async for request in self:
            response = await self.app(request)
            print(response.status, response.body)

    def __aiter__(self):
        return self

    async def __anext__(self):
        request = await self.queue.get()
        if request is None:
            raise StopAsyncIteration
        return request


async def main():
    server = Server(app)
    await asyncio.gather(
        server.client(Request("GET", "/hello/ann"), Request("POST", "/sum", '{"numbers": [1, 2]}'), Request("GET", "/x")),
        server.serve(),
    )


asyncio.run(main())
