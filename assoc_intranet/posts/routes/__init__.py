"""The doors of this feature, one file a noun."""

from . import calendar, discarded, imports, posts, steps

BLUEPRINTS = (posts.bp,)
_ = (calendar, discarded, imports, steps)
