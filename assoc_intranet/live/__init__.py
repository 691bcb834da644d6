"""Live updates: fragments declared beside their loader are rendered again when something changes, and pushed."""

from .registry import Rendered, fragment, topics_of

__all__ = ["Rendered", "fragment", "topics_of"]
