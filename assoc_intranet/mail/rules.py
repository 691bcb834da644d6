"""Writing a mail to the outbox."""

from typing import Any

from flask import current_app, render_template

from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.core.i18n import in_language

from .models import Mail


def can_send() -> bool:
    """Whether there is a mail server; where there is none, links are shown to be copied."""
    return bool(current_app.config["SMTP_HOST"])


def queue(recipient: str, name: str, language: str, **context: Any) -> bool:
    """Put the mail `templates/mail/<name>/` in the outbox, in the reader's language; False where no mail can leave."""
    if not can_send():
        return False
    with in_language(language):
        subject = render_template(f"mail/{name}/subject.txt", **context)
        body = render_template(f"mail/{name}/body.txt", **context)
    subject = " ".join(subject.split())
    db.session.add(Mail(recipient=recipient, subject=subject, body=body, created_at=now(), try_at=now()))
    return True
