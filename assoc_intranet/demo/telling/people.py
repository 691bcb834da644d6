"""How they came, and how one of them left."""

import secrets
from datetime import time
from functools import partial

from assoc_intranet.members import passwords
from assoc_intranet.members import rules as members

from ..data.people import ASSOCIATION, FOUNDER, OTHERS, Person
from ..story import Story


def tell(story: Story) -> None:
    # One hash for all, of a password that nobody has seen: they come in by links only.
    nobody_knows = passwords.hash_password(secrets.token_urlsafe())
    story.when(story.ago(FOUNDER.since, time(20, 10)), partial(_found, story, nobody_knows))
    for person in OTHERS:
        story.when(story.ago(person.since, time(18, 40)), partial(_enrol, story, person, nobody_knows))
        if person.left:
            story.when(story.ago(person.left, time(21)), partial(_deactivate, story, person))


def _found(story: Story, password_hash: str) -> None:
    code = members.first_setup_link()
    assert code is not None, "only an empty database is filled"  # noqa: S101 (whoever calls has looked)
    name = story.words(ASSOCIATION)
    story.cast[FOUNDER.key] = members.found(code, name, FOUNDER.name, FOUNDER.email, password_hash)


def _enrol(story: Story, person: Person, password_hash: str) -> None:
    member = members.enrol(person.name, person.email, password_hash, person.role, person.is_admin)
    story.cast[person.key] = member
    if member.may_vote != person.may_vote:
        members.set_rights(member, story.cast[FOUNDER.key], person.role, person.may_vote, person.is_admin)


def _deactivate(story: Story, person: Person) -> None:
    members.deactivate(story.cast[person.key], story.cast[FOUNDER.key])
