"""Checking a connector: are its settings whole, does its system answer, does it let us in; and a harmless trial."""

from parvis.connectors.asking import asked
from parvis.plugins.trying import Failure
from parvis.requests.heart import Heart
from parvis_sdk.connectors import Check, Checked, Connector, Trial
from parvis_sdk.text import Text

NO_TRIAL = Text(fr="ce connecteur n’a rien à essayer", en="this connector has nothing to try out")
NO_CHECK = Text(fr="Ce connecteur ne sait pas se vérifier.", en="This connector cannot check itself.")
FAILED = Text(fr="La vérification n’a pas abouti\u00a0: {what}", en="The check did not come to an end: {what}")


async def check(heart: Heart, connector: Connector) -> tuple[Checked, ...]:
    """The answers of the connector, and what the host saw itself."""
    if connector.check is None:
        return (Checked(code="settings", ok=True, said=NO_CHECK),)
    wanted: Check = connector.check
    tried = await asked(heart, connector, "check", lambda connection: wanted(connection))
    if isinstance(tried, Failure):
        return (Checked(code="reachable", ok=False, said=FAILED.format(what=tried.what)),)
    return tuple(tried.value)


async def try_out(heart: Heart, connector: Connector) -> str | Failure:
    """Send something harmless; what came back, or how it failed."""
    if connector.trial is None:
        return Failure(kind="refused", what=NO_TRIAL)
    wanted: Trial = connector.trial
    tried = await asked(heart, connector, "trial", lambda connection: wanted(connection))
    return tried if isinstance(tried, Failure) else str(tried.value)[:2000]
