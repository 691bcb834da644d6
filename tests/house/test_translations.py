"""Every sentence exists in French, well typeset, and no template speaks outside the catalogue."""

import re
import subprocess
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from jinja2 import Environment

ROOT = Path(__file__).parents[2]
FRENCH = ROOT / "assoc_intranet/translations/fr/LC_MESSAGES/messages.po"
CURE = "Run `make translations` and complete translations/fr."
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))

# What a typesetter would mark: (the fault, what it looks like).
FAULTS = (
    (
        "a narrow no-break space (U+202F) goes before ; ! ?",
        re.compile(r"(?<!\u202f)(?<!&\w\w\w)(?<!&\w\w\w\w)[;!?]"),
    ),
    ("a no-break space (U+00A0) goes before :", re.compile(r"(?<!\u00a0):(?=\s|$)")),
    ("a no-break space (U+00A0) goes inside « »", re.compile(r"«(?!\u00a0)|(?<!\u00a0)»")),
    ("the apostrophe is ’", re.compile(r"'")),
    ("three dots are one character, …", re.compile(r"\.\.\.")),
)
SPOKEN_ATTRIBUTES = {"alt", "aria-label", "aria-description", "placeholder", "title"}
# The same in every language.
NAMES = {"assoc-intranet"}
# A macro that writes attributes, and a block that fills one of the page around it.
ATTRIBUTE = re.compile(r'[a-z-]+="[^"]*"')
MARK = re.compile(r"{% block \w+ %}({% if [^%]+ %})? ?[a-z-]+(?={% end)")


@pytest.fixture(scope="module")
def sentences(tmp_path_factory):
    pot = tmp_path_factory.mktemp("catalogue") / "messages.pot"
    subprocess.run(["make", "--silent", "messages", f"MESSAGES={pot}"], cwd=ROOT, check=True)
    return catalogue(pot)


@pytest.fixture(scope="module")
def french():
    return catalogue(FRENCH, "fr")


def catalogue(path, locale=None):
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def forms(message):
    return [message.string] if isinstance(message.string, str) else list(message.string)


def test_every_sentence_is_said_in_french(sentences, french):
    silent = [
        message.id
        for message in sentences
        if message.id and not ((said := french.get(message.id)) and all(forms(said)) and not said.fuzzy)
    ]
    assert not silent, f"Not said in French: {silent}. {CURE}"


def test_the_catalogue_keeps_nothing_the_code_no_longer_says(sentences, french):
    stale = [message.id for message in french if message.id and message.id not in sentences]
    assert not stale, f"No longer in the code: {stale}. {CURE}"


def test_french_sentences_name_the_same_things(french):
    faults = [(message.id, str(error)) for message, errors in french.check() for error in errors]
    assert not faults, f"Placeholders or plurals differ: {faults}"


def test_in_french_zero_is_singular(french):
    assert french.plural_expr == "(n > 1)"


@pytest.mark.parametrize(("rule", "fault"), FAULTS, ids=[rule for rule, _ in FAULTS])
def test_french_is_typeset_as_the_french_do(rule, fault, french):
    faulty = [said for message in french if message.id for said in forms(message) if fault.search(said)]
    assert not faulty, f"In French, {rule}: {faulty}"


class Spoken(HTMLParser):
    """What a page says to people: its text, and the attributes that are read aloud."""

    def __init__(self):
        super().__init__()
        self.words = []

    def handle_data(self, data):
        self.listen(data)

    def handle_starttag(self, _tag, attrs):
        for name, value in attrs:
            if name in SPOKEN_ATTRIBUTES:
                self.listen(value or "")

    def listen(self, text):
        text = ATTRIBUTE.sub("", text).strip()
        if re.search(r"[^\W\d_]{2}", text) and text not in NAMES:
            self.words.append(text)


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: str(path.relative_to(ROOT / "templates")))
def test_a_template_says_nothing_that_cannot_be_translated(path):
    source = MARK.sub("", path.read_text(encoding="utf-8"))
    pieces = Environment(autoescape=True).lex(source)
    page = Spoken()
    page.feed("".join(value for _, kind, value in pieces if kind == "data"))
    assert not page.words, f"{path.name} says {page.words} in one language only: write {{{{ _('…') }}}}."
