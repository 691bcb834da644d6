"""Whatever stands in the database or was typed, a page has the elements and attributes it has without it.

`TURNS=42` tries every payload in every column; without it, some of each.
"""

import os
from difflib import unified_diff

import html5lib
import pytest
from sqlalchemy import String, select, true, update

from assoc_intranet.core.db import Model, db
from assoc_intranet.members import queries as members
from assoc_intranet.polls.kinds import Kind
from assoc_intranet.polls.models import Option, Poll

from .examples import furnish
from .pages import PAGES, REFUSED
from .payloads import HARMLESS, HOSTILE

TURNS = int(os.environ.get("TURNS", "4"))

# Columns that hold words of ours, which a constraint or a rule keeps from being anything else: nobody types in them.
NOT_TYPED = {
    "association": {"accent": "a colour, checked where it is typed", "zone": "of a list", "country": "of a list",
                    "language": "of a list", "logo": "a name of ours"},
    "attempt": {"key": "of ours"},
    "backup": {"*": "names of files of ours"},
    "lease": {"name": "of ours", "holder": "of ours"},
    "member": {"role": "of a list", "language": "of a list", "password_hash": "a hash"},
    "network_limit": {"network": "of a list"},
    "change": {"kind": "of a list", "subject": "of ours"},
    "link": {"purpose": "of a list", "token_hash": "a hash", "role": "of a list"},
    "poll": {"kind": "of a list", "results": "of a list", "electorate": "of a list", "zone": "of a list"},
    "post": {"state": "of a list", "zone": "of a list"},
    "presence": {"network": "of a list", "status": "of a list"},
    "session": {"token_hash": "a hash"},
    "task": {"status": "of a list"},
    "variant": {"network": "of a list"},
    "choice": {"answer": "of a list"},
}  # fmt: skip
# Typed or sent, but on no page.
NOT_SHOWN = {"mail.recipient", "mail.subject", "mail.body", "mail.error", "password_request.email", "casting.op_id",
             "poll.op_id", "post.op_id", "presence.op_id", "task.op_id", "post.source", "task.post_title"}  # fmt: skip
# Where a column holds a word of ours in some rows: those that are somebody's.
ONLY = {"option.label": Option.poll.has(Poll.kind.in_((Kind.SINGLE, Kind.MULTIPLE)))}
# Of what happened, the words that somebody typed; the others are ours.
TYPED_DETAILS = ("reason", "handle", "file", "filename", "title")


def typed_columns():
    for table in Model.metadata.sorted_tables:
        known = NOT_TYPED.get(table.name, {})
        for column in table.columns:
            if isinstance(column.type, String) and column.name not in known and "*" not in known:
                yield column


COLUMNS = tuple(typed_columns())


def fill(words_of):
    """Every typed column of every row holds `words_of(place of the column)`; where each must differ, with the id."""
    for place, column in enumerate(COLUMNS):
        words = words_of(place)
        filled = words if not _is_unique(column) else words + column.table.c.id.cast(String)
        somebodys = (column.is_not(None), column != "", ONLY.get(str(column), true()))
        db.session.execute(update(column.table).where(*somebodys).values({column.name: filled}))
    changes = Model.metadata.tables["change"]
    for number, details in db.session.execute(select(changes.c.id, changes.c.details)).all():
        said = {name: words_of(len(COLUMNS)) if name in TYPED_DETAILS else value for name, value in details.items()}
        db.session.execute(update(changes).where(changes.c.id == number).values(details=said))
    db.session.commit()


def _is_unique(column):
    return column.unique or any(
        column.name in constraint.columns for constraint in column.table.constraints
        if constraint.__visit_name__ == "unique_constraint"
    )  # fmt: skip


def skeleton(page):
    """The elements of a page and the names of their attributes, in order; and where an address leads by itself."""
    root = html5lib.parse(page, namespaceHTMLElements=False)
    bones = []
    for element in root.iter():
        if isinstance(element.tag, str):
            bones.append((element.tag, *sorted(element.keys())))
            bones += [(name, value) for name, value in element.items()
                      if name in ("href", "src", "action") and value.strip().lower().startswith(SCHEMES)]  # fmt: skip
    return bones


def added(plain, bones):
    """What one page has otherwise than the other."""
    return list(unified_diff([str(b) for b in plain], [str(b) for b in bones], n=0, lineterm=""))[2:]


SCHEMES = ("javascript:", "data:", "vbscript:", "//")


@pytest.fixture
def examples(app):
    return furnish()


@pytest.fixture
def look(as_, examples):
    """Every page as Amina has it, who may see everything."""
    browser = as_(members.by_email("amina@exemple.org"))
    addresses = [pattern.format_map(examples) for pattern, who in PAGES.items() if "amina" in who]

    def pages():
        found = {address: browser.get(address) for address in addresses}
        assert all(answer.status_code == 200 for answer in found.values())
        return {address: answer.text for address, answer in found.items()}

    return pages


def turned(turn):
    """Each column has another payload, and in the next turn the next."""
    first = turn * len(HOSTILE) // TURNS if len(HOSTILE) > TURNS else turn
    return lambda place: HOSTILE[(place + first) % len(HOSTILE)]


def test_what_is_stored_adds_nothing_to_any_page(look):
    fill(lambda _place: HARMLESS)
    plain = {address: skeleton(page) for address, page in look().items()}
    for turn in range(TURNS):
        fill(turned(turn))
        for address, page in look().items():
            assert not added(plain[address], skeleton(page)), f"turn {turn} of {TURNS}: {address}"


def test_every_typed_column_is_shown_somewhere(look):
    """The premise of the test above: what is on no page proves nothing."""
    fill(lambda place: f"k{place}z".ljust(len(HARMLESS), "x"))
    text = "".join(look().values())
    hidden = {str(column) for place, column in enumerate(COLUMNS) if f"k{place}z" not in text}
    assert hidden == NOT_SHOWN


def test_what_is_refused_comes_back_as_it_was_typed_and_no_more(as_, client, examples):
    browsers = {"diego": client, **{n: as_(members.by_email(f"{n}@exemple.org")) for n in ("amina", "denise")}}

    def answers(words_of):
        for pattern, (name, form) in REFUSED.items():
            sent = {field: words_of(place) if is_typed(field, value) else str(value).format_map(examples)
                    for place, (field, value) in enumerate(form.items())}  # fmt: skip
            yield pattern, browsers[name].post(pattern.format_map(examples), data=sent)

    def is_typed(field, value):
        """What would be taken for right is left wrong: an id, a version, a password, a missing reason."""
        is_missing = not value and field in ("reason", "text")
        return not (is_missing or value.isdecimal() or value.startswith("{") or "password" in field)

    plain = {pattern: (answer.status_code, skeleton(answer.text)) for pattern, answer in answers(lambda _: HARMLESS)}
    assert sum(status in (409, 422) for status, _bones in plain.values()) > len(REFUSED) / 2
    for turn in range(TURNS):
        for pattern, answer in answers(turned(turn)):
            status, bones = plain[pattern]
            assert answer.status_code == status, f"turn {turn}: {pattern}"
            assert not added(bones, skeleton(answer.text)), f"turn {turn}: {pattern}"


@pytest.mark.parametrize("payload", HOSTILE)
def test_a_page_that_escaped_nothing_would_be_found(payload):
    """Each payload breaks out of one of the places where words stand: text, attributes, raw text, comments."""
    places = ("<p>{}</p>", '<p title="{}">x</p>', "<p title='{}'>x</p>", "<p title={}>x</p>", "<textarea>{}</textarea>",
              "<title>{}</title>", "<select><option>{}</select>", "<!--{}-->", '<a href="{}">x</a>')  # fmt: skip
    assert any(skeleton(place.format(payload)) != skeleton(place.format(HARMLESS)) for place in places)
