"""The doors of this feature, one file a noun."""

from . import invitations, login, passwords, people, profile, sessions, setup

BLUEPRINTS = (
    setup.bp,
    login.bp,
    passwords.bp,
    invitations.bp,
    people.bp,
    profile.bp,
    sessions.bp,
)
