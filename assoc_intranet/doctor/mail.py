"""The mail server, and what it did not take."""

import smtplib
from collections.abc import Iterator
from datetime import timedelta

from flask import current_app
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlalchemy.exc import DatabaseError

from assoc_intranet import mail
from assoc_intranet.core.clock import now
from assoc_intranet.core.db import db
from assoc_intranet.mail import postman, queries

SECONDS = 5
TOO_LONG = timedelta(days=1)


def look() -> Iterator[str]:
    if not mail.can_send():
        return  # Links are shown to be copied instead: nothing to mend.
    config = current_app.config
    if not (config["MAIL_FROM"] or config["SMTP_USER"]):
        yield _("Mails have no sender: set MAIL_FROM.")
    try:
        with postman.connected(SECONDS) as server:
            server.noop()
    except smtplib.SMTPAuthenticationError as error:
        yield _("The mail server refuses our login (%(code)s): check SMTP_USER, SMTP_PASSWORD.", code=error.smtp_code)
    except smtplib.SMTPNotSupportedError as error:
        yield _("The mail server cannot do what is asked (%(reason)s): check SMTP_TLS and SMTP_PORT.", reason=error)
    except (OSError, smtplib.SMTPException) as error:
        yield _("The mail server does not answer: %(reason)s. Check SMTP_HOST and SMTP_PORT.", reason=error)
    yield from _left_behind()


def _left_behind() -> Iterator[str]:
    try:
        left = queries.left_since(now() - TOO_LONG)
    except DatabaseError:
        return  # Nothing stands in it yet, or the check of the database has said why.
    finally:
        db.session.rollback()
    if left:
        yield ngettext(
            "%(num)s mail has not left for more than a day; the mail server last said: %(reason)s",
            "%(num)s mails have not left for more than a day; the mail server last said: %(reason)s",
            len(left),
            reason=left[-1] or "—",
        )
