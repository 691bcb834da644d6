"""Debian's nginx and Caddy in front of real servers: the files we ship, with other ports and paths, in a folder."""

import contextlib
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
from http.client import HTTPSConnection

import pytest

from tests.server.conftest import ROOT, WELCOME, Line, free_port

NAME = "intranet.example.org"
HERE = "127.0.0.1"
START_SECONDS = 30
FORM = {"Content-Type": "application/x-www-form-urlencoded", "Sec-Fetch-Site": "same-origin"}
PROGRAM = shutil.which("nginx", path=f"{os.environ['PATH']}:/usr/sbin")
NEEDED = {"nginx": PROGRAM, "openssl": shutil.which("openssl")}
# What surrounds a site on Debian, as far as it matters, and with nothing outside of the folder.
AROUND = """
{user}
daemon off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    types {{ text/html html; }}
    default_type application/octet-stream;
    gzip on;
    access_log off;
    add_header X-Served-By $upstream_addr always;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    include {folder}/site.conf;
}}
"""


AROUND_CADDY = """
{{
    admin off
    http_port {clear_port}
    https_port {port}
    default_bind 127.0.0.1
    local_certs
    skip_install_trust
    storage file_system {folder}
    grace_period 1s
}}
"""


class Front:
    """What people reach: the name of the site, over https."""

    def __init__(self, port, clear_port, certificate):
        self.port, self.clear_port = port, clear_port
        self.context = ssl.create_default_context(cafile=certificate)

    def ask(self, method, path, body=None, headers=None, source=HERE, seconds=20):
        """(status, headers, body) of one request, from the address `source`."""
        connection = HTTPSConnection(NAME, self.port, timeout=seconds, context=self.context)
        # The name is that of the site, as the certificate says it; the way to it is known here.
        connection._create_connection = lambda *_: socket.create_connection((HERE, self.port), seconds, (source, 0))
        try:
            connection.request(method, path, body, {"Host": NAME, **(headers or {})})
            answer = connection.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            connection.close()

    def stream(self, cookie, seconds=20):
        """An open stream, its head and its welcome already read."""
        plain = socket.create_connection((HERE, self.port), timeout=seconds)
        line = Line(self.context.wrap_socket(plain, server_hostname=NAME))
        line.socket.sendall(f"GET /live HTTP/1.1\r\nHost: {NAME}\r\nCookie: {cookie}\r\n\r\n".encode())
        head = line.hear(WELCOME)
        assert WELCOME in head
        served_by = re.search(rb"X-Served-By: \S+:(\d+)", head)
        line.served_by = served_by and served_by[1].decode()
        return line


def multipart(fields, logo, cookie):
    """(body, headers) of a form with a file, as a browser sends it."""
    border = "sep4ration"
    parts = [f'--{border}\r\nContent-Disposition: form-data; name="{k}"\r\n\r\n{v}\r\n' for k, v in fields.items()]
    file = f'--{border}\r\nContent-Disposition: form-data; name="logo"; filename="l.png"\r\n\r\n'
    body = "".join(parts).encode() + file.encode() + logo + f"\r\n--{border}--\r\n".encode()
    kind = {"Content-Type": f"multipart/form-data; boundary={border}"}
    return body, {**kind, "Sec-Fetch-Site": "same-origin", "Cookie": cookie}


@contextlib.contextmanager
def nginx(folder, *ports):
    """In front of the servers on these ports."""
    if missing := [name for name, path in NEEDED.items() if path is None]:
        pytest.skip(f"not installed: {', '.join(missing)} (Debian: apt-get install nginx-light openssl)")
    folder.mkdir()
    certificate, key = _self_signed(folder)
    front = Front(free_port(), free_port(), certificate)
    (folder / "site.conf").write_text(_moved(front, ports, certificate, key))
    user = "user root;" if os.geteuid() == 0 else ""
    (folder / "nginx.conf").write_text(AROUND.format(folder=folder, user=user))
    with (folder / "log").open("w") as log:
        command = [PROGRAM, "-e", "stderr", "-p", folder, "-c", folder / "nginx.conf"]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        _await(front.port, process, folder / "log")
        yield front
    finally:
        process.terminate()
        process.wait(10)


@contextlib.contextmanager
def caddy(folder, *ports):
    """The same with Caddy, which signs the certificate itself where it cannot ask anybody for one."""
    if not shutil.which("caddy"):
        pytest.skip("not installed: caddy (Debian: apt-get install caddy)")
    folder.mkdir()
    port, clear_port = free_port(), free_port()
    ours = (ROOT / "deploy/Caddyfile").read_text()
    (folder / "Caddyfile").write_text(AROUND_CADDY.format(folder=folder, port=port, clear_port=clear_port) + ours)
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            ["caddy", "run", "--adapter", "caddyfile", "--config", folder / "Caddyfile"],
            env={"HOME": str(folder), "DOMAIN": NAME, "SERVERS": " ".join(f"{HERE}:{port}" for port in ports)},
            stdout=log,
            stderr=log,
        )
    try:
        _await(port, process, folder / "log")
        yield Front(port, clear_port, folder / "pki/authorities/local/root.crt")
    finally:
        process.terminate()
        process.wait(10)


def _self_signed(folder):
    certificate, key = folder / "fullchain.pem", folder / "privkey.pem"
    curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"]
    names = ["-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME},IP:{HERE}"]
    command = ["openssl", "req", "-x509", *curve, "-nodes", "-days", "1", *names, "-keyout", key, "-out", certificate]
    subprocess.run(command, check=True, capture_output=True)
    return certificate, key


def _moved(front, ports, certificate, key):
    """Our file, with nothing changed but where it listens, whom it asks, and where the certificate lies."""
    text = (ROOT / "deploy/nginx.conf").read_text()
    paths = f"/etc/letsencrypt/live/{NAME}"
    for ours, here in {
        "server 127.0.0.1:5000;": " ".join(f"server {HERE}:{port};" for port in ports),
        "listen 80;": f"listen {HERE}:{front.clear_port};",
        "listen [::]:80;": "",
        "listen 443 ssl http2;": f"listen {HERE}:{front.port} ssl http2;",
        "listen [::]:443 ssl http2;": "",
        f"{paths}/fullchain.pem": str(certificate),
        f"{paths}/privkey.pem": str(key),
    }.items():
        assert ours in text, f"deploy/nginx.conf no longer says {ours}"
        text = text.replace(ours, here)
    return text


def _await(port, process, log):
    """Until the program shows a certificate for the site."""
    unchecked = ssl.create_default_context()
    unchecked.check_hostname, unchecked.verify_mode = False, ssl.CERT_NONE
    ends = time.monotonic() + START_SECONDS
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection((HERE, port), timeout=START_SECONDS) as line:
            unchecked.wrap_socket(line, server_hostname=NAME).close()
            return
        time.sleep(0.05)
    pytest.fail(f"Nothing stands in front: {log.read_text()}")
