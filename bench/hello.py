"""The yardstick: a bare Flask page behind the very same server."""

import sys

from flask import Flask

from assoc_intranet.live.hub import Hub
from assoc_intranet.server.asgi import Site
from assoc_intranet.server.serve import Connection

hello = Flask(__name__)
hello.config["MAX_CONTENT_LENGTH"] = 1024 * 1024
hello.extensions["hub"] = Hub(1)


@hello.get("/healthz")
def healthz() -> str:
    return "hello"


if __name__ == "__main__":
    import uvicorn

    uvicorn.run(
        Site(hello, threads=2),
        port=int(sys.argv[1]),
        http=Connection,
        log_level="warning",
        access_log=False,
        lifespan="off",
    )
