"""What is remembered until something changes."""

from flask import g

from assoc_intranet.association import queries
from assoc_intranet.core.changes import cursor, publish
from assoc_intranet.core.db import db, start_writing


def rename(name):
    start_writing()
    association = queries.current()
    association.name = name
    publish("association.edited", association)
    g.cursor = cursor()


def test_what_was_written_and_then_undone_is_remembered_by_nobody(app, association):
    with app.test_request_context():
        rename("Jamais enregistré")
        assert queries.name() == "Jamais enregistré"
        db.session.rollback()
    with app.test_request_context():
        rename("La Bêche")
        db.session.commit()
    with app.test_request_context():
        g.cursor = cursor()
        assert queries.name() == "La Bêche"
