"""What may happen to a presence, and to the limit of a network."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from assoc_intranet.core.changes import Change
from assoc_intranet.core.db import db
from assoc_intranet.core.errors import Stale
from assoc_intranet.networks import queries, rules
from assoc_intranet.networks.counting import measure
from assoc_intranet.networks.kinds import KINDS
from assoc_intranet.networks.models import NetworkLimit
from assoc_intranet.networks.rules import Draft
from tests.factories import make_presence

FRIDAY = date(2026, 11, 20)


def kinds():
    return list(db.session.scalars(select(Change.kind).order_by(Change.id)))


def test_presences_come_in_the_order_of_the_networks_the_active_ones_first(amina):
    make_presence(amina, "mastodon", "@beche@piaille.fr")
    make_presence(amina, "facebook", "La vieille page", status="closed")
    make_presence(amina, "instagram", "@beche_namur", status="dormant")
    make_presence(amina, "facebook", "La Bêche")
    assert [p.handle for p in queries.presences()] == [
        "La Bêche",
        "@beche@piaille.fr",
        "@beche_namur",
        "La vieille page",
    ]


def test_only_where_we_are_active_is_offered_first(amina):
    make_presence(amina, "facebook", status="dormant")
    make_presence(amina, "mastodon")
    make_presence(amina, "mastodon", "@jardin")
    assert queries.present_kinds() == {"mastodon"}


def test_the_same_op_id_makes_one_presence(amina):
    draft = Draft("facebook", "La Bêche")
    assert rules.write(amina, draft, op_id="b8f3") is rules.write(amina, draft, op_id="b8f3")
    assert kinds() == ["presence.written"]


def test_who_saves_on_an_older_version_sees_both(amina, bruno):
    presence = make_presence(amina, holder_ids=frozenset({bruno.id}))
    drawn = presence.version
    rules.rewrite(presence, amina, drawn, Draft("facebook", "La Bêche & le Tournevis"))
    with pytest.raises(Stale, match="Amina Benali") as refused:
        rules.rewrite(presence, amina, drawn, Draft("facebook", "La Bêche de Namur", goal=1.5))
    assert "La Bêche & le Tournevis" in refused.value.theirs.values()
    assert "La Bêche de Namur" in refused.value.yours.values()
    assert presence.goal is None


def test_the_same_save_sent_twice_is_one(amina):
    presence = make_presence(amina)
    drawn, draft = presence.version, Draft("facebook", "La Bêche", goal=0.5)
    rules.rewrite(presence, amina, drawn, draft)
    rules.rewrite(presence, amina, drawn, draft)
    assert kinds() == ["presence.written", "presence.edited"]


def test_a_limit_is_the_one_we_ship_until_the_association_reads_another(amina):
    assert queries.limits() == {}
    assert queries.standing(amina, "mastodon").characters == KINDS["mastodon"].limit
    rules.set_limit("mastodon", amina, 5000, FRIDAY)
    standing = queries.standing(amina, "mastodon")
    assert (standing.characters, standing.checked_on, standing.is_own) == (5000, FRIDAY, True)
    assert queries.limits() == {"mastodon": 5000}


def test_the_counter_follows_our_limit(amina):
    text = "a" * 600
    assert not measure("mastodon", text).ok
    rules.set_limit("mastodon", amina, 5000, FRIDAY)
    rules.set_limit("threads", amina, None, FRIDAY)
    limits = queries.limits()
    assert measure("mastodon", text, limit=limits["mastodon"]).ok
    assert measure("threads", text, limit=limits["threads"]).limit is None


def test_a_limit_may_be_that_there_is_none(amina):
    rules.set_limit("threads", amina, None, FRIDAY)
    assert queries.limits() == {"threads": None}
    assert queries.standing(amina, "threads").characters is None


def test_a_limit_corrected_twice_is_one_row(amina):
    rules.set_limit("mastodon", amina, 5000, FRIDAY)
    rules.set_limit("mastodon", amina, 1000, FRIDAY)
    assert [limit.characters for limit in db.session.scalars(select(NetworkLimit))] == [1000]


def test_a_limit_goes_back_to_the_one_we_ship(amina):
    rules.set_limit("mastodon", amina, 5000, FRIDAY)
    rules.reset_limit("mastodon", amina)
    db.session.commit()
    assert not queries.standing(amina, "mastodon").is_own
    rules.reset_limit("mastodon", amina)
    assert kinds() == ["limit.set", "limit.reset"]


def test_after_a_year_a_limit_is_to_be_checked_again(amina):
    rules.set_limit("mastodon", amina, 5000, FRIDAY)
    standing = queries.standing(amina, "mastodon")
    assert not standing.is_old(FRIDAY + timedelta(days=365))
    assert standing.is_old(FRIDAY + timedelta(days=366))


def test_every_network_has_a_limit_that_stands(amina):
    assert [standing.kind.id for standing in queries.standings()] == list(KINDS)
    assert queries.standing(amina, "minitel") is None
