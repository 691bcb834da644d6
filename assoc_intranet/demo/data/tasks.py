"""What they have to do: twenty tasks around today. `due`, `since` and `done` are days from today, back or ahead."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Task:
    """`people` were given it, `taker` took it; a step that starts with a + is done."""

    author: str
    title: str
    due: int | None = None
    people: tuple[str, ...] = ()
    taker: str | None = None
    status: str = "todo"
    since: int = 6
    done: int | None = None
    priority: int = 0
    notes: str = ""
    steps: tuple[str, ...] = ()
    post: str | None = None


TASKS = (
    # Late
    Task(
        "nadia", "Relancer la commune pour la salle 2", -2, ("nadia",), status="doing", since=12, priority=1,
        notes="Service des salles, le matin seulement. Demander aussi la clé du petit local.",
        steps=("+Écrire au service des salles", "Rappeler jeudi matin", "Signer la convention"),
    ),
    Task(
        "nadia", "Relire la convention avec la Ressourcerie", -4, ("gaetan",), status="check", since=15,
        notes="Surtout l'article 4 : qui répond d'un appareil qui retombe en panne ?",
    ),
    Task("rachid", "Commander des fusibles et du fil à souder", -1, taker="rachid", status="doing", since=8),
    Task(
        "bruno", "Trier les photos du dernier repair café", -3, ("bruno",), since=13, priority=-1,
        steps=("+Écarter les floues", "Vérifier qui a dit oui", "Choisir vingt images"),
        post="Le repair café en photos",
    ),
    # This week
    Task(
        "amina", "Écrire le mot de bienvenue de l'infolettre", 0, ("bruno",), status="doing", since=5,
        notes="Pour Zoé et Grzegorz : trois phrases suffisent.", post="Infolettre : le programme du mois",
    ),
    Task(
        "nadia", "Réserver la salle 2 pour la soirée film", 1, ("nadia",), status="doing", since=7,
        steps=("+Vérifier le calendrier de la Ville", "Envoyer le formulaire"), post="Ce soir, on projette",
    ),
    Task(
        "amina", "Mode d'emploi de la caisse du bar", 1, ("marie-antoinette",), status="check", since=16,
        steps=("+Compter le fond de caisse", "+Écrire la feuille du soir", "+Essayer à deux", "+Plastifier"),
    ),
    Task(
        "nadia", "Imprimer douze affiches A3", 2, priority=1, since=3,
        notes="Chez l'imprimeur de la rue de Fer : il garde le tarif des associations.",
        post="Le repair café revient samedi",
    ),
    Task(
        "ingrid", "Trouver un coude en zinc de 80", 2, taker="pol", status="doing", since=6,
        post="Récupérateur d'eau : où en est-on ?",
    ),
    # Later
    Task(
        "jean-baptiste", "Trouver un projecteur pour la soirée film", 4, taker="bruno", status="check", since=9,
        post="Soirée film mercredi : il reste douze places",
    ),
    Task("nadia", "Réparer l'enrouleur de l'atelier", 8, taker="henri", status="doing", since=4),
    Task(
        "nadia", "Dessiner le visuel du prochain repair café", 9, ("josiane",), status="doing", since=11,
        steps=("+Trois croquis", "En choisir un ensemble", "Mettre au propre"), post="C'est aujourd'hui : on répare",
    ),
    Task("lucette", "Photographier les plants de la grainothèque", 9, since=2, post="Mode d'emploi de la grainothèque"),
    Task("amina", "Étiqueter les sachets de graines", 12, ("lucette", "paulette"), since=10),
    Task("amina", "Demander un devis pour la gouttière", 15, ("yvan",), since=6),
    Task(
        "soufiane", "Faire le tour des prises de la salle 2", 11, since=5,
        steps=("Mur du fond", "Côté fenêtres", "Rallonges de l'armoire"),
    ),
    Task(
        "nadia", "Répondre aux messages Facebook", None, ("chloe", "josiane"), status="doing", since=20,
        notes="Une fois par jour, à deux, chacune sa semaine.",
        steps=("+Lundi", "+Mardi", "Mercredi", "Jeudi", "Vendredi"),
    ),
    # Done
    Task("amina", "Remercier la pépinière des Trois-Rives", -1, ("amina",), status="done", since=9, done=1),
    Task("soufiane", "Mettre à jour la page « Nous rejoindre »", taker="soufiane", status="done", since=14, done=2),
    Task("nadia", "Changer le cadenas de l'abri", -4, ("pol",), status="done", since=18, done=5),
)  # fmt: skip
