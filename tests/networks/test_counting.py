"""A post is as long as its network says: checked against their own test vectors, then at the edges."""

import json
import random
from pathlib import Path
from time import process_time
from unicodedata import normalize

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from assoc_intranet.networks.counting import Measure, _tidied, measure
from assoc_intranet.networks.kinds import KINDS
from assoc_intranet.networks.links import links_on_mastodon, links_on_x

ORACLES = Path(__file__).parent / "oracles"
FAMILY = "👨‍👩‍👧‍👦"


def vectors(name, *sections):
    oracle = json.loads((ORACLES / f"{name}.json").read_text("utf-8"))
    return [
        pytest.param(vector, id=f"{section}-{vector.get('description', number)}")
        for section in sections
        for number, vector in enumerate(oracle[section])
    ]


def used(network, text):
    return measure(network, text).used


def on_x(text):
    return [text[start:end] for start, end in links_on_x(text)]


class TestTheirOwnVectors:
    @pytest.mark.parametrize("vector", vectors("x-weighted-length", "vectors"))
    def test_x_weighs_a_text_like_its_reference(self, vector):
        counted = measure("x", vector["text"])
        assert counted.used == vector["reference_js"]["v3"]
        assert counted.ok == (counted.used <= 280)

    @pytest.mark.parametrize("vector", vectors("x-valid-legacy-140", "vectors"))
    def test_what_was_short_enough_for_x_at_140_still_is(self, vector):
        assert measure("x", vector["text"]).ok

    @pytest.mark.parametrize(
        "vector", vectors("x-extract", "urls", "urls_with_directional_markers", "tco_urls_with_params")
    )
    def test_x_recognises_the_addresses_that_it_should(self, vector):
        expected = [url["url"] if isinstance(url, dict) else url for url in vector["expected"]]
        assert on_x(vector["text"]) == expected

    @pytest.mark.parametrize("vector", vectors("x-extract", "urls_with_indices", "urls_with_directional_markers"))
    def test_x_recognises_them_where_they_are(self, vector):
        assert list(links_on_x(vector["text"])) == [tuple(url["indices"]) for url in vector["expected"]]

    @pytest.mark.parametrize("vector", vectors("x-entity-validation", "urls_without_protocol"))
    def test_x_shortens_an_address_without_a_scheme(self, vector):
        assert used("x", vector["text"]) == 23

    def test_x_knows_every_top_level_domain_of_its_list(self):
        oracle = json.loads((ORACLES / "x-tlds.json").read_text("utf-8"))
        known = oracle["country"] + oracle["generic"]
        assert len(known) > 1500
        assert [v["text"] for v in known if on_x(v["text"]) != v["expected"]] == []

    @pytest.mark.parametrize("vector", vectors("mastodon", "length"))
    def test_mastodon_accepts_what_its_validator_accepts(self, vector):
        # The warnings of the vectors are plain letters, which count the same before the text.
        counted = measure("mastodon", vector["spoiler_text"] + vector["text"], limit=vector["limit"])
        assert (counted.used, counted.ok) == (vector["count"], vector["valid"])

    @pytest.mark.parametrize("vector", vectors("mastodon", "urls"))
    def test_mastodon_shortens_what_it_makes_a_link_of(self, vector):
        links = [vector["text"][start:end] for start, end in links_on_mastodon(vector["text"])]
        assert links == ([vector["url"]] if vector["url"] else [])

    @pytest.mark.parametrize("vector", vectors("mastodon", "composer_2026"))
    def test_mastodon_counts_like_its_server(self, vector):
        assert used("mastodon", vector["text"]) == vector["count_server_rule"]

    @pytest.mark.parametrize("vector", vectors("bluesky-length", "lengths"))
    def test_bluesky_counts_graphemes_and_bytes(self, vector):
        counted = measure("bluesky", vector["text"])
        assert (counted.used, counted.detail.used) == (vector["graphemes"], vector["utf8_bytes"])

    @pytest.mark.parametrize("vector", vectors("bluesky-length", "range_2_to_4_graphemes"))
    def test_bluesky_agrees_on_what_two_to_four_graphemes_are(self, vector):
        assert (2 <= used("bluesky", vector["text"]) <= 4) == vector["valid"]


GOLDEN = [
    # text, X, Mastodon, Bluesky, its bytes, Threads, UTF-16 units
    ("", 0, 0, 0, 0, 0, 0),
    ("Fête", 4, 4, 4, 5, 4, 4),
    (normalize("NFD", "Fête"), 4, 4, 4, 6, 5, 5),
    ("« Oui… »", 9, 8, 8, 12, 8, 8),
    ("l’été : 5 €", 12, 11, 11, 17, 11, 11),
    ("Venez\u202f!", 8, 7, 7, 9, 7, 7),
    ("Venez\N{NO-BREAK SPACE}!", 7, 7, 7, 8, 7, 7),
    ("日本語", 6, 3, 3, 9, 3, 3),
    ("한국", 4, 2, 2, 6, 2, 2),
    (normalize("NFD", "한국"), 4, 2, 2, 18, 6, 6),
    ("नमस्ते", 6, 3, 3, 18, 6, 6),
    ("😀", 2, 1, 1, 4, 4, 2),
    (FAMILY, 2, 1, 1, 25, 25, 11),
    ("👨🏽‍👩🏽‍👧🏽", 8, 1, 1, 30, 30, 14),  # X knows no family with skin tones
    ("👍🏽", 2, 1, 1, 8, 8, 4),
    ("🧑🏽‍🚀", 2, 1, 1, 15, 15, 7),
    ("🇫🇷🇧🇪", 4, 2, 2, 16, 16, 8),
    ("🏴󠁧󠁢󠁳󠁣󠁴󠁿", 2, 1, 1, 28, 28, 14),
    ("🏳️‍🌈", 2, 1, 1, 14, 14, 6),
    ("1️⃣", 2, 1, 1, 7, 7, 3),
    ("❤️", 2, 1, 1, 6, 6, 2),
    ("⭐️", 2, 1, 1, 6, 6, 2),
    ("☺\ufe0e", 4, 1, 1, 6, 2, 2),  # drawn as text
    ("©", 1, 1, 1, 2, 1, 1),
    ("©️", 2, 1, 1, 5, 5, 2),
    ("12 #3", 5, 5, 5, 5, 5, 5),
    ("a\nb\n", 4, 4, 4, 4, 4, 4),
    ("a \t ", 4, 4, 4, 4, 4, 4),
    ("\x00", 1, 1, 1, 1, 1, 1),
    ("\ud800", 2, 1, 1, 3, 1, 1),
    ("\ud83d\ude00", 2, 1, 1, 4, 4, 2),  # one emoji, cut in two
    ("z̴̡͛a̸lgo", 9, 5, 5, 13, 9, 9),
]


@pytest.mark.parametrize(("text", "x", "mastodon", "bluesky", "in_bytes", "threads", "utf16"), GOLDEN)
def test_the_golden_table(text, x, mastodon, bluesky, in_bytes, threads, utf16):
    assert used("x", text) == x
    assert used("mastodon", text) == mastodon
    assert used("bluesky", text) == bluesky
    assert measure("bluesky", text).detail == Measure(in_bytes, 3000)
    assert used("youtube", text) == in_bytes
    assert used("threads", text) == threads
    for network in ("facebook", "instagram", "linkedin", "tiktok", "pinterest", "whatsapp", "telegram"):
        assert used(network, text) == utf16


class TestLinksOnX:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("https://exemple.org/une/tres/longue/adresse?avec=des&choses#et-une-fin", 23),
            ("https://exemple.org.", 24),
            ("https://exemple.org/fete, puis", 23 + 6),
            ("(https://exemple.org/fete)", 25),
            ("https://fr.wikipedia.org/wiki/Fête_(film)", 23),
            ("https://exemple.org/a_(b_(c))", 23),
            ("https://exemple.org:8080/x", 23),
            ("https://exemple.org?x=1!", 24),
            ("«\N{NO-BREAK SPACE}https://exemple.org\N{NO-BREAK SPACE}»", 27),
            ("https://a.be https://b.fr\nhttps://c.org", 23 * 3 + 2),
            ("https://a.behttps://b.fr", 24),
            ("exemple.org", 23),
            ("MLB.tv", 23),
            ("www.exemple.be/fete", 23),
            ("exemple.org?x=1", 23 + 4),
            ("amina@exemple.org", 17),
            ("@amina@exemple.org", 18),
            ("#exemple.org", 12),
            ("fin.Debut", 9),
            ("tout.est prêt", 13),
            ("https://localhost/x", 19),
            ("http://192.168.0.1/", 19),
            ("ftp://exemple.org", 17),
            ("https://t.co/abcdEFGH12", 23),
            ("https://t.co/abcd?x=1/suite", 23),
            ("https://t.co/" + "a" * 41, 54),
            ("https://été.fr/", 23),
            ("https://慕田峪長城.网址/", 23),
            ("été.fr", 24),
            (" été.fr", 24),
            ("http://xn--fiqs8s.xn--fiqs8s", 23),
            ("http://xn--日.com", 17),
            ("https://" + "a" * 64 + ".org", 76),
            ("https://exemple.org/" + "a" * 4096, 20 + 4096),
            ("Rendez-vous sur👉exemple.org", 15 + 2 + 23),
        ],
    )
    def test_weigh_23_where_x_sees_one(self, text, length):
        assert used("x", text) == length


class TestLinksAndMentionsOnMastodon:
    @pytest.mark.parametrize(
        ("text", "length"),
        [
            ("https://exemple.org/fete.", 24),
            ("(https://exemple.org/fete)", 25),
            ("https://fr.wikipedia.org/wiki/Fête_(film)", 23),
            ("https://exemple.org:8080/x?y=é", 23),
            ("exemple.org", 11),
            ("voir https://exemple.org/👍 !", 5 + 23 + 2),
            ("https://a.be https://b.fr", 47),
            ("xhttps://exemple.org", 20),
            ("ftp://exemple.org", 17),
            ("gemini://exemple.org", 23),
            ("http://a.be", 23),
            ("https://localhost", 17),
            ("https://t.co/abcd?x=1", 23 + 4),
            ("@amina@asso.social", 6),
            ("Merci @amina@asso.social.", 13),
            ("Merci @amina@asso.social, @bruno@vie.associative.fr et @chloé", 30),
            ("@amina.b-c@asso.social", 10),
            ("@amina", 6),
            ("amina@asso.social", 17),
            ("x@amina@asso.social", 19),
            ("https://asso.social/@amina", 23),
            ("https://asso.social/@amina@vie.fr", 23),
            ("@amina@vie.fr/page", 6 + 5),
            ("@amina@vie.fr@encore", 20),
            ("@amina@" + "b" * 254, 261),
            ("(@amina@asso.social)", 8),
            ("@amina@élan.fr", 6),
            (" \n ", 0),
            ("a \n ", 4),
        ],
    )
    def test_are_shortened_where_mastodon_sees_one(self, text, length):
        assert used("mastodon", text) == length


class TestLimits:
    def test_are_the_ones_of_the_kind(self):
        assert [measure(kind, "a").limit for kind in KINDS] == [kind.limit for kind in KINDS.values()]

    def test_of_an_instance_or_an_association_replace_ours(self):
        assert measure("mastodon", "a" * 501).ok is False
        assert measure("mastodon", "a" * 501, limit=5000) == Measure(501, 5000)
        assert measure("facebook", "a" * 70_000, limit=None).ok

    def test_hold_to_the_last_character(self):
        assert measure("x", "é" * 280).ok
        assert not measure("x", "é" * 281).ok

    def test_of_bluesky_are_two(self):
        few_but_heavy = FAMILY * 121
        assert measure("bluesky", few_but_heavy).detail == Measure(3025, 3000)
        assert measure("bluesky", few_but_heavy).used == 121
        assert not measure("bluesky", few_but_heavy).ok
        assert measure("bluesky", FAMILY * 120).ok
        assert not measure("bluesky", "a" * 301).ok

    @pytest.mark.parametrize("network", ["newsletter", "site"])
    def test_are_none_on_what_is_ours(self, network):
        assert measure(network, "long " * 100_000) == Measure(500_000, None)
        assert measure(network, FAMILY).ok

    def test_of_a_network_that_does_not_exist_are_refused_by_name(self):
        with pytest.raises(ValueError, match="No network is called 'myspace'"):
            measure("myspace", "Bonjour")


ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=300)
PIECES = (
    *(
        "http://",
        "https://t.co/",
        "xn--",
        "org",
        "みんな",
        ":80",
        "a",
        "é",
        "日",
        "。",
        "1",
        " ",
        "\r\n",
        "\0",
        *"._-/?()@#",
    ),
    *("👩", "🏽", "🇫", "🇷", "\u200d", "\ufe0f", "\u20e3", "\u0301", "\ud83d", "\ude00"),
)
TRICKY_TEXT = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)


class TestAnyText:
    @given(st.sampled_from(sorted(KINDS)), ANY_TEXT | TRICKY_TEXT)
    def test_has_a_length_and_is_ok_within_the_limits(self, network, text):
        counted = measure(network, text, limit=20)
        assert counted.used >= 0
        assert counted.ok == (counted.used <= 20 and (counted.detail is None or counted.detail.used <= 3000))

    @given(st.sampled_from(sorted(KINDS)), ANY_TEXT | TRICKY_TEXT)
    def test_is_as_long_with_the_line_ends_of_a_browser(self, network, text):
        text = text.replace("\r", "")
        assert measure(network, text.replace("\n", "\r\n")) == measure(network, text)

    @given(ANY_TEXT | TRICKY_TEXT)
    def test_is_as_long_on_x_however_it_is_composed(self, text):
        assert used("x", normalize("NFD", text)) == used("x", text)

    @given(ANY_TEXT | TRICKY_TEXT)
    def test_has_the_graphemes_of_unicode(self, text):
        assert used("bluesky", text) == len(regex.findall(r"\X", _tidied(text)))

    @given(st.sampled_from(sorted(KINDS)), st.text("abcdefghij ,;!ÀÉéèç"), st.text("abcdefghij ,;!ÀÉéèç"))
    def test_of_plain_words_only_grows(self, network, text, more):
        assert measure(network, text + more).used >= measure(network, text).used


@pytest.mark.parametrize("network", ["x", "mastodon", "bluesky", "threads"])
@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "日本",
        "a.",
        "日_a.",
        "a.com.",
        "http://a.co/(",
        "a.co?!",
        "@a.",
        "@a@b.c ",
        "🇫",
        "👩\u200d",
        "\u0301\u0316",
        "1️⃣",
    ],
)
def test_a_text_of_any_size_takes_a_time_that_grows_like_it(network, pattern):
    def seconds(size):
        text = "a" + pattern * (size // len(pattern))
        started = process_time()
        measure(network, text)
        return process_time() - started

    seconds(1000)
    # Sixteen times the text takes about sixteen times as long; a quadratic count would take 256 times.
    assert seconds(160_000) < 80 * max(seconds(10_000), 0.001)


def test_a_text_of_280_characters_is_counted_at_once():
    chance = random.Random(280)  # noqa: S311
    alphabet = "abcdefghijklmnopqrstuvwxyzéèàç ,.!’\n😀👍"
    texts = [
        "".join(chance.choices(alphabet, k=220)) + " https://exemple.org/fete @amina@asso.social" for _ in range(50)
    ]
    for network in KINDS:
        measure(network, texts[0])
        started = process_time()
        for text in texts:
            measure(network, text)
        assert (process_time() - started) / len(texts) < 0.002
