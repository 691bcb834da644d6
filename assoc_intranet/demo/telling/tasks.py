"""How tasks were written, taken, advanced step by step, and done."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from functools import partial

from assoc_intranet.members.models import Member
from assoc_intranet.tasks import rules as tasks
from assoc_intranet.tasks.models import Task
from assoc_intranet.tasks.statuses import Status

from ..data import tasks as data
from ..story import Story

DONE_STEP = "+"


def tell(story: Story) -> None:
    for number, told in enumerate(data.TASKS):
        written = _written(story, told, number)
        lately = story.now - timedelta(hours=2 + number, minutes=11 * number % 60)
        end = lately if told.done is None else story.ago(told.done, time(17, 30))
        story.when(written, partial(_write, story, told))
        if told.taker:
            story.when(story.between(written, end, 0.4), _by(story, told, told.taker, tasks.claim))
        if told.people and told.status != Status.TODO:
            move = partial(tasks.move, status=Status.DOING)
            story.when(story.between(written, end, 0.5), _by(story, told, told.people[0], move))
        _tell_steps(story, told, written, end)
        if told.status in (Status.CHECK, Status.DONE):
            move = partial(tasks.move, status=told.status)
            story.when(max(end, written), _by(story, told, told.taker or told.people[0], move))


def _written(story: Story, told: data.Task, number: int) -> datetime:
    """When it was written: not before the post it is about."""
    written = story.ago(told.since, time(9 + number % 11, 7 * number % 60))
    return max(written, story.written[told.post] + timedelta(minutes=20)) if told.post else written


def _tell_steps(story: Story, told: data.Task, written: datetime, end: datetime) -> None:
    for place, step in enumerate(told.steps):
        text = story.words(step.removeprefix(DONE_STEP))
        story.when(written + timedelta(minutes=1), _by(story, told, told.author, partial(tasks.add_step, text=text)))
        if step.startswith(DONE_STEP):
            doer = told.taker or told.people[0]
            share = 0.6 + 0.3 * place / len(told.steps)
            story.when(story.between(written, end, share), _by(story, told, doer, partial(_tick, text=text)))


def _by(story: Story, told: data.Task, actor: str, act: Callable[[Task, Member], None]) -> Callable[[], None]:
    """`act` by somebody on the task, once there is one."""
    return lambda: act(story.tasks[told.title], story.cast[actor])


def _write(story: Story, told: data.Task) -> None:
    draft = tasks.Draft(
        title=story.words(told.title),
        notes=story.words(told.notes),
        due=None if told.due is None else story.in_days(told.due),
        priority=told.priority,
        people_ids=frozenset(story.cast[key].id for key in told.people),
        post_id=story.posts[told.post].id if told.post else None,
    )
    story.tasks[told.title] = tasks.write(story.cast[told.author], draft)


def _tick(task: Task, member: Member, text: str) -> None:
    step = next(step for step in task.steps if step.text == text)
    tasks.tick(step, member, is_done=True)
