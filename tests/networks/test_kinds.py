"""Volunteers name a network in many ways; each of its fourteen kinds says what it counts and when it was read."""

from datetime import date

import pytest

from assoc_intranet.networks.kinds import _BY_NAME, _NAMES, KINDS, find_kind

WRITTEN = {
    "facebook": ["Facebook", "FB", "fb.", "Page Facebook", "facebook (page)", "Groupe FB", "évènement Facebook"],
    "instagram": ["Insta", "IG", "instagram", "Story Insta", "Réel Instagram", "compte  insta"],
    "linkedin": ["LinkedIn", "Linked-in", "page LinkedIn de l’asso"],
    "x": ["X", "Twitter", "X (Twitter)", "X / Twitter", "X (ex-Twitter)", "tweet"],
    "threads": ["Threads", "threads"],
    "mastodon": ["Mastodon", "masto", "Fédivers", "fediverse", "Mastodon (fédivers)"],
    "bluesky": ["Bluesky", "Blue Sky", "BSKY", "ＢｌｕｅＳｋｙ"],
    "youtube": ["YouTube", "YT", "chaîne YouTube", "Chaine Youtube", "You Tube"],
    "tiktok": ["TikTok", "tik tok", "tik-tok"],
    "pinterest": ["Pinterest", "pin"],
    "whatsapp": ["WhatsApp", "Whats'App", "Chaîne WhatsApp", "whats app"],
    "telegram": ["Telegram", "Télégram", "canal Telegram"],
    "newsletter": ["Newsletter", "Infolettre", "Lettre d’information", "lettre d'info", "Mailing", "e-mail"],
    "site": ["Site", "site web", "Site internet", "Blog", "Notre site", "Site web ou blog", "article de blog"],
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, texts in WRITTEN.items() for text in texts])
def test_a_network_is_known_by_its_usual_names(kind, text):
    assert find_kind(text) == kind


@pytest.mark.parametrize(
    "text", ["", " ", "page", "Réseau", "Facebook et Insta", "affiche", "radio", "x2", "sitemap", "—"]
)
def test_what_names_no_network_or_several_is_none(text):
    assert find_kind(text) is None


def test_there_are_fourteen_kinds_and_each_is_known_by_its_id_name_and_letters():
    assert len(KINDS) == 14
    for kind in KINDS.values():
        assert {find_kind(name) for name in (kind.id, str(kind.name), kind.code or kind.id)} == {kind.id}


def test_no_name_stands_for_two_networks():
    assert len(_BY_NAME) == sum(len(names.split(",")) for names in _NAMES.values())


def test_each_limit_says_where_and_when_it_was_read():
    for kind in KINDS.values():
        assert kind.source
        assert kind.checked == date(2026, 11, 20)
        assert kind.limit or (kind.rule == "none" and kind.enforce == "warn")


def test_what_is_ours_has_a_round_tile_with_an_icon_and_the_others_two_letters():
    assert [kind.id for kind in KINDS.values() if kind.own] == ["newsletter", "site"]
    for kind in KINDS.values():
        assert bool(kind.icon) == kind.own
        assert bool(kind.code) != kind.own
