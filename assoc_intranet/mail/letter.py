"""A mail as it goes over the wire."""

import re
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.mime.text import MIMEText
from email.utils import format_datetime, formataddr, parseaddr
from typing import Any

from .models import Mail

# Quoted-printable: what is written in French stays readable for whoever looks at the source.
UTF8 = Charset("utf-8")
UTF8.body_encoding = QP
LINE_BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]+")


class BadHeader(ValueError):
    """An address or a subject that would break out of its line."""


def as_message(mail: Mail, sender: str) -> Message:
    """The message. Its subject is folded by `Header`: the newer policies lose spaces between accented words."""
    name, address = parseaddr(sender)
    message: Message[Any, Any] = MIMEText(mail.body, _charset=UTF8)  # type: ignore[arg-type]
    message["From"] = formataddr((name, _one_line(address)))
    message["To"] = _one_line(mail.recipient)
    message["Subject"] = Header(_one_line(mail.subject), None if mail.subject.isascii() else "utf-8", 76, "Subject")
    message["Date"] = format_datetime(mail.created_at)
    message["Message-ID"] = _name(mail, address.rpartition("@")[2] or "localhost")
    message["Auto-Submitted"] = "auto-generated"
    return message


def _name(mail: Mail, domain: str) -> str:
    """The same at every try, so that a mail program knows a second copy when it sees one."""
    return f"<{mail.id}.{mail.created_at:%Y%m%d%H%M%S%f}@{_one_line(domain)}>"


def _one_line(text: str) -> str:
    if LINE_BREAKS.search(text):
        raise BadHeader("a header is one line")
    return text
