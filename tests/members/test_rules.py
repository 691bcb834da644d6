"""How people come in, what they may do, how they leave."""

import pytest

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import RuleBroken
from assoc_intranet.members import queries, rules
from assoc_intranet.members.models import Link, Session
from tests.factories import make_member


def kinds():
    return [change.kind for change in db.session.scalars(db.select(Change).order_by(Change.id))]


def test_the_setup_code_works_once_and_only_the_newest(app):
    old, new = rules.first_setup_link(), rules.first_setup_link()
    with pytest.raises(RuleBroken):
        rules.found(old, "La Bêche", "Amina", "amina@exemple.org", "hash")
    amina = rules.found(new, "La Bêche", "Amina", "Amina@Exemple.org", "hash")
    assert (amina.role, amina.is_admin, amina.may_vote) == ("coordinator", True, True)
    assert amina.email == "amina@exemple.org"
    with pytest.raises(RuleBroken) as refused:
        rules.found(new, "La Bêche", "Diego", "diego@exemple.org", "hash")
    assert refused.value.status == 409


def test_there_is_no_setup_code_once_somebody_is_here(bruno):
    assert rules.first_setup_link() is None


def test_a_link_is_kept_as_a_hash_only(amina):
    link, token = rules.invite(amina, "member")
    assert token not in str({column.name: getattr(link, column.name) for column in Link.__table__.columns})
    assert link.token_hash == queries.digest(token)


@pytest.mark.parametrize(("role", "votes"), [("observer", False), ("member", True), ("coordinator", True)])
def test_an_invitation_gives_its_role(amina, role, votes):
    _link, token = rules.invite(amina, role)
    chloe = rules.accept_invitation(token, "Chloé", "chloe@exemple.org", "hash")
    assert (chloe.role, chloe.may_vote, chloe.is_admin) == (role, votes, False)


def test_an_invitation_works_once(amina):
    _link, token = rules.invite(amina, "member")
    rules.accept_invitation(token, "Chloé", "chloe@exemple.org", "hash")
    with pytest.raises(RuleBroken):
        rules.accept_invitation(token, "Diego", "diego@exemple.org", "hash")


def test_a_coordinator_who_does_not_administer_invites_below_their_own_role(bruno):
    bruno.role = "coordinator"
    rules.invite(bruno, "observer")
    rules.invite(bruno, "member")
    with pytest.raises(RuleBroken) as refused:
        rules.invite(bruno, "coordinator")
    assert refused.value.field == "role"


def test_a_form_sent_twice_makes_one_invitation_and_shows_the_same_link(amina):
    first, second = (rules.invite(amina, "member", op_id="one form") for _ in "ab")
    assert first == second
    assert len(queries.pending_invitations()) == 1
    assert rules.invite(amina, "member", op_id="another form")[1] != first[1]


def test_an_old_form_does_not_bring_back_what_was_revoked(amina):
    link, token = rules.invite(amina, "member", op_id="one form")
    rules.revoke(link, amina)
    with pytest.raises(RuleBroken) as refused:
        rules.invite(amina, "member", op_id="one form")
    assert refused.value.status == 409
    assert queries.usable_link(token, "invitation") is None


def test_a_renewed_invitation_keeps_its_role_and_kills_the_first_link(amina):
    link, lost = rules.invite(amina, "coordinator")
    _fresh, token = rules.renew(link, amina)
    assert queries.usable_link(lost, "invitation") is None
    assert rules.accept_invitation(token, "Chloé", "chloe@exemple.org", "hash").role == "coordinator"


def test_a_revoked_invitation_opens_nothing(amina):
    link, token = rules.invite(amina, "member")
    rules.revoke(link, amina)
    assert queries.usable_link(token, "invitation") is None
    assert queries.pending_invitations() == []


def test_a_token_opens_only_what_it_was_drawn_for(amina):
    _link, token = rules.invite(amina, "member")
    with pytest.raises(RuleBroken):
        rules.reset_password(token, "hash")
    with pytest.raises(RuleBroken):
        rules.log_in_once(token)


def test_nobody_joins_with_an_address_that_is_taken(amina, bruno):
    with pytest.raises(RuleBroken) as refused:
        rules.enrol("Autre Bruno", "BRUNO@exemple.org ", "hash", "member")
    assert refused.value.field == "email"


def test_an_address_taken_between_the_look_and_the_write_is_refused_in_words(amina, bruno, monkeypatch):
    monkeypatch.setattr(queries, "by_email", lambda _email: None)
    with pytest.raises(RuleBroken) as refused:
        rules.enrol("Autre Bruno", "bruno@exemple.org", "hash", "member")
    assert refused.value.field == "email"


def test_a_change_of_rights_tells_the_streams(amina, bruno):
    rules.set_rights(bruno, amina, "coordinator", may_vote=False, is_admin=True)
    assert (bruno.role, bruno.may_vote, bruno.is_admin) == ("coordinator", False, True)
    assert kinds()[-2:] == ["member.rights", "access.changed"]
    assert db.session.scalars(db.select(Change)).all()[-1].details == {"member": bruno.id}


def test_saving_the_same_rights_says_nothing(amina, bruno):
    before = kinds()
    rules.set_rights(bruno, amina, "member", may_vote=True, is_admin=False)
    assert kinds() == before


def test_the_last_administrator_can_neither_step_down_nor_be_closed_out_nor_leave(amina, bruno):
    former = make_member("Denise Noël", is_admin=True)
    rules.deactivate(former, amina)
    with pytest.raises(RuleBroken) as refused:
        rules.set_rights(amina, amina, "coordinator", may_vote=True, is_admin=False)
    assert (refused.value.status, refused.value.field) == (409, "is_admin")
    with pytest.raises(RuleBroken):
        rules.deactivate(amina, amina)
    with pytest.raises(RuleBroken):
        rules.leave(amina)
    rules.set_rights(bruno, amina, "member", may_vote=True, is_admin=True)
    rules.leave(amina)
    assert not amina.is_active


def test_closing_an_account_ends_its_logins_and_its_links_at_once(amina, bruno):
    token = rules.open_session(bruno, "Firefox")
    link = rules.draw_password_link(bruno, amina)
    assert queries.session_of(token)
    rules.deactivate(bruno, amina)
    assert queries.session_of(token) is None
    assert db.session.scalar(db.select(Session.id)) is None
    assert queries.usable_link(link, "password") is None
    assert "access.ended" in kinds()
    rules.reactivate(bruno, amina)
    assert bruno.is_active
    assert queries.session_of(token) is None


def test_a_new_password_ends_the_other_logins_and_the_links_that_were_drawn(amina, bruno):
    other = rules.open_session(bruno, "Chrome")
    here = rules.open_session(bruno, "Firefox")
    link = rules.draw_password_link(bruno, amina)
    rules.change_password(bruno, "another hash")
    assert queries.session_of(other) is None
    assert queries.session_of(here)
    assert queries.usable_link(link, "password") is None


def test_a_password_link_works_once_and_ends_every_login(amina, bruno):
    elsewhere = rules.open_session(bruno, "Chrome")
    token = rules.draw_password_link(bruno, amina)
    assert rules.reset_password(token, "another hash") is bruno
    assert queries.session_of(elsewhere) is None
    with pytest.raises(RuleBroken):
        rules.reset_password(token, "a third hash")


def test_the_name_of_a_colour_is_that_of_its_place(app):
    assert len({member.dot for member in (rules.enrol(f"M{n}", f"m{n}@e.org", "h", "member") for n in range(9))}) == 8


def test_names_sort_and_are_found_without_their_accents(amina):
    make_member("Élodie Zola", email="e@exemple.org")
    make_member("Zoé Abel", email="z@exemple.org")
    assert [member.name for member in queries.active()] == ["Amina Benali", "Élodie Zola", "Zoé Abel"]
    assert [member.name for member in queries.found("zola elo", "")] == ["Élodie Zola"]
    assert queries.found("elodie", "coordinator") == []


def test_the_command_line_names_an_administrator_again(bruno):
    bruno.left_at = bruno.joined_at
    rules.make_admin(bruno)
    assert bruno.is_admin
    assert bruno.is_active


def test_a_stand_in_is_nobody(app):
    signing = rules.stand_in("Import")
    assert rules.stand_in("Import") is signing
    assert queries.active() == []
    assert rules.first_setup_link(), "the place is still empty"
    for password in ("", "stand-in"):
        assert not rules.check_password(signing, password)


def test_the_first_coordinator_signs_for_the_command_line(app, association):
    rules.stand_in("Import")
    assert queries.in_charge() is None
    admin = make_member("Alix Admin", is_admin=True)
    make_member("Bruno Lambert")
    assert queries.in_charge() is admin
    left = make_member("Zoé Abel", role="coordinator", email="z@exemple.org")
    left.left_at = left.joined_at
    first = make_member("Amina Benali", role="coordinator")
    make_member("Chloé Marchal", role="coordinator", email="c@exemple.org")
    assert queries.in_charge() is first
