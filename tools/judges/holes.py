"""A small application with holes planted on purpose, each beside its safe twin: what every judge must still see.

A line that ends in `# seen by` is a hole, and says which judges know it; every other line is safe and none may name it.
It listens on 127.0.0.1 only, and holds nothing: `python tools/judges/holes.py PORT`.
"""

import hmac
import os
import random
import secrets
import sqlite3
import subprocess
import sys

from flask import Flask, abort, redirect, render_template, render_template_string, request, url_for
from markupsafe import Markup, escape

STORAGE_KEY = "@FAKE KEY@"  # seen by: detect-secrets AWS Access Key
STORAGE_KEY_ASKED_FOR = os.environ.get("STORAGE_KEY")

app = Flask(__name__, template_folder=".")
notes = []
# There is one visitor: whoever judges.
token = secrets.token_urlsafe()


@app.get("/")
def index():
    return render_template("holes.html", notes=notes, token=token, name=request.args.get("name", ""))


@app.get("/greeting")
def greet():
    return f"<h1>Bonjour {request.args.get('name', '')}</h1>"  # seen by: semgrep html-from-request


@app.get("/greeting/escaped")
def greet_escaped():
    return f"<h1>Bonjour {escape(request.args.get('name', ''))}</h1>"


@app.get("/banner")
def banner():
    words = request.args.get("words", "")
    return render_template("holes.html", name=Markup(words))  # seen by: bandit B704, semgrep html-from-request


@app.get("/banner/escaped")
def banner_escaped():
    words = request.args.get("words", "")
    return render_template("holes.html", name=Markup("<b>{}</b>").format(words))


@app.get("/plants")
def plants():
    name = request.args.get("name", "")
    query = f"SELECT name FROM plant WHERE name = '{name}'"  # seen by: bandit B608
    return {"plants": _garden().execute(query).fetchall()}  # seen by: semgrep sql-from-request


@app.get("/plants/bound")
def plants_bound():
    name = request.args.get("name", "")
    return {"plants": _garden().execute("SELECT name FROM plant WHERE name = ?", (name,)).fetchall()}


def _garden():
    garden = sqlite3.connect(":memory:")
    garden.execute("CREATE TABLE plant (name TEXT)")
    garden.executemany("INSERT INTO plant VALUES (?)", [("thym",), ("sauge",)])
    return garden


@app.post("/notes")
def add_note():
    notes.append(request.form.get("words", ""))
    return redirect(url_for("index"))


@app.post("/notes/checked")
def add_checked_note():
    if not hmac.compare_digest(request.form.get("csrf_token", "").encode(), token.encode()):
        abort(400)
    return add_note()


@app.get("/half")
def half():
    return {"half": int(request.args.get("of", "2")) / 2}


@app.get("/half/checked")
def half_checked():
    return {"half": request.args.get("of", 2, int) / 2}


@app.get("/away")
def leave():
    return redirect(request.args.get("next", "/"))  # seen by: semgrep redirect-from-request


@app.get("/away/inside")
def leave_inside():
    asked = request.args.get("next", "")
    return redirect(url_for("index", name=asked))


@app.route("/.env", methods=["GET", "TRACE"])
def env_file():
    return "STORAGE_KEY=none\n", {"Content-Type": "text/plain"}


# What follows is only read by the judges: no address leads to it.


def render_typed():
    return render_template_string(request.form["template"])  # seen by: semgrep template-from-request


def render_kept():
    return render_template_string("{{ words }}", words=request.form["words"])


def run_typed():
    return subprocess.run(["ping", request.form["host"]], check=False)  # seen by: semgrep command-from-request


def run_shell():
    host = request.form["host"]
    return subprocess.run(f"ping {host}", shell=True, check=True)  # seen by: bandit B602, semgrep command-from-request


def run_fixed():
    return subprocess.run(["uptime"], check=False)


def draw_token():
    token = random.randbytes(16)  # seen by: bandit B311, semgrep token-from-random
    return token.hex()


def draw_safe_token():
    token = secrets.token_bytes(16)
    return token.hex()


if __name__ == "__main__":
    app.run("127.0.0.1", int(sys.argv[1]))
