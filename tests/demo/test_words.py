"""French as it is printed."""

from datetime import date

from assoc_intranet.demo.words import typeset


def test_spaces_that_must_not_break_a_line_do_not():
    typed = "Oui ! Non ; quoi ? « Ici » : 9 h, 18 h 30, 3 €."
    assert typeset(typed, {}) == ("Oui\u202f! Non\u202f; quoi\u202f? «\xa0Ici\xa0»\xa0: 9\xa0h, 18\xa0h\xa030, 3\xa0€.")


def test_an_address_stays_an_address():
    assert typeset("Voir https://exemple.org/a?b=c", {}) == "Voir https://exemple.org/a?b=c"


def test_apostrophes_curl():
    assert typeset("l'atelier d'Henri", {}) == "l’atelier d’Henri"


def test_an_event_is_said_by_its_day():
    assert typeset("Rendez-vous {fête}.", {"fête": date(2026, 12, 1)}) == "Rendez-vous mardi 1er décembre."


def test_lines_are_joined_and_lists_are_not():
    typed = """Un
        paragraphe :

        • un
        • deux
        trois"""
    assert typeset(typed, {}) == "Un paragraphe\xa0:\n\n• un\n• deux trois"
