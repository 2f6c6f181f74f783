"""Every hour access tokens and secrets that are over are forgotten."""

from datetime import timedelta
from functools import partial

from parvis import clock
from parvis.chores import Chore
from parvis.db import transaction
from parvis.people.tokens import drop_keys
from parvis.requests.host import Host
from parvis_api_access.tables import ClientSecret
from parvis_sdk.text import Text

TITLE = Text(fr="Suppression des jetons et des secrets échus", en="Removal of expired access tokens and secrets")
KEPT = timedelta(days=30)  # so that an operator sees what ended


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is; it goes on where the module is switched off, as what was given ends all the same."""
    work = partial(forget, host)
    return (Chore(name="access_tokens", every=timedelta(hours=1), work=work, title=TITLE, also_off=True),)


async def forget(host: Host) -> int:
    """How many keys and secrets were forgotten."""
    now = clock.now()
    dropped = await drop_keys(host.engine, now - timedelta(days=1))
    async with transaction(host.engine):
        rows = await ClientSecret.delete().where(ClientSecret.ends_at < now - KEPT).returning(ClientSecret.digest)
    return dropped + len(rows)
