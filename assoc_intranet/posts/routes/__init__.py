"""The doors of this feature, one file a noun."""

from . import calendar, discarded, posts, steps

BLUEPRINTS = (posts.bp,)
_ = (calendar, discarded, steps)
