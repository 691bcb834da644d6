"""The doors of the votes: who may, which answer, with htmx and without, and what no door lets out too early."""

import csv
import io
from collections import Counter
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine
from sqlalchemy import func, select

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.polls import queries, rules
from assoc_intranet.polls.models import Elector, Poll
from tests.factories import make_member, make_poll
from tests.polls.voting import ids, standing, vote

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
CANARY = "Canari-des-mines"
TABLE = '<table class="bars">'
FORM = {
    "kind": "yesno",
    "question": "Un stand au marché de Noël ?",
    "closes_on": "28/11/2099",
    "closes_hour": "20h",
    "results": "always",
    "electorate": "all",
}
CLOSE = {"closes_on": "28/11/2099", "closes_hour": "20:00"}


def only_poll():
    db.session.expire_all()
    return db.session.scalars(select(Poll)).one()


def count(table):
    return db.session.scalar(select(func.count()).select_from(table))


# ---- A vote from its proposal to its close, without JavaScript


def test_a_vote_lives_its_life_without_javascript(as_, amina, bruno):
    browser = as_(bruno)
    proposed = browser.post("/polls", data=FORM)
    poll = only_poll()
    assert poll.is_draft
    assert "Un stand au marché de Noël" in browser.get(proposed.location).text
    coordinator = as_(amina)
    assert coordinator.get(f"/polls/{poll.id}/opening").status_code == 200
    assert coordinator.post(f"/polls/{poll.id}/opening", data=CLOSE).status_code == 303
    yes = ids(only_poll())["yes"]
    voted = browser.post(f"/polls/{poll.id}/ballot", data={"choice": yes, "reason": "Pour la visibilité"})
    assert (voted.status_code, voted.location) == (303, f"/polls/{poll.id}")
    page = coordinator.get(voted.location).text
    assert "Pour la visibilité" in page
    assert coordinator.post(f"/polls/{poll.id}/closure", data={"reason": "Assez"}).status_code == 303
    assert 'class="verdict"' in browser.get(f"/polls/{poll.id}").text


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        ({"kind": "single", "labels": "Vélo\r\n\r\n Couture \r\n"}, ["Vélo", "Couture"]),
        ({"kind": "multiple", "labels": "Vélo\nCouture\nSemis", "most": "2"}, ["Vélo", "Couture", "Semis"]),
        (
            {"kind": "date", "day_0": "05/12/2026", "hour_0": "18h30", "day_4": "28/11/2026"},
            ["2026-11-28", "2026-12-05"],
        ),
    ],
)
def test_every_kind_is_proposed_by_its_own_form(as_, bruno, answers, expected):
    browser = as_(bruno)
    form = browser.get(f"/polls/new?kind={answers['kind']}").text
    assert all(f'name="{name}"' in form for name in answers)
    assert browser.post("/polls", data={**FORM, **answers}).status_code == 303
    assert list(ids(only_poll())) == expected
    edit = browser.get(f"/polls/{only_poll().id}/draft")
    assert edit.status_code == 200
    assert "28/11/2026" in edit.text or "Couture" in edit.text


@pytest.mark.parametrize(
    ("wrong", "kept"),
    [
        ({"question": " "}, "20h"),
        ({"closes_on": "31/02/2027"}, "31/02/2027"),
        ({"closes_on": "28/11/2020"}, "28/11/2020"),
        ({"closes_hour": "25h"}, "25h"),
        ({"results": "never"}, "Un stand"),
        ({"electorate": "picked"}, "Un stand"),
        ({"kind": "single", "labels": "Seule"}, "Seule"),
        ({"kind": "single", "labels": f"{'x' * 121}\nB"}, "x" * 121),
        ({"kind": "multiple", "labels": "A\nB", "most": "9"}, "Un stand"),
        ({"kind": "date", "day_0": "05/12/2026", "day_1": "05/12/2026"}, "05/12/2026"),
        ({"kind": "date", "hour_0": "18h"}, "18h"),
    ],
)
def test_what_cannot_be_proposed_comes_back_with_a_sentence_and_nothing_lost(as_, bruno, wrong, kept):
    answer = as_(bruno).post("/polls", data={**FORM, **wrong})
    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert kept in answer.text
    assert count(Poll) == 0


@pytest.mark.parametrize("kind", ["", "never", "yesno' OR 1"])
def test_a_kind_that_does_not_exist_is_not_understood(as_, bruno, kind):
    assert as_(bruno).post("/polls", data={**FORM, "kind": kind}).status_code == 400
    assert as_(bruno).get("/polls/new", query_string={"kind": kind}).status_code == 200


def test_the_same_proposal_sent_twice_makes_one_draft(as_, bruno):
    browser = as_(bruno)
    first, second = (browser.post("/polls", data={**FORM, "op_id": "b8f3"}) for _ in range(2))
    assert first.location == second.location
    assert count(Poll) == 1


def test_a_draft_saved_by_somebody_else_shows_both(as_, amina, bruno):
    poll = make_poll(bruno, is_open=False)
    draft = {**FORM, "version": 1}
    as_(amina).post(f"/polls/{poll.id}/draft", data={**draft, "question": "La question d’Amina"})
    answer = as_(bruno).post(f"/polls/{poll.id}/draft", data={**draft, "question": "La question de Bruno"})
    assert answer.status_code == 409
    assert "La question d’Amina" in answer.text
    assert "La question de Bruno" in answer.text
    assert 'name="version" type="hidden" value="2"' in answer.text


# ---- Voting


def test_htmx_gets_the_ballot_the_turnout_and_the_results(as_, amina, bruno):
    poll = make_poll(amina)
    answer = as_(bruno).htmx(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["yes"]})
    assert answer.status_code == 200
    assert answer.headers["HX-Push-Url"] == "false"
    for part in ("ballot", "turnout", "figures", "ballots"):
        assert f'hx-target="#poll-{poll.id}-{part}"' in answer.text


def test_the_form_that_comes_back_is_a_new_sending(as_, amina, bruno):
    """With the old `op_id` a changed mind would look like a late repeat."""
    poll = make_poll(amina)
    browser, sent = as_(bruno), ids(poll)
    answer = browser.htmx(f"/polls/{poll.id}/ballot", data={"choice": sent["yes"], "op_id": "op-1"})
    assert 'name="op_id"' in answer.text
    assert "op-1" not in answer.text


@pytest.mark.parametrize("data", [{}, {"choice": "999999"}, {"choice": "x"}, {"choice": "-1"}, {"choice": "9" * 30}])
def test_a_ballot_that_says_nothing_known_is_refused_beside_the_form(as_, amina, bruno, data):
    poll = make_poll(amina)
    answer = as_(bruno).post(f"/polls/{poll.id}/ballot", data={**data, "reason": "Ma raison"})
    assert answer.status_code == 422
    assert "Ma raison" in answer.text
    assert standing(poll) == {}


def test_dates_are_answered_one_by_one(as_, amina, bruno):
    poll = make_poll(amina, "Quand ?", (date(2026, 11, 28), time(18, 30)), (date(2026, 12, 5), None))
    first, second = poll.options
    browser = as_(bruno)
    page = browser.get(f"/polls/{poll.id}", headers={"Accept-Language": "fr"}).text
    assert "samedi 28 novembre 2026, 18" in page
    assert page.count('type="radio"') == 6
    assert browser.post(f"/polls/{poll.id}/ballot", data={f"date_{first.id}": "maybe"}).status_code == 303
    assert queries.ballot_of(poll, bruno).answers == {first.id: "maybe", second.id: "no"}
    assert browser.post(f"/polls/{poll.id}/ballot", data={f"date_{first.id}": "peut-être"}).status_code == 422


@pytest.mark.parametrize(("milliseconds", "status"), [(-1, 303), (0, 409), (1, 409)])
def test_a_page_open_before_the_close_does_not_vote_after_it(as_, amina, bruno, milliseconds, status):
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, hours=1)
        browser = as_(bruno)
        assert "op_id" in browser.get(f"/polls/{poll.id}").text
    with time_machine.travel(NOON + timedelta(hours=1, milliseconds=milliseconds), tick=False):
        for post in (browser.post, browser.htmx):
            answer = post(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["yes"], "reason": "Presque"})
            if post == browser.post:
                assert answer.status_code == status
            if status == 409:
                assert answer.status_code == 409
                assert 'role="alert"' in answer.text
                assert "Presque" in answer.text, "what was typed stays"
    assert len(standing(poll)) == (status == 303)


def test_a_late_ballot_leaves_the_address_bar_alone(as_, amina, bruno):
    poll = make_poll(amina)
    browser = as_(bruno)
    rules.close(poll, amina, "Assez")
    db.session.commit()
    answer = browser.htmx(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["yes"]})
    assert answer.status_code == 409
    assert answer.headers["HX-Push-Url"] == "false"


# ---- Who may


def test_observers_read_and_do_not_vote(as_, amina, chloe):
    poll = make_poll(amina)
    page = as_(chloe).get(f"/polls/{poll.id}")
    assert page.status_code == 200
    assert "op_id" not in page.text
    assert as_(chloe).post(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["yes"]}).status_code == 403
    assert standing(poll) == {}


def test_an_observer_on_the_roll_votes(as_, amina, chloe):
    chloe.may_vote = True
    poll = make_poll(amina)
    assert as_(chloe).post(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["yes"]}).status_code == 303


def test_observers_find_no_draft(as_, amina, bruno, chloe):
    poll = make_poll(amina, CANARY, is_open=False)
    assert as_(chloe).get(f"/polls/{poll.id}").status_code == 404
    assert CANARY not in as_(chloe).get("/polls").text
    assert CANARY in as_(bruno).get("/polls").text


def test_diego_is_sent_to_the_door(client, amina):
    poll = make_poll(amina)
    for path in ("/polls", f"/polls/{poll.id}", f"/polls/{poll.id}/results.csv", f"/polls/{poll.id}/electors"):
        assert client.get(path).location.startswith("/login")
    assert client.post(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["yes"]}).status_code in (303, 401)
    assert standing(poll) == {}


@pytest.mark.parametrize("act", ["opening", "extension", "closure", "reopening", "electors"])
def test_only_coordinators_run_a_vote(as_, amina, bruno, chloe, act):
    """Not even the member who proposed it."""
    poll = make_poll(bruno, is_open=False)
    if act != "opening":
        rules.open_poll(poll, amina, poll.closes_on, poll.closes_hour)
        db.session.commit()
    everything = {**CLOSE, "reason": "Pour voir", "member_id": chloe.id}
    before = count(Change)
    assert as_(bruno).post(f"/polls/{poll.id}/{act}", data=everything).status_code == 403
    assert as_(chloe).post(f"/polls/{poll.id}/{act}", data=everything).status_code in (403, 404)
    assert count(Change) == before


def test_a_draft_is_edited_by_who_proposed_it_and_by_coordinators(as_, amina, bruno):
    other = make_member("Denise Noël")
    poll = make_poll(bruno, is_open=False)
    assert as_(other).get(f"/polls/{poll.id}").status_code == 200
    for path in ("draft", "removal"):
        assert as_(other).post(f"/polls/{poll.id}/{path}", data=FORM).status_code == 403
    assert as_(bruno).post(f"/polls/{poll.id}/draft", data={**FORM, "version": 1}).status_code == 303
    assert as_(amina).post(f"/polls/{poll.id}/draft", data={**FORM, "version": 2}).status_code == 303
    assert as_(bruno).post(f"/polls/{poll.id}/removal").status_code == 303
    assert count(Poll) == 0


@pytest.mark.parametrize("has_ballot", [False, True])
def test_no_route_changes_the_question_once_it_is_open(as_, amina, bruno, has_ballot):
    poll = make_poll(bruno, is_open=False)
    rules.open_poll(poll, amina, poll.closes_on, poll.closes_hour)
    if has_ballot:
        vote(poll, bruno, "yes")
    db.session.commit()
    before = (poll.question, list(ids(poll)))
    other = {**FORM, "question": "Autre chose ?", "version": poll.version, "kind": "single", "labels": "A\nB"}
    for member in (amina, bruno):
        browser = as_(member)
        assert browser.post(f"/polls/{poll.id}/draft", data=other).status_code == 409
        assert browser.post(f"/polls/{poll.id}/removal", data=other).status_code == 409
        for act in ("opening", "extension", "ballot", "electors"):
            browser.post(f"/polls/{poll.id}/{act}", data=other)
        assert browser.get(f"/polls/{poll.id}/draft").status_code == 404
    assert (only_poll().question, list(ids(only_poll()))) == before


def test_a_coordinator_extends_adds_closes_and_reopens_with_reasons_for_all_to_read(as_, amina, bruno, chloe):
    poll = make_poll(amina, electorate="picked", picked=[amina.id])
    browser = as_(amina)
    for act, data in (
        ("extension", {**CLOSE}),
        ("electors", {"member_id": bruno.id}),
        ("closure", {"reason": "Tout est dit"}),
        ("reopening", {**CLOSE, "reason": "Bruno revient"}),
    ):
        assert browser.get(f"/polls/{poll.id}/{act}").status_code == 200
        assert browser.post(f"/polls/{poll.id}/{act}", data=data).status_code == 303
    page = as_(chloe).get(f"/polls/{poll.id}").text
    assert "Tout est dit" in page
    assert "Bruno revient" in page
    assert "Bruno Lambert" in page
    kinds = [event.kind for event in queries.story(only_poll())]
    assert kinds == ["poll.opened", "poll.extended", "elector.added", "poll.closed", "poll.reopened"]


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("closure", {"reason": " "}),
        ("extension", {"closes_on": "28/11/2020", "closes_hour": "20h"}),
        ("extension", {"closes_on": "", "closes_hour": ""}),
        ("electors", {"member_id": "0"}),
        ("electors", {"member_id": "x"}),
    ],
)
def test_an_act_without_what_it_needs_comes_back_with_a_sentence(as_, amina, act, data):
    poll = make_poll(amina)
    make_member("Lucie Tard")
    answer = as_(amina).post(f"/polls/{poll.id}/{act}", data=data)
    assert answer.status_code == 422
    assert 'class="error"' in answer.text
    assert only_poll().is_open


@pytest.mark.parametrize("path", ["", "/draft", "/opening", "/electors", "/results.csv"])
def test_a_vote_that_does_not_exist_is_not_found(as_, amina, path):
    assert as_(amina).get(f"/polls/999{path}").status_code == 404


@pytest.mark.parametrize("page", ["0", "-1", "x", "99999999999999999999"])
def test_an_odd_page_number_breaks_nothing(as_, amina, page):
    assert as_(amina).get(f"/polls?page={page}").status_code == 200


def test_an_empty_place_says_what_to_do_next(as_, bruno, chloe):
    assert 'href="/polls/new"' in as_(bruno).get("/polls").text
    assert 'href="/polls/new"' not in as_(chloe).get("/polls").text


# ---- What no door lets out too early


@pytest.mark.parametrize("results", ["always", "after", "close"])
@pytest.mark.parametrize("role", ["amina", "bruno", "chloe", "chloe_on_the_roll"])
@pytest.mark.parametrize("has_voted", [False, True])
def test_results_leave_by_no_door_before_their_time(as_, amina, bruno, chloe, caplog, results, role, has_voted):
    chloe.may_vote = role == "chloe_on_the_roll"
    viewer = {"amina": amina, "bruno": bruno}.get(role, chloe)
    voter = make_member("Denise Noël")
    poll = make_poll(amina, "Thé ou café ?", "Thé", "Café", results=results)
    vote(poll, voter, "Café", reason=CANARY)
    on_roll = db.session.query(Elector).filter_by(poll_id=poll.id, member_id=viewer.id).first() is not None
    answers = []
    browser = as_(viewer)
    if has_voted and on_roll:
        answers.append(browser.htmx(f"/polls/{poll.id}/ballot", data={"choice": ids(poll)["Thé"]}))
    sees = results == "always" or (results == "after" and has_voted and on_roll)
    answers += [browser.get(f"/polls/{poll.id}"), browser.get(f"/polls/{poll.id}/results.csv")]
    answers.append(browser.post(f"/polls/{poll.id}/ballot", data={"choice": "0"}))
    elsewhere = [browser.get(path) for path in ("/", "/polls", f"/polls/{poll.id}/electors")]
    told = [answer for answer in answers if answer.status_code != 403]
    for answer in told:
        assert (CANARY in answer.text) is sees, answer.request.path
        assert (TABLE in answer.text) is (sees and "csv" not in answer.request.path), answer.request.path
    assert not any(CANARY in answer.text or TABLE in answer.text for answer in elsewhere)
    assert sees or "Denise" not in elsewhere[0].text, "who has voted is told with the results"
    assert CANARY not in caplog.text


def test_after_the_close_everyone_sees_it(as_, amina, bruno, chloe):
    with time_machine.travel(NOON, tick=False):
        poll = make_poll(amina, results="close", hours=1)
        vote(poll, bruno, "yes", reason=CANARY)
    with time_machine.travel(NOON + timedelta(hours=1), tick=False):
        for member in (amina, bruno, chloe):
            browser = as_(member)
            assert CANARY in browser.get(f"/polls/{poll.id}").text
            assert CANARY in browser.get(f"/polls/{poll.id}/results.csv").text


def test_a_tie_is_shown_and_named(as_, amina, bruno):
    poll = make_poll(amina, "Thé ou café ?", "Thé", "Café", "Eau")
    vote(poll, amina, "Thé")
    vote(poll, bruno, "Café")
    rules.close(poll, amina, "Assez")
    db.session.commit()
    verdict = as_(bruno).get(f"/polls/{poll.id}").text.split('class="verdict"')[1].split("</section>")[0]
    assert "Thé · Café" in verdict
    assert "Eau" not in verdict


# ---- The file


def rows(answer):
    assert answer.data.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))


def test_anyone_can_count_again(as_, amina, bruno):
    people = [make_member(f"Membre{n} Test") for n in range(9)]
    poll = make_poll(amina, "Quels ateliers ?", "Vélo", "Couture", "Semis", kind="multiple", most=2)
    for number, person in enumerate(people):
        vote(poll, person, *(["Vélo", "Semis"] if number % 3 else ["Couture"]))
    answer = as_(bruno).get(f"/polls/{poll.id}/results.csv")
    assert answer.headers["Content-Disposition"].startswith("attachment")
    (_name, *labels, _reason), *lines = rows(answer)
    again = Counter(label for line in lines for label, cell in zip(labels, line[1:-1], strict=True) if cell == "1")
    tally = queries.tallied(poll, queries.ballots(poll))
    assert again == {line.option.label: line.yes for line in tally.lines}
    assert len(lines) == tally.ballots


def test_a_date_is_said_in_words(as_, amina):
    poll = make_poll(amina, "Quand ?", (date(2026, 11, 28), None), (date(2026, 12, 5), None))
    rules.cast_ballot(poll, amina, {poll.options[0].id: "maybe"})
    db.session.commit()
    header, line = rows(as_(amina).get(f"/polls/{poll.id}/results.csv", headers={"Accept-Language": "en"}))
    assert header[1] == "Saturday 28 November 2026"
    assert line[1:] == ["If need be", "No", ""]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t="])
def test_nothing_in_the_file_runs(as_, amina, start):
    formula = f"{start}HYPERLINK(1)"
    bob = make_member(formula)
    poll = make_poll(amina, "Quoi ?", formula, "Autre")
    vote(poll, bob, formula, reason=formula)
    for line in rows(as_(amina).get(f"/polls/{poll.id}/results.csv")):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t")) for cell in line)


def test_what_was_typed_is_shown_as_text(as_, amina, bruno):
    script = "<script>alert(1)</script>"
    poll = make_poll(amina, script, script, "Autre", text=script)
    vote(poll, bruno, script, reason=script)
    for path in (f"/polls/{poll.id}", "/polls"):
        page = as_(amina).get(path).text
        assert script not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize("wrong", [{"closes_on": " "}, {"closes_hour": " "}])
def test_a_close_made_of_spaces_is_refused_beside_its_field(as_, bruno, wrong):
    page = as_(bruno).post("/polls", data={**FORM, **wrong})
    assert page.status_code == 422
    assert 'role="alert"' in page.text


def test_a_version_no_database_holds_changes_nothing(as_, bruno):
    poll = make_poll(bruno, is_open=False)
    answer = as_(bruno).post(f"/polls/{poll.id}/draft", data={**FORM, "question": "Autre ?", "version": "9" * 30})
    assert answer.status_code in (400, 409)
    assert poll.question == "Un stand au marché de Noël ?"
