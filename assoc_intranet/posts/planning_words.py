"""The words volunteers write above the columns of a planning sheet, and in place of an answer; all plain."""


def _list(text: str) -> tuple[str, ...]:
    return tuple(words.strip() for words in text.replace("\n", ",").split(",") if words.strip())


# Whole labels, the best first: of two columns that would do, the one whose label comes earlier wins.
LABELS = {
    "date": _list("""
        date de publication, date publication, date de diffusion, date de parution, date de mise en ligne
        date du post, date de post, date post, jour de publication, publication date, publish date
        posting date
        post date, start date, date de debut, date et heure, date heure, date time, datetime, date and time
        scheduled at, scheduled for, scheduled date, schedule date, post at specific time, date prevue
        date planifiee, date programmee, planned date, planned at, planned, date, dates, jour, jours, day
        quand, when, a publier le, publier le, prevu le, planifie le, programme le, publie le, publication
        planification, programmation, posting time, publish time, scheduled time
    """),
    "time": _list("""
        heure de publication, heure publication, heure de diffusion, heure du post, heure, heures, horaire
        horaires, h, start time, heure de debut, time, hour, creneau, creneau horaire, a quelle heure
        posting time, publish time, scheduled time
    """),
    "networks": _list("""
        reseau, reseaux, reseau social, reseaux sociaux, canal, canaux, plateforme, plateformes, platform
        platforms, network, networks, social network, social networks, social media, channel, channels
        media social, medias sociaux, rs, canal de diffusion, canaux de diffusion, diffusion, support
        supports, media, medias, ou, where, compte, comptes, account, accounts, page, pages
    """),
    "link": _list("""
        lien, liens, lien a partager, lien url, url, link, links, lien internet, lien web, adresse web
        page web, site web, site internet, hyperlien, site, adresse
    """),
    "text": _list("""
        texte du post, texte de la publication, texte a publier, texte, textes, text, contenu du post
        contenu de la publication, contenu, content, message, messages, legende, caption, post, posts
        publication, publications, description, redaction, corps, corps du texte, body, copy, wording, tweet
        details, quoi, what, idee, idees, idee de post, sujet, subject, intitule, objet, evenement, event
        titre, title, theme, thematique, nom, name
    """),
    "title": _list("""
        titre, titre du post, title, sujet, subject, intitule, objet, accroche, quoi, what, idee, evenement
        event, nom, name
    """),
}

# One word inside a longer label.
KEYWORDS = {
    "date": frozenset(_list("date, dates, jour, day")),
    "time": frozenset(_list("heure, heures, horaire, horaires, time, hour")),
    "networks": frozenset(
        _list("""
        reseau, reseaux, canal, canaux, plateforme, plateformes, platform, platforms, network, networks
        channel, channels, social, sociaux
    """)
    ),
    "link": frozenset(_list("lien, liens, link, links, url, urls")),
    "title": frozenset(_list("titre, title, sujet, subject")),
    "text": frozenset(
        _list("""
        texte, textes, text, contenu, contenus, content, message, legende, caption, redaction, post, posts
        publication, publications
    """)
    ),
}

# Labels that count only where the cells agree.
DOUBTFUL = frozenset(
    _list("""
    publication, planification, programmation, planned, posting time, publish time, scheduled time, publie le
    diffusion, support, supports, media, medias, ou, where, compte, comptes, account, accounts, page, pages
    site, site web, site internet, page web, adresse
""")
)

# A label with one of these is about something else: the picture, the follow-up, the end.
OTHERS = frozenset(
    _list("""
    image, images, visuel, visuels, photo, photos, video, videos, media, medias, alt, alternatif, illustration
    fichier, fichiers, canva, drive, statut, status, etat, state, responsable, auteur, author, owner, qui, who
    tag, tags, hashtag, hashtags, mots, end, fin, creation, created, modification, updated, validation, valide
    relecture, deadline, echeance, limite, private, location, lieu, id, numero, no, n, nombre, semaine, week
    mois, month, annee, year, objectif, cible, campagne, budget, cout, remarque, remarques, note, notes
    commentaire, commentaires, stats, format, type, categorie, rubrique, pilier, all, weekday, rappel
""")
)

# What stands in a cell that has no answer yet.
DASHES = frozenset(_list("-, --, –, —, /, ., ?, ??, ???")) | {""}
NO_ANSWER = DASHES | frozenset(
    _list("""
    n/a, na, tbd, tba, tbc, aucun, aucune, none, sans date, a definir
    a determiner, a fixer, a planifier, a preciser, a voir
""")
)

MARKS = frozenset(_list("x, xx, ✓, ✔, ✔️, ☑, ☑️, ✅, v, o, oui, yes, y, 1, true, vrai, ok"))
NOT_MARKED = frozenset(_list("non, no, n, 0, false, faux, ❌, ✗, ✘, ☐")) | NO_ANSWER

BROKEN_FORMULAS = frozenset(
    _list("""
    #REF!, #N/A, #VALUE!, #NAME?, #DIV/0!, #NUM!, #NULL!, #NOM?, #VALEUR!, #NOMBRE!, #NUL!
""")
)
