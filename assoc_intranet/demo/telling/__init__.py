"""From what is written to what happened: by the rules of each feature, by its people, at its hour."""

from ..story import Story
from . import people, polls, posts, presences, tasks


def tell_all(story: Story) -> None:
    for told in (people, presences, posts, tasks, polls):
        told.tell(story)
    story.run()
