"""What a volunteer's spreadsheet becomes: the posts it plans and the sentences about what is wrong in it."""

import time as clock
from contextlib import suppress
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assoc_intranet.posts.planning_rows import title_of, with_link
from assoc_intranet.posts.planning_sheet import MAX_ROWS, read_plan
from assoc_intranet.transfer.sheets import SheetError
from tests.transfer.books import add_rows, at, book, saved

SAMPLES = Path(__file__).parent.parent / "transfer" / "samples"

PARTY = "Fête d’été 🎉 — appel à bénévoles ; « venez nombreux·euses » !"
PARTY_LINK = "https://exemple.org/benevoles?utm_source=facebook&utm_campaign=fete"
VOLUNTEERS = 'Journée internationale des volontaires : merci, "vous" !'
TRAP = "=1+1 tableur piégé, @mention en tête"
TRAP_LINK = "https://exemple.org"
MOMENTS = ["2026-11-28T18:30", "2026-12-05T09:00", "2026-12-07T12:15"]


def sample(name):
    return read_plan((SAMPLES / name).read_bytes(), name)


def csv(text, **told):
    return read_plan(text.encode(), "planning.csv", **told)


def xlsx(*rows, **told):
    return read_plan(saved(book(*rows)), "planning.xlsx", **told)


def moments(plan):
    return [row.planned and row.planned.isoformat(timespec="minutes") for row in plan.rows]


def texts(plan):
    return [row.text for row in plan.rows]


def places(plan):
    return [(error.row, error.column) for error in plan.errors]


# The samples: the same three posts from seven programs


@pytest.mark.parametrize(
    ("name", "first_row", "networks", "party", "trap"),
    [
        (
            *("excel-fr-cp1252.csv", 2, ["facebook"]),
            f"{PARTY.replace('🎉', '')}\nInscription ici\n{PARTY_LINK}",
            f"{TRAP}\n{TRAP_LINK}",
        ),
        (
            *("excel-fr-utf8-bom.csv", 2, ["facebook"]),
            f"{PARTY}\nInscription ici\n{PARTY_LINK}",
            f"{TRAP}\n{TRAP_LINK}",
        ),
        ("excel-unicode.txt", 2, [], f"{PARTY}\nInscription ici", TRAP),
        ("export-safe.csv", 2, [], f"{PARTY}\nInscription ici\n{PARTY_LINK}", f"{TRAP}\n{TRAP_LINK}"),
        ("google-calendar.csv", 2, [], f"{PARTY}\nInscription ici\n{PARTY_LINK}", f"{TRAP}\n{TRAP_LINK}"),
        ("buffer.csv", 2, [], f"{PARTY}\nInscription ici {PARTY_LINK}", f"{TRAP} {TRAP_LINK}"),
        ("hootsuite.csv", 1, [], f"{PARTY} Inscription ici\n{PARTY_LINK}", f"{TRAP}\n{TRAP_LINK}"),
    ],
)
def test_a_sample_becomes_its_three_posts(name, first_row, networks, party, trap):
    plan = sample(name)
    assert plan.errors == []
    assert not plan.ambiguous_order
    assert [row.row for row in plan.rows] == [first_row, first_row + 1, first_row + 2]
    assert moments(plan) == MOMENTS
    assert texts(plan) == [party, VOLUNTEERS, trap]
    assert [row.networks for row in plan.rows] == [networks] * 3


def test_a_picture_is_not_the_link_of_a_post():
    assert "link" not in sample("buffer.csv").mapping
    assert "exemple.org/m/1.jpg" not in "".join(texts(sample("excel-fr-cp1252.csv")))


# Rows


def test_a_row_has_the_number_the_spreadsheet_shows():
    plan = csv('Date;Texte\n28/11/2026;"Un\n\ndeux"\n\n;\n29/11/2026;Trois\n')
    assert [(row.row, row.text) for row in plan.rows] == [(2, "Un\n\ndeux"), (5, "Trois")]


def test_under_a_title_the_header_is_still_row_one():
    plan = xlsx(["Planning 2026"], [], ["Date", "Texte"], [date(2026, 11, 28), "Un"], [], [None, "Deux"])
    assert plan.header_row == 3
    assert [row.row for row in plan.rows] == [2, 4]


def test_without_a_header_the_first_row_is_one():
    plan = csv("28/11/2026 18h30;Fête de quartier;https://exemple.org;Insta\n;Plus tard;;\n")
    assert plan.header_row is None
    assert plan.columns == ["A", "B", "C", "D"]
    assert [(row.row, row.networks) for row in plan.rows] == [(1, ["instagram"]), (2, [])]
    assert moments(plan) == ["2026-11-28T18:30", None]
    assert texts(plan) == ["Fête de quartier\nhttps://exemple.org", "Plus tard"]


def test_what_is_no_post_is_left_out():
    plan = xlsx(
        ["Date", "Canal", "Texte"],
        [date(2026, 11, 28), "Facebook", "Fête"],
        ["Semaine 49"],
        [date(2026, 12, 1)],
        ["Date", "Canal", "Texte"],
        [],
        ["NB : relire avant de publier"],
    )
    assert texts(plan) == ["Fête"]
    assert plan.errors == []


def test_a_planned_row_without_text_is_named():
    plan = csv("Date;Réseau;Texte\n28/11/2026;Facebook;\n29/11/2026;;Salut\n")
    assert places(plan) == [(2, "Texte")]
    assert texts(plan) == ["Salut"]


def test_a_text_cut_by_its_own_separator_is_named_and_kept():
    plan = csv("Date;Texte\n28/11/2026;Bonjour\n29/11/2026;Venez ; vite\n")
    assert places(plan) == [(3, "C")]
    assert texts(plan) == ["Bonjour", "Venez"]


def test_a_broken_formula_is_named_and_not_published():
    plan = csv("Date;Texte\n28/11/2026;#REF!\n29/11/2026;Salut\n")
    assert places(plan) == [(2, "Texte")]
    assert texts(plan) == ["Salut"]


def test_a_text_too_long_for_a_post_is_named():
    plan = csv(f"Date;Texte\n28/11/2026;{'a' * 100_001}\n29/11/2026;{'b' * 100_000}\n")
    assert places(plan) == [(2, "Texte")]
    assert [row.row for row in plan.rows] == [3]


# Text, link and title


def test_the_text_is_the_cell():
    plan = xlsx(["Texte"], ["  Un\r\ndeux\n"], ["'=1+1"], ["'@amina"], [2026])
    assert texts(plan) == ["Un\ndeux", "=1+1", "@amina", "2026"]


@pytest.mark.parametrize(
    ("text", "link", "expected"),
    [
        ("Venez", "https://exemple.org", "Venez\nhttps://exemple.org"),
        ("Venez sur https://exemple.org.", "https://exemple.org", "Venez sur https://exemple.org."),
        ("Venez (https://exemple.org/) !", "https://exemple.org", "Venez (https://exemple.org/) !"),
        ("https://exemple.org\nVenez", "https://exemple.org/", "https://exemple.org\nVenez"),
        ("Voir https://exemple.org/a", "https://exemple.org", "Voir https://exemple.org/a\nhttps://exemple.org"),
        ("", "https://exemple.org", "https://exemple.org"),
        ("Venez", "", "Venez"),
    ],
)
def test_the_link_comes_last_if_the_text_lacks_it(text, link, expected):
    assert with_link(text, link) == expected


def test_the_title_is_the_first_line():
    assert title_of("Fête d’été\nVenez") == "Fête d’été"
    assert title_of("a" * 80) == "a" * 80


@pytest.mark.parametrize("line", ["mot " * 40, "a" * 200, "a" * 60 + " " + "b" * 60, "a b" + "c" * 100])
def test_a_long_title_is_cut_at_eighty(line):
    title = title_of(line)
    assert len(title) <= 80
    assert title.endswith("…")
    assert line.startswith(title[:-1])
    assert title_of("mot " * 40).endswith("mot…")


def test_a_column_of_titles_gives_the_title():
    plan = csv("Date;Titre;Texte\n28/11/2026;Fête;Venez tous\n29/11/2026;Marché;\n")
    assert [(row.title, row.text) for row in plan.rows] == [("Fête", "Venez tous"), ("Marché", "Marché")]


# Networks


@pytest.mark.parametrize(
    ("cell", "networks"),
    [
        ("Facebook", ["facebook"]),
        ("FB, Insta", ["facebook", "instagram"]),
        ("Insta + FB + insta", ["instagram", "facebook"]),
        ("Facebook / LinkedIn", ["facebook", "linkedin"]),
        ("Facebook & Instagram et newsletter", ["facebook", "instagram", "newsletter"]),
        ("Facebook and X", ["facebook", "x"]),
        ("Facebook ou Instagram", ["facebook", "instagram"]),
        ("Mastodon | Bluesky", ["mastodon", "bluesky"]),
        ("Facebook\nInstagram", ["facebook", "instagram"]),
        ("Facebook Instagram", ["facebook", "instagram"]),
        ("Facebook - Instagram", ["facebook", "instagram"]),
        ("Facebook (page, groupe)", ["facebook"]),
        ("X / Twitter", ["x"]),
        ("#Facebook ; ", ["facebook"]),
        ("", []),
        ("-", []),
        ("Aucun", []),
    ],
)
def test_networks_are_known_by_their_usual_names(cell, networks):
    plan = xlsx(["Texte", "Réseaux"], ["Fête", cell])
    assert plan.errors == []
    assert plan.rows[0].networks == networks


def test_an_unknown_network_is_named_and_the_text_kept():
    plan = csv("Texte;Canal\nFête;Facebook, MySpace et Minitel\n")
    assert places(plan) == [(2, "Canal"), (2, "Canal")]
    assert "MySpace" in plan.errors[0].message
    assert "Minitel" in plan.errors[1].message
    assert plan.rows[0].networks == ["facebook"]
    assert plan.rows[0].text == "Fête"


def test_a_cross_under_the_name_of_a_network_will_do():
    plan = csv("Date;Texte;Facebook;Insta;Site web\n28/11/2026;Fête;x;;X\n29/11/2026;Marché;non;oui;-\n")
    assert plan.network_columns == {2: "facebook", 3: "instagram", 4: "site"}
    assert [row.networks for row in plan.rows] == [["facebook", "site"], ["instagram"]]
    assert texts(plan) == ["Fête", "Marché"]


def test_networks_may_be_named_on_a_second_line():
    plan = xlsx(
        ["Date", "Contenu", "Réseaux"],
        [None, None, "Facebook", "LinkedIn"],
        [date(2026, 11, 28), "Fête", None, "x"],
    )
    assert [(row.row, row.networks) for row in plan.rows] == [(3, ["linkedin"])]


# Dates and hours


def test_the_day_and_the_hour_meet():
    plan = csv(
        "Date;Heure;Texte\n28/11/2026;18h30;a\nsamedi 5 décembre 2026;18 h;b\n1er mars 2027;midi;c\n"
        "28/11/2026 à 18 h 30;;d\n28/11/2026 00:00;18h30;e\n28/11/2026;;f\n;18h30;g\n28/11/2026;-;h\n"
    )
    assert plan.errors == []
    assert moments(plan) == [
        *("2026-11-28T18:30", "2026-12-05T18:00", "2027-03-01T12:00", "2026-11-28T18:30", "2026-11-28T18:30"),
        *("2026-11-28T09:00", None, "2026-11-28T09:00"),
    ]


def test_real_dates_and_hours_meet_too():
    moment = datetime.combine(date(2026, 11, 28), time(18, 29, 59, 999_000))
    plan = xlsx(
        ["Date", "Heure", "Texte"],
        [date(2026, 11, 28), time(18, 30), "a"],
        [at("2026-11-28 00:00"), "18h30", "b"],
        [moment, None, "c"],
        ["28/11/2026", at("1899-12-31 18:30"), "d"],
        [20261128, 18, "e"],
    )
    assert plan.errors == []
    assert moments(plan) == [*["2026-11-28T18:30"] * 4, "2026-11-28T18:00"]


def test_a_wrong_date_or_hour_is_named_and_the_text_waits_in_the_tray():
    plan = csv("Date;Heure;Texte\n31/11/2026;18h;a\n28/11/2026;25h00;b\nbientôt;;c\nà définir;;d\n;;e\n28/11/26;;f\n")
    assert places(plan) == [(2, "Date"), (3, "Heure"), (4, "Date")]
    assert moments(plan) == [None, None, None, None, None, "2026-11-28T09:00"]
    assert texts(plan) == list("abcdef")


def test_a_number_of_days_counts_only_in_a_cell_that_is_a_date():
    plan = xlsx(["Date", "Texte"], [46354, "a"], [time(18, 30), "b"], [at("1999-11-28 18:30"), "c"])
    assert places(plan) == [(2, "Date"), (3, "Date"), (4, "Date")]
    assert moments(plan) == [None, None, None]


def test_one_day_above_twelve_tells_the_order_of_the_column():
    american = csv("Date,Texte\n12/05/2026,a\n11/28/2026,b\n")
    assert (moments(american), american.ambiguous_order) == (["2026-12-05T09:00", "2026-11-28T09:00"], False)
    assert moments(csv("Date,Texte\n12/05/2026,a\n11/28/2026,b\n", day_first=True)) == moments(american)


def test_an_undecided_column_is_day_first_and_asks():
    text = "Date,Texte\n05/12/2026,a\n07/12/2026,b\n"
    assert csv(text).ambiguous_order
    assert moments(csv(text)) == ["2026-12-05T09:00", "2026-12-07T09:00"]
    assert moments(csv(text, day_first=False)) == ["2026-05-12T09:00", "2026-07-12T09:00"]
    assert csv(text, day_first=False).ambiguous_order


def test_a_column_of_both_orders_names_the_cells_that_do_not_fit():
    plan = csv("Date,Texte\n28/11/2026,a\n29/11/2026,b\n11/30/2026,c\n05/12/2026,d\n")
    assert places(plan) == [(4, "Date")]
    assert moments(plan) == ["2026-11-28T09:00", "2026-11-29T09:00", None, "2026-12-05T09:00"]
    assert plan.ambiguous_order


def test_an_instant_is_told_in_the_zone_of_the_association():
    text = "post,platforms,mediaUrls,scheduleDate\nFête,facebook,https://exemple.org/1.jpg,2026-11-28T17:30:00Z\n"
    assert moments(csv(text, zone=ZoneInfo("Europe/Brussels"))) == ["2026-11-28T18:30"]
    assert moments(csv(text)) == ["2026-11-28T17:30"]


def test_a_year_said_above_serves_the_dates_without():
    rows = (["Date", "Texte"], ["samedi 5 décembre", "Fête"])
    assert moments(xlsx(["Calendrier de décembre 2026"], ["Mis à jour le 12/11/2025"], *rows)) == ["2026-12-05T09:00"]
    assert places(xlsx(["Saison 2026-2027"], *rows)) == [(2, "Date")]
    assert places(xlsx(*rows)) == [(2, "Date")]


# Columns and sheets


@pytest.mark.parametrize(
    ("labels", "mapping"),
    [
        ("Date;Heure;Réseau;Texte;Lien;Image", {"date": 0, "time": 1, "networks": 2, "text": 3, "link": 4}),
        (
            "Jour de publication;Heure de publication;Quoi;Texte du post;Canal;Visuel;URL;Statut;Responsable",
            {"date": 0, "time": 1, "title": 2, "text": 3, "networks": 4, "link": 6},
        ),
        ("Statut;QUAND ?;Quoi;Où ?;Qui ?", {"date": 1, "text": 2}),
        ("Semaine;Jour;Date;Horaire;Contenu;Réseaux sociaux", {"date": 2, "time": 3, "text": 4, "networks": 5}),
        ("Date de fin;Date de début;Message;Plateformes", {"date": 1, "text": 2, "networks": 3}),
        ("scheduled_at;account_id;content", {"date": 0, "text": 2}),
        ("Date (jj/mm/aaaa);Heure (ex. 18h30);Légende", {"date": 0, "time": 1, "text": 2}),
        ("Date;URL de l’image;Texte alternatif;Texte;Lien vers le site", {"date": 0, "text": 3, "link": 4}),
        ("Titre;Date", {"text": 0, "date": 1}),
    ],
)
def test_columns_are_known_by_their_labels(labels, mapping):
    plan = csv(f"{labels}\n")
    assert plan.mapping == mapping
    assert plan.header_row == 1


def test_a_label_that_says_nothing_is_known_by_its_cells():
    plan = csv("Moment;Bla;Truc\n28/11/2026;Fête de quartier;oui\n29/11/2026;Marché;non\n")
    assert plan.header_row == 1
    assert plan.mapping == {"date": 0, "text": 1}
    assert [row.row for row in plan.rows] == [2, 3]


def test_a_label_gives_way_to_what_the_column_holds():
    plan = csv("Jour;Publication;Texte\nSamedi;28/11/2026;Fête\nDimanche;29/11/2026;Marché\n")
    assert moments(plan) == ["2026-11-28T09:00", "2026-11-29T09:00"]
    assert texts(plan) == ["Fête", "Marché"]


def test_the_mapping_can_be_corrected():
    text = "Date;Texte;Suite\n28/11/2026;Fête;Venez tous\n"
    assert texts(csv(text)) == ["Fête"]
    corrected = csv(text, mapping={"text": 2, "title": 1, "link": 9, "nonsense": 0})
    assert corrected.mapping == {"text": 2, "title": 1}
    assert [(row.title, row.text, row.planned) for row in corrected.rows] == [("Fête", "Venez tous", None)]


def test_a_sheet_that_is_no_calendar_asks_for_its_columns():
    plan = csv("pommes\npoires\n")
    assert (plan.rows, places(plan)) == ([], [(1, "")])
    assert texts(csv("pommes\npoires\n", mapping={"text": 0})) == ["pommes", "poires"]
    plan = csv("Date;Heure\n28/11/2026;18h30\n")
    assert (plan.rows, places(plan)) == ([], [(1, "")])


def test_the_sheet_most_like_a_calendar_is_read_unless_we_choose():
    made = book(["Mode d’emploi"], ["Une ligne par post"], sheet="Lisez-moi")
    add_rows(made.create_sheet("Abonnés"), [["Réseau", "Abonnés"], ["Facebook", 1200]])
    add_rows(made.create_sheet("Planning"), [["Date", "Canal", "Texte"], [date(2026, 11, 28), "FB", "Fête"]])
    add_rows(made.create_sheet("Archives"), [["Date", "Texte"], [date(2025, 11, 28), "Vieux"]])
    data = saved(made)
    plan = read_plan(data, "planning.xlsx")
    assert plan.sheets == ["Lisez-moi", "Abonnés", "Planning", "Archives"]
    assert (plan.sheet, texts(plan)) == ("Planning", ["Fête"])
    assert texts(read_plan(data, "planning.xlsx", sheet="Archives")) == ["Vieux"]
    with pytest.raises(SheetError, match="Budget"):
        read_plan(data, "planning.xlsx", sheet="Budget")


def test_a_date_merged_over_its_posts_is_the_date_of_each():
    made = book(["Date", "Texte"], [date(2026, 11, 28), "Un"], [None, "Deux"], [None, "Trois"])
    made.active.merge_cells("A2:A3")
    assert moments(read_plan(saved(made), "a.xlsx")) == ["2026-11-28T09:00", "2026-11-28T09:00", None]


# Limits


def test_five_thousand_rows_take_a_second_and_one_more_is_refused():
    row = '28/11/2026;18h30;Facebook, Insta;"Fête {}\nde quartier";https://exemple.org/{}\n'
    text = "Date;Heure;Réseau;Texte;Lien\n" + "".join(row.format(n, n) for n in range(MAX_ROWS))
    started = clock.process_time()
    assert len(csv(text).rows) == MAX_ROWS
    assert clock.process_time() - started < 3
    with pytest.raises(SheetError, match="5000"):
        csv(text + row)


@pytest.mark.parametrize("text", ["", "\n\n", ";;\n;;\n"])
def test_an_empty_sheet_is_refused(text):
    with pytest.raises(SheetError):
        csv(text)


def test_a_header_without_rows_plans_nothing():
    plan = csv("Date;Texte\n")
    assert (plan.rows, plan.errors) == ([], [])


ALL_KINDS = [path.read_bytes() for path in sorted(SAMPLES.iterdir()) if path.suffix != ".md"]
BITS = st.sampled_from(
    [
        *"\n;,\t\"'",
        "Date",
        "Texte",
        "Réseau",
        "28/11/2026",
        "2026-11-28T18:30Z",
        "18h30",
        "Facebook",
        "x",
        "\u202f",
        "(",
    ]
)


@settings(max_examples=300)
@given(st.lists(BITS, max_size=40))
def test_any_cells_give_a_plan_or_a_refusal(bits):
    with suppress(SheetError):
        csv("".join(bits))


@settings(max_examples=200)
@given(st.sampled_from(ALL_KINDS), st.integers(0, 700), st.binary(max_size=6), st.integers(0, 4))
def test_a_damaged_sample_gives_a_plan_or_a_refusal(data, at, junk, lost):
    with suppress(SheetError):
        read_plan(data[:at] + junk + data[at + lost :], "planning.csv", zone=ZoneInfo("Europe/Paris"))
