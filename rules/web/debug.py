from flask import Flask
from werkzeug.serving import run_simple

app = Flask(__name__)


def main(runner):
    # ruleid: flask-debug
    app.run(debug=True)
    # ok: flask-debug
    app.run(debug=False)
    # ok: flask-debug
    runner.run("debug")
    options = {"port": 80, "debug": True}
    # ruleid: flask-debug
    app.run(**options)
    # ruleid: flask-debug
    app.config["DEBUG"] = True
    # ok: flask-debug
    app.config["DEBUG"] = False
    # ok: flask-debug
    runner.debug = True
    # ruleid: werkzeug-debugger
    run_simple("localhost", 80, app, use_debugger=True)
    # ok: werkzeug-debugger
    run_simple("localhost", 80, app)
    # ok: werkzeug-debugger
    runner.run_simple("localhost", 80, app, use_debugger=True)


if __name__ == "__main__":
    # ruleid: flask-debug
    app.run(host="127.0.0.1", debug=True)
