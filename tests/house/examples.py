"""An association with an example of everything, some of it long, for tests that look at whole pages."""

from datetime import date, time, timedelta
from uuid import uuid4

from assoc_intranet.association import queries as associations
from assoc_intranet.core.clock import now, today
from assoc_intranet.core.db import db
from assoc_intranet.members import rules as members
from assoc_intranet.members.models import Member
from assoc_intranet.networks import rules as networks
from assoc_intranet.polls import rules as polls
from assoc_intranet.polls.models import Poll
from assoc_intranet.posts import importing, kept_sheets
from assoc_intranet.posts import rules as posts
from assoc_intranet.posts.kept_sheets import KeptSheet, Told
from assoc_intranet.tasks import rules as tasks
from tests.factories import make_association, make_member, make_poll, make_post, make_presence, make_task

LONG = "Assemblée générale extraordinaire : anticonstitutionnellement renouveler le conseil d’administration, dimanche"


def furnish() -> dict[str, object]:
    """Saves it all, and gives what the names in the addresses of `pages.py` stand for."""
    make_association()
    amina = make_member("Amina Benali", role="coordinator", is_admin=True)
    denise = make_member("Denise Noël", role="coordinator")
    bruno = make_member("Bruno Lambert")
    make_member("Chloé Marchal", role="observer", may_vote=False)
    make_member("Sami Özdemir-Vandenbroucke", role="observer", is_admin=True, may_vote=False)
    former = make_member("Émile Petit")
    members.deactivate(former, amina)
    day = today(associations.zone())
    people = {"bruno": bruno.id, "denise": denise.id, "former": former.id}
    found: dict[str, object] = {**people, "day": day, "month": f"{day:%Y-%m}"}
    for device in ("Firefox, Linux", "Safari, iPhone", "?"):
        members.open_session(amina, device)
    found |= _links(amina, bruno) | _presences(amina, bruno)
    found |= _posts(bruno, day) | _sheet(amina)
    found |= _tasks(amina, bruno, found["draft"], day) | _polls(amina, bruno, denise, day)
    db.session.commit()
    return found


def _links(amina: Member, bruno: Member) -> dict[str, object]:
    _link, invitation = members.invite(amina, "member", "zoe@exemple.org", "")
    return {
        "invitation_code": invitation,
        "password_code": members.draw_link("password", member_id=bruno.id)[1],
        "login_code": members.draw_link("login", member_id=bruno.id)[1],
    }


def _presences(amina: Member, bruno: Member) -> dict[str, object]:
    facebook = make_presence(amina, url="https://facebook.example/beche", goal=2.0, holder_ids=frozenset({bruno.id}))
    make_presence(amina, "mastodon", "@beche@mastodon.example", goal=0.5)
    make_presence(amina, "bluesky", "@beche.example", status="dormant")
    make_presence(amina, "newsletter", "La lettre du mois", status="closed")
    networks.set_limit("mastodon", amina, 1000, date(2020, 1, 1))
    return {"presence": facebook.id}


def _posts(bruno: Member, day: date) -> dict[str, object]:
    states = {"draft": "draft", "review": "review", "fix": "fix", "approved": "ok", "planned": "planned"}
    states |= {"published": "done", "cancelled": "off"}
    everywhere = {"facebook": None, "mastodon": "Plantation du pommier 🍏 https://exemple.org/pommier"}
    found = {"idea": make_post(bruno, "Un nichoir pour les mésanges", None, None, "idea")}
    for place, (name, state) in enumerate(states.items()):
        texts = {"text": f"{LONG}.\n\nVenez nombreux·euses !", "variants": everywhere, "holder_id": bruno.id}
        found[name] = make_post(bruno, f"Le pommier, {state}", day + timedelta(days=place - 1), state=state, **texts)
    found["too_long"] = make_post(bruno, LONG, day, state="review", text="a" * 600, variants={"bluesky": None})
    for number in range(6):
        make_post(bruno, f"Journée portes ouvertes {number}", day, time(8 + number))
    posts.discard(make_post(bruno, "Mis au panier"), bruno)
    return {name: post.id for name, post in found.items()}


def _sheet(amina: Member) -> dict[str, object]:
    """A planning sheet with something to say about most rows: days that may be months, an unknown network, no day."""
    rows = ("Date;Heure;Réseau;Texte", f"05/12/2026;18h30;Facebook, Minitel;{LONG}", ";;;Une idée", "demain;;;Raté")
    sheet = KeptSheet(str(uuid4()), "planning de l’équipe.csv", "\n".join(rows).encode())
    kept_sheets.keep(amina, sheet)
    other = KeptSheet(str(uuid4()), "ancien planning.csv", "\n".join((*rows, ";;;Une autre")).encode())
    done = importing.import_plan(other.read(Told()), other.filename, amina)
    return {"sheet": sheet.key, "import": done.id}


def _tasks(amina: Member, bruno: Member, post_id: object, day: date) -> dict[str, object]:
    about = {"notes": f"{LONG}.\nhttps://exemple.org/" + "a" * 80, "post_id": post_id, "priority": 1}
    taken = make_task(amina, f"Tâche. {LONG}", bruno, amina, status="doing", due=day - timedelta(days=3), **about)
    for number in range(3):
        tasks.add_step(taken, amina, f"Étape {number}")
    tasks.tick(taken.steps[0], bruno, True)
    make_task(bruno, "Relire la lettre", amina, status="check", due=day)
    make_task(bruno, "Poser les affiches", amina, due=day + timedelta(days=1), priority=-1)
    make_task(bruno, "Ranger le local", bruno, due=day + timedelta(days=30))
    finished = make_task(amina, "Commander les graines", bruno, status="done", done_at=now())
    free = make_task(amina, "Imprimer douze affiches A3", due=day + timedelta(days=4))
    return {"taken": taken.id, "finished": finished.id, "free": free.id}


def _polls(amina: Member, bruno: Member, denise: Member, day: date) -> dict[str, object]:
    labels = ("Le jaune, avec la brouette", "Le vert", LONG)
    dates = [(day + timedelta(days=40), time(18)), (day + timedelta(days=41), None)]
    found = {
        "proposed": make_poll(bruno, "Quel dessin pour l’affiche ?", *labels, is_open=False),
        "unwanted": make_poll(bruno, "À jeter ?", is_open=False),
        "open_always": make_poll(amina, f"Vote. {LONG}", text=f"{LONG}.\n\nÀ lire avant."),
        "open_after": make_poll(
            amina, "Quelle couleur ?", *labels, results="after", electorate="picked", picked=(amina.id, bruno.id)
        ),
        "open_dates": make_poll(amina, "Quand nous voyons-nous ?", *dates),
        "open_several": make_poll(amina, "Quels ateliers ?", *labels, kind="multiple", most=2, results="close"),
        "closed": make_poll(amina, "Un stand au marché ?", results="always"),
    }
    _vote(found["open_always"], bruno, 0, "Parce que c’est mieux ainsi.")
    _vote(found["open_dates"], denise, 0)
    _vote(found["open_after"], amina, 1)
    _vote(found["closed"], bruno, 0)
    _vote(found["closed"], denise, 1, LONG)
    polls.close(found["closed"], amina, "Tout le monde a voté.")
    return {name: poll.id for name, poll in found.items()}


def _vote(poll: Poll, member: Member, place: int, reason: str = "") -> None:
    polls.cast_ballot(poll, member, {poll.options[place].id: "yes"}, reason)
