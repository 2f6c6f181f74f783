"""Every hour what is due and approved is destroyed."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.requests.host import Host
from parvis_disposal.destruction import forget_due
from parvis_sdk.text import Text

TITLE = Text(
    fr="Destruction des renseignements personnels à échéance", en="Destruction of personal information past retention"
)


def chores_of(host: Host) -> tuple[Chore, ...]:
    """The one chore there is; it goes by the date, so it rests while the clock is in doubt."""
    return (Chore(name="retention", every=timedelta(hours=1), work=partial(forget, host), title=TITLE),)


async def forget(host: Host) -> int:
    """Destroy what was approved; how many requests were stripped of personal data."""
    return len(await forget_due(host))
