"""How people come in, change and leave. Rules change rows and publish; they never commit."""

from .accounts import (
    answer_password_request,
    ask_password_link,
    change_email,
    change_password,
    check_password,
    describe_oneself,
    draw_password_link,
    reset_password,
)
from .arrivals import accept_invitation, enrol, first_setup_link, found, make_admin, stand_in
from .invitations import invite, renew, revoke
from .links import LIFE, draw_link, use_link
from .rights import deactivate, leave, reactivate, set_rights
from .sessions import end_session, end_sessions, log_in_once, open_session, prove

__all__ = [
    "LIFE",
    "accept_invitation",
    "answer_password_request",
    "ask_password_link",
    "change_email",
    "change_password",
    "check_password",
    "deactivate",
    "describe_oneself",
    "draw_link",
    "draw_password_link",
    "end_session",
    "end_sessions",
    "enrol",
    "first_setup_link",
    "found",
    "invite",
    "leave",
    "log_in_once",
    "make_admin",
    "open_session",
    "prove",
    "reactivate",
    "renew",
    "reset_password",
    "revoke",
    "set_rights",
    "stand_in",
    "use_link",
]
