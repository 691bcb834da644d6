"""The doors of this feature, one file a noun."""

from . import bin, calendar, posts, steps

BLUEPRINTS = (posts.bp,)
_ = (bin, calendar, steps)
