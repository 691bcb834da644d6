"""Ask one address of the place, follow nothing, and read whatever it answers."""

import http.client
from collections.abc import Mapping
from urllib.parse import urlsplit


def ask(method: str, url: str, headers: Mapping[str, str], body: str | None = None) -> tuple[int, str, str]:
    """The status, the text and where it leads."""
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=15)
    form = {"Content-Type": "application/x-www-form-urlencoded"} if body is not None else {}
    try:
        connection.request(method, f"{parts.path or '/'}?{parts.query}".rstrip("?"), body, {**form, **headers})
        answer = connection.getresponse()
        if answer.headers.get_content_type() == "text/event-stream":
            return answer.status, "", ""
        text = answer.read().decode("utf-8", "replace")
        return answer.status, text, answer.headers.get("Location", "")
    finally:
        connection.close()
