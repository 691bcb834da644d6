"""Who they are: twenty-five people of an association that does not exist. `key` is who the other pages call them."""

from dataclasses import dataclass

ASSOCIATION = "La Bêche & le Tournevis"
# A domain that nobody can own: no mail ever reaches a living person, and no living person has such an address.
DOMAIN = "beche-tournevis.example"


@dataclass(frozen=True)
class Person:
    """`since` and `left` are days ago."""

    key: str
    name: str
    since: int
    role: str = "member"
    is_admin: bool = False
    may_vote: bool = True
    left: int | None = None

    @property
    def email(self) -> str:
        return f"{self.key}@{DOMAIN}"


FOUNDER = Person("amina", "Amina Benali", 1130, role="coordinator", is_admin=True)

OTHERS = (
    Person("henri", "Henri Wautelet", 1128),
    Person("marie-antoinette", "Marie-Antoinette Vandenbroucke-Delvaux", 1127),
    Person("josiane", "Josiane Piérard", 1121),
    Person("pol", "Pol Dumoulin", 1095),
    Person("lucette", "Lucette Gérard", 1002),
    Person("patrick", "Patrick Ronveaux", 948, left=33),
    Person("soufiane", "Soufiane El Idrissi", 871, is_admin=True),
    Person("nadia", "Nadia Verhaegen", 702, role="coordinator"),
    Person("bruno", "Bruno Lambert", 688),
    Person("gaetan", "Gaëtan Lejeune", 655, role="coordinator"),
    Person("ingrid", "Ingrid Claes", 590),
    Person("chloe", "Chloé Dethier", 512),
    Person("fatoumata", "Fatoumata Diallo", 431),
    Person("jean-baptiste", "Jean-Baptiste Mukendi", 402),
    Person("diego", "Diego Fuentes", 377, role="observer", may_vote=False),
    Person("yvan", "Yvan Petit", 340),
    Person("aurelie", "Aurélie Simonis", 288),
    Person("paulette", "Paulette Hanot", 251),
    Person("rachid", "Rachid Ouali", 190),
    Person("elodie", "Élodie Marchandise", 144),
    Person("mehdi", "Mehdi Aït Taleb", 96, role="observer", may_vote=False),
    Person("grzegorz", "Grzegorz Nowak", 58, may_vote=False),
    Person("zoe", "Zoé Collignon", 27, may_vote=False),
    Person("thibault", "Thibault Noël", 12, role="observer", may_vote=False),
)

# Through whose eyes to look around: one person for each thing one can be.
ENTRANCES = {"observer": "diego", "member": "bruno", "coordinator": "nadia", "admin": "amina"}
