"""How posts were written, reviewed, approved, planned and published."""

from datetime import datetime, timedelta
from functools import partial

from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.states import State

from ..data.posts import POSTS, Post
from ..story import Story

# The states a post went through to be where it is.
WAYS = {
    State.IDEA: (State.IDEA,),
    State.DRAFT: (State.DRAFT,),
    State.REVIEW: (State.DRAFT, State.REVIEW),
    State.FIX: (State.DRAFT, State.REVIEW, State.FIX),
    State.OK: (State.DRAFT, State.REVIEW, State.OK),
    State.PLANNED: (State.DRAFT, State.REVIEW, State.OK, State.PLANNED),
    State.DONE: (State.DRAFT, State.REVIEW, State.OK, State.PLANNED, State.DONE),
    State.OFF: (State.DRAFT, State.OFF),
}
COORDINATORS = ("nadia", "amina", "gaetan")
# Hours since the last step, and between two of them: people do not work by the clock.
LULLS = (1, 20, 3, 43, 27, 6, 52, 70, 24, 95)
PAUSES = (19, 26, 45, 22, 31)


def tell(story: Story) -> None:
    for number, post in enumerate(POSTS):
        way = WAYS[_state(story, post)]
        moments = _moments(story, post, way, number)
        story.written[post.title] = moments[0]
        story.when(moments[0], partial(_write, story, post, way[0]))
        reader = next(key for key in COORDINATORS[number % 2 :] if key != post.author)
        for state, instant in zip(way[1:], moments[1:], strict=True):
            actor = post.author if state is State.REVIEW else reader
            story.when(instant, partial(_step, story, post.title, actor, state))


def _state(story: Story, post: Post) -> State:
    """What was to come and has passed meanwhile is published."""
    due = _due(story, post)
    return State.DONE if due and due < story.now and post.state != State.OFF else State(post.state)


def _due(story: Story, post: Post) -> datetime | None:
    return story.instant(story.day(*post.spot), post.hour) if post.spot and post.hour else None


def _moments(story: Story, post: Post, way: tuple[State, ...], number: int) -> list[datetime]:
    """The hour of each step: of the last one, the hour it was planned for if it is published."""
    due = _due(story, post)
    if way[-1] is State.DONE and due:
        last = min(due + timedelta(minutes=2 + number % 5), story.now)
    else:
        last = story.now - timedelta(hours=LULLS[number % len(LULLS)], minutes=number)
        last = story.by_day(min(last, due - timedelta(hours=18)) if due else last)
    moments = [last]
    for step in range(1, len(way)):
        pause = timedelta(hours=PAUSES[(number + step) % len(PAUSES)], minutes=7 * number % 50)
        moments.insert(0, story.by_day(moments[0] - pause))
    return moments


def _write(story: Story, post: Post, state: State) -> None:
    own = {network: story.words(text) for network, text in post.own.items()}
    draft = posts.Draft(
        title=story.words(post.title),
        text=story.words(post.text),
        day=story.day(*post.spot) if post.spot else None,
        hour=post.hour,
        holder_id=story.cast[post.holder].id if post.holder else None,
        variants={network: own.get(network) for network in post.networks.split()},
    )
    story.posts[post.title] = posts.write(story.cast[post.author], draft, state)


def _step(story: Story, title: str, actor: str, state: State) -> None:
    posts.change_state(story.posts[title], story.cast[actor], state)
