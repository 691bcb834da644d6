"""Static files under addresses that change with their content, kept for ever by browsers, compressed once."""

import gzip
import hashlib
import mimetypes
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from flask import Flask, Response, abort, request

from .access import public

COMPRESSIBLE = {".css", ".js", ".svg", ".txt", ".json", ".webmanifest"}


@dataclass(frozen=True)
class Asset:
    mimetype: str
    bodies: dict[str, bytes]


@cache
def _digest(path: Path, _modified: float) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]


@cache
def _asset(path: Path, _modified: float) -> Asset:
    import brotli

    body = path.read_bytes()
    bodies = {"": body}
    if path.suffix in COMPRESSIBLE:
        bodies |= {"br": brotli.compress(body), "gzip": gzip.compress(body, 9, mtime=0)}
    return Asset(mimetypes.guess_type(path.name)[0] or "application/octet-stream", bodies)


def init_app(app: Flask) -> None:
    root = Path(app.static_folder or "")
    files = {path.relative_to(root).as_posix(): path for path in root.rglob("*") if path.is_file()}
    addresses: dict[str, str] = {}

    def static_url(name: str) -> str:
        """The address of `static/<name>`, with the digest of its content in it."""
        if name not in addresses or app.debug:
            path = files[name]
            addresses[name] = f"/static/{_digest(path, path.stat().st_mtime)}/{name}"
        return addresses[name]

    def compress() -> None:
        """Compress all that pages load: the first visitor after a start would wait for it, file by file."""
        for path in files.values():
            if path.suffix in COMPRESSIBLE:
                _asset(path, path.stat().st_mtime)

    app.jinja_env.globals["static_url"] = static_url
    app.extensions["compress_static"] = compress

    @app.get("/static/<digest>/<path:name>")
    @public
    def static_file(digest: str, name: str) -> Response:
        path = files.get(name)
        if path is None:
            abort(404)
        asset = _asset(path, path.stat().st_mtime)
        offered = [coding for coding in ("br", "gzip") if coding in asset.bodies]
        coding = next((c for c in offered if request.accept_encodings[c] > 0), "")
        response = Response(asset.bodies[coding], mimetype=asset.mimetype)
        if digest == _digest(path, path.stat().st_mtime):
            response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        response.headers["Vary"] = "Accept-Encoding"
        if coding:
            response.headers["Content-Encoding"] = coding
        return response
