"""The doors of this feature, one file a noun."""

from . import ballots, course, polls

bp = polls.bp
_ = ballots, course
