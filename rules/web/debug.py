from flask import Flask

app = Flask(__name__)


def main(runner):
    # ruleid: flask-debug
    app.run(debug=True)
    # ok: flask-debug
    app.run(debug=False)
    # ok: flask-debug
    runner.run("debug")


if __name__ == "__main__":
    # ruleid: flask-debug
    app.run(host="127.0.0.1", debug=True)
