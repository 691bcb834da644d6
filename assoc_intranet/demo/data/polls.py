"""What they decide together: six votes, of every kind, some closed, some open, one not yet put."""

from dataclasses import dataclass, field
from datetime import time

YES, NO, ABSTAIN = "yes", "no", "abstain"
OPENING = time(18, 5)
Spot = tuple[int, int, time]


@dataclass(frozen=True)
class Poll:
    """`opened` and `closes` are days from today. `ballots` has who chose what; for dates, a mark for each
    in order: + yes, ~ if need be, - no. `picked` are the only ones who vote, where it is not everyone.
    """

    author: str
    question: str
    opened: int | None
    closes: int
    hour: time
    kind: str = "yesno"
    results: str = "always"
    text: str = ""
    answers: tuple[str, ...] = ()
    dates: tuple[Spot, ...] = ()
    most: int = 1
    picked: tuple[str, ...] = ()
    ballots: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, str] = field(default_factory=dict)


POLLS = (
    Poll(
        "marie-antoinette", "Achetons-nous une bâche neuve pour la serre ?", -24, -15, time(20),
        text="""Celle-ci a neuf ans et trois rustines. Une bâche de 6 mètres coûte 210 €, posée par nous.
        La caisse le permet, à condition de reporter l'achat de la deuxième perceuse.""",
        ballots={
            YES: "amina henri josiane pol lucette nadia bruno ingrid chloe fatoumata yvan aurelie paulette",
            NO: "gaetan rachid soufiane",
            ABSTAIN: "marie-antoinette jean-baptiste",
        },
        reasons={
            "rachid": "La perceuse d'abord : on l'attend depuis deux ans.",
            "lucette": "Sans bâche, pas de plants au printemps.",
            "marie-antoinette": "Je tiens la caisse, je préfère ne pas peser.",
        },
    ),
    Poll(
        "chloe", "Comment appeler la troisième poule ?", -12, -5, time(19), kind="single", results="close",
        text="Blanquette et Mobylette attendent de connaître leur colocataire. Un seul nom, et l'on s'y tient.",
        answers=("Georgette", "Omelette", "Brouette", "Courgette"),
        ballots={
            "Georgette": "amina josiane pol lucette chloe ingrid paulette bruno",
            "Omelette": "henri soufiane",
            "Brouette": "nadia yvan rachid elodie jean-baptiste",
            "Courgette": "fatoumata aurelie",
        },
        reasons={"henri": "Au moins, c'est clair."},
    ),
    Poll(
        "gaetan", "Utilisez-vous le don en ligne ?", -6, 5, time(20), kind="single",
        text="""Avant de mettre un bouton « Faire un don » sur le site, nous voudrions savoir si
        nous-mêmes, nous nous en servons quand nous soutenons d'autres associations.""",
        answers=("Oui, souvent", "Cela m'est arrivé", "Non, je préfère le virement", "Non, jamais"),
        ballots={
            "Oui, souvent": "soufiane elodie chloe",
            "Cela m'est arrivé": "nadia aurelie ingrid jean-baptiste fatoumata",
            "Non, je préfère le virement": "marie-antoinette henri josiane lucette",
            "Non, jamais": "pol",
        },
        reasons={
            "pol": "La boîte en fer près de la porte marche très bien.",
            "elodie": "Cinq euros par mois à deux associations : on n'y pense plus et cela compte.",
        },
    ),
    Poll(
        "nadia", "Quels ateliers au prochain trimestre ?", -3, 2, time(18), kind="multiple", results="after",
        text="Trois ateliers au plus : ce sont les samedis qui manquent, pas les idées.",
        answers=(
            "Changer une roue de vélo",
            "Premiers points à la machine",
            "Souder sans se brûler",
            "Greffer un fruitier",
            "Installer un logiciel libre",
            "Aiguiser couteaux et sécateurs",
        ),
        most=3,
        ballots={
            "Changer une roue de vélo": "amina yvan elodie bruno rachid aurelie",
            "Premiers points à la machine": "amina josiane fatoumata elodie paulette aurelie",
            "Souder sans se brûler": "henri rachid gaetan",
            "Greffer un fruitier": "amina lucette ingrid yvan bruno paulette",
            "Installer un logiciel libre": "gaetan bruno",
            "Aiguiser couteaux et sécateurs": "henri lucette ingrid paulette josiane",
        },
    ),
    Poll(
        "amina", "Quel soir pour la réunion des bénévoles ?", -2, 6, time(12), kind="date",
        text="Deux heures au plus, ordre du jour à la salle, tarte à la fin.",
        dates=((2, 0, time(19, 30)), (2, 1, time(19, 30)), (2, 3, time(18)), (3, 2, time(19, 30))),
        ballots={
            "nadia": "+~-+", "henri": "++--", "josiane": "-+++", "marie-antoinette": "++~+", "lucette": "~+-+",
            "soufiane": "--++", "ingrid": "+~-+", "gaetan": "++~-", "paulette": "~+++", "elodie": "-~++",
        },
    ),
    Poll(
        "gaetan", "Ouvrir l'atelier un mercredi sur deux ?", None, 14, time(20), results="close",
        text="""Pour les parents, le mercredi après-midi ; pour les bénévoles, une permanence de plus. À
        mettre aux voix une fois la salle confirmée, entre celles et ceux qui tiennent l'atelier.""",
        picked=("henri", "josiane", "rachid", "yvan", "gaetan", "soufiane", "bruno", "jean-baptiste"),
    ),
)  # fmt: skip
