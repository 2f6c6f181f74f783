"""What the module answers to the core's hooks: tokens that expire soon, for alerts to operators."""

from datetime import timedelta

from parvis import clock
from parvis.alert_matters import AlertSource, Matter
from parvis.people.tokens import MachineToken, tokens
from parvis.requests.host import Host
from parvis_sdk.text import Text

SOON = timedelta(days=14)
ENDS = Text(
    fr="jeton «\u00a0{name}\u00a0»\u00a0: expire le {day}, renouvelez-le avant",
    en="token “{name}”: expires on {day}, renew it before",
)


async def ending_soon(host: Host) -> tuple[MachineToken, ...]:
    """Tokens and clients that are in use and end within two weeks, the first to end first."""
    now = clock.now()
    found = [
        (each.ends_at, each)
        for each in await tokens(host.engine)
        if not each.revoked and each.ends_at is not None and now < each.ends_at <= now + SOON
    ]
    return tuple(each for _, each in sorted(found, key=lambda one: one[0]))


async def matters(host: Host) -> list[Matter]:
    """One for each token that ends soon, with its page."""
    return [
        Matter(
            key=f"token:{each.handle}:{each.ends_at:%Y-%m-%d}",
            said=ENDS.format(name=each.name, day=f"{each.ends_at:%Y-%m-%d}"),
            page=f"jetons/{each.handle}",
        )
        for each in await ending_soon(host)
    ]


ALERTS = AlertSource(matters=matters)
