"""How votes were proposed, opened and closed, and how everybody voted."""

from datetime import timedelta
from functools import partial

from assoc_intranet.polls import rules as polls
from assoc_intranet.polls.kinds import Answer, Electorate, Kind
from assoc_intranet.polls.models import Poll

from ..data import polls as data
from ..story import Story

COORDINATORS = ("gaetan", "amina", "nadia")
MARKS = {"+": Answer.YES, "~": Answer.MAYBE, "-": Answer.NO}


def tell(story: Story) -> None:
    for told in data.POLLS:
        closing = story.instant(story.in_days(told.closes), told.hour)
        if told.opened is None:
            story.when(story.by_day(story.now - timedelta(hours=21)), partial(_propose, story, told))
            continue
        opening = story.ago(-told.opened, data.OPENING)
        story.when(opening - timedelta(hours=22), partial(_propose, story, told))
        story.when(opening, partial(_open, story, told))
        voters = _voters(told)
        last = min(closing, story.now - timedelta(minutes=15))
        for place, voter in enumerate(voters, start=1):
            instant = story.between(opening, last, place / (len(voters) + 0.2))
            story.when(instant, partial(_vote, story, told, voter))
        if closing <= story.now:
            story.when(closing, partial(_close, story, told))


def _voters(told: data.Poll) -> list[str]:
    """Who votes, in an order that says nothing of what they chose."""
    answers = told.ballots if told.kind == Kind.DATE else " ".join(told.ballots.values()).split()
    return sorted(set(answers), key=lambda key: key[::-1])


def _propose(story: Story, told: data.Poll) -> None:
    draft = polls.Draft(
        question=story.words(told.question),
        closes_on=story.in_days(told.closes),
        closes_hour=told.hour,
        kind=told.kind,
        text=story.words(told.text),
        labels=[story.words(answer) for answer in told.answers],
        dates=[(story.day(week, weekday), hour) for week, weekday, hour in told.dates],
        most=told.most,
        results=told.results,
        electorate=Electorate.PICKED if told.picked else Electorate.ALL,
        picked=[story.cast[key].id for key in told.picked],
    )
    story.polls[told.question] = polls.propose(story.cast[told.author], draft)


def _open(story: Story, told: data.Poll) -> None:
    coordinator = told.author if told.author in COORDINATORS else COORDINATORS[0]
    day = story.in_days(told.closes)
    polls.open_poll(story.polls[told.question], story.cast[coordinator], day, told.hour)


def _vote(story: Story, told: data.Poll, voter: str) -> None:
    poll = story.polls[told.question]
    reason = story.words(told.reasons.get(voter, ""))
    polls.cast_ballot(poll, story.cast[voter], _answers(story, told, poll, voter), reason)


def _answers(story: Story, told: data.Poll, poll: Poll, voter: str) -> dict[int, str]:
    if told.kind == Kind.DATE:
        marks = zip(poll.options, told.ballots[voter], strict=True)
        return {option.id: MARKS[mark] for option, mark in marks}
    chosen = {story.words(answer) for answer, voters in told.ballots.items() if voter in voters.split()}
    return {option.id: Answer.YES for option in poll.options if option.label in chosen}


def _close(story: Story, told: data.Poll) -> None:
    polls.close_due(story.polls[told.question].id)
