"""What time makes happen: features register functions that find what is due and call the rule."""

from .loop import due

__all__ = ["due"]
