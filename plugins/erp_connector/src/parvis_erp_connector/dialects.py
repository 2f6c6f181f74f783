"""The dialects by the word that settings use for them: a third one is a file of its own and a line here."""

from collections.abc import Callable

from parvis_erp_connector import business_central, tryton
from parvis_erp_connector.port import Opened
from parvis_erp_connector.settings import Kind, Settings, System
from parvis_sdk.oauth import secret_in

DIALECTS: dict[Kind, Callable[[System, Callable[[], str]], Opened]] = {
    "tryton": tryton.opened,
    "business_central": business_central.opened,
}


def opened(settings: Settings, name: str) -> Opened:
    """What opens the system of that name during each call of the host."""
    system = settings.systems[name]
    return DIALECTS[system.kind](system, secret_in(settings.secrets.get(name, ""), system.secret_file))
