"""How the accounts of the association were written down, one evening."""

from datetime import time, timedelta
from functools import partial

from assoc_intranet.networks import rules as networks

from ..data.presences import ACCOUNTS, KEEPER, SINCE, Account
from ..story import Story


def tell(story: Story) -> None:
    evening = story.ago(SINCE, time(20, 15))
    for number, account in enumerate(ACCOUNTS):
        story.when(evening + timedelta(minutes=3 * number), partial(_write, story, account))


def _write(story: Story, account: Account) -> None:
    draft = networks.Draft(
        network=account.network,
        handle=story.words(account.handle),
        url=account.url,
        goal=account.goal,
        status=account.status,
        holder_ids=frozenset(story.cast[key].id for key in account.holders),
    )
    networks.write(story.cast[KEEPER], draft)
