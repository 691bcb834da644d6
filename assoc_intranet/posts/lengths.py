"""How long a post is on each network, and which networks stand in its way: pure arithmetic on texts."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from flask_babel import ngettext

from assoc_intranet.networks.counting import Measure, measure
from assoc_intranet.networks.kinds import KINDS

Limits = Mapping[str, int | None]


@dataclass(frozen=True)
class Variation:
    """The text of one network: `own` is None where it follows the common one."""

    network: str
    own: str | None
    measure: Measure


def variations(networks: Iterable[str], common: str, own: Mapping[str, str | None], limits: Limits) -> list[Variation]:
    """The text of each network with its length; `limits` has the ones that the association changed."""
    found = []
    for network in networks:
        text = own.get(network)
        found.append(Variation(network, text, length(network, common if text is None else text, limits)))
    return found


def length(network: str, text: str, limits: Limits) -> Measure:
    return measure(network, text, limit=limits[network]) if network in limits else measure(network, text)


def too_long(variations: Iterable[Variation]) -> list[Variation]:
    """Those that their network would refuse."""
    return [v for v in variations if not v.measure.ok and KINDS[v.network].enforce == "block"]


def obstacles(variations: Iterable[Variation]) -> list[str]:
    """Why the post cannot be approved yet, a sentence for each network that would refuse it."""
    return [
        ngettext(
            "To approve: %(num)s character to remove for %(network)s.",
            "To approve: %(num)s characters to remove for %(network)s.",
            max(1, v.measure.used - (v.measure.limit or v.measure.used)),
            network=KINDS[v.network].name,
        )
        for v in too_long(variations)
    ]
