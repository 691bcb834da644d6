"""Several at the same instant: threads with connections of their own, as servers have."""

import threading
from collections.abc import Callable

from flask import Flask

from assoc_intranet.core.db import db, writing
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.members.models import Member
from assoc_intranet.polls import queries, rules
from assoc_intranet.polls.models import Ballot, Choice, Poll
from tests.factories import make_member, make_poll
from tests.polls.voting import ids, standing

THREADS = 8


def at_once(app: Flask, acts: list[Callable[[], None]]) -> list[BaseException | None]:
    """Run all acts from one starting shot: what each of them raised."""
    shot = threading.Barrier(len(acts))
    raised: list[BaseException | None] = [None] * len(acts)

    def run(number: int) -> None:
        with app.test_request_context():
            shot.wait()
            try:
                with writing():
                    acts[number]()
            except Exception as error:  # noqa: BLE001 (whatever it is, the test looks at it)
                raised[number] = error
            finally:
                db.session.remove()

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    db.session.expire_all()
    return raised


def casting(poll_id: int, member_id: int, option_id: int, op_id: str | None = None) -> Callable[[], None]:
    def cast() -> None:
        poll, member = db.session.get_one(Poll, poll_id), db.session.get_one(Member, member_id)
        rules.cast_ballot(poll, member, {option_id: "yes"}, op_id=op_id)

    return cast


def test_first_ballots_of_one_member_at_the_same_instant_are_one(app, amina, bruno):
    for _ in range(5):
        poll = make_poll(amina, "Quel atelier ?", *(f"Atelier {n}" for n in range(THREADS)))
        options, poll_id, bruno_id = list(ids(poll).values()), poll.id, bruno.id
        db.session.commit()
        raised = at_once(app, [casting(poll_id, bruno_id, option) for option in options])
        assert raised == [None] * THREADS
        assert queries.turnout(poll) == (1, 2)
        chosen, _reason = standing(poll)["Bruno Lambert"]
        assert len(chosen) == 1
        db.session.rollback()


def test_one_form_sent_by_many_threads_has_one_effect(app, amina, bruno):
    poll = make_poll(amina)
    act = casting(poll.id, bruno.id, poll.options[0].id, "op-1")
    db.session.commit()
    assert at_once(app, [act] * THREADS) == [None] * THREADS
    assert (db.session.query(Ballot).count(), db.session.query(Choice).count()) == (1, 1)
    assert queries.turnout(poll) == (1, 2)


def test_no_ballot_comes_in_behind_a_close(app, amina):
    """Who is told that the ballot is in is counted; whoever came too late was told so."""
    people = [make_member(f"Membre{n} Test") for n in range(THREADS)]
    poll = make_poll(amina, "Thé ou café ?", "Thé", "Café")
    poll_id, tea, amina_id = poll.id, poll.options[0].id, amina.id
    acts = [casting(poll_id, person.id, tea) for person in people]
    seen: list[int] = []

    def close() -> None:
        rules.close(db.session.get_one(Poll, poll_id), db.session.get_one(Member, amina_id), "Assez")
        seen.append(db.session.query(Ballot).count())

    db.session.commit()
    raised = at_once(app, [*acts[: THREADS // 2], close, *acts[THREADS // 2 :]])
    refused = [error for error in raised if error is not None]
    assert all(isinstance(error, RuleBroken) and error.status == 409 for error in refused)
    assert db.session.query(Ballot).count() == THREADS - len(refused) == seen[0]
