"""Where the association is present, as Nadia wrote it down: name, address, posts a week it wishes for, who holds it."""

from dataclasses import dataclass

KEEPER, SINCE = "nadia", 500
SITE = "https://beche-tournevis.example"


@dataclass(frozen=True)
class Account:
    network: str
    handle: str
    url: str
    goal: float
    holders: tuple[str, ...]
    status: str = "active"


# The addresses lead nowhere: accounts of these names might be somebody's one day.
ACCOUNTS = (
    Account("facebook", "La Bêche & le Tournevis", f"{SITE}/facebook", 2, ("nadia", "josiane")),
    Account("instagram", "@beche.tournevis", f"{SITE}/instagram", 1, ("chloe", "nadia")),
    Account("mastodon", "@beche@mastodon.example", "https://mastodon.example/@beche", 1, ("soufiane", "bruno")),
    Account("linkedin", "La Bêche & le Tournevis asbl", f"{SITE}/linkedin", 0.5, ("gaetan",)),
    Account("newsletter", "La lettre du samedi", f"{SITE}/lettre", 0.25, ("nadia",)),
    Account("site", "beche-tournevis.example", SITE, 0.5, ("soufiane",)),
    Account("youtube", "@bechetournevis", f"{SITE}/youtube", 0.25, ("patrick",), status="dormant"),
)
