"""The doors of this feature, one file a noun."""

from . import steps, tasks
from .board import bp

__all__ = ["bp", "steps", "tasks"]
