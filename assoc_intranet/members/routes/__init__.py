"""The doors of this feature, one file a noun."""

from . import invitations, login, people, profile, setup

BLUEPRINTS = (setup.bp, login.bp, invitations.bp, people.bp, profile.bp)
