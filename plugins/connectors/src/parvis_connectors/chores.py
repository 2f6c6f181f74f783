"""What is done again and again: old calls and old changes of layers go, and what plugins do."""

from datetime import timedelta
from functools import partial

from parvis.chores import Chore
from parvis.http_client import Clients
from parvis.requests.host import Host
from parvis_connectors import exchanges, layers, plugin_days, signed_calls
from parvis_connectors.plugin_chores import chores_of_plugins
from parvis_sdk.text import Text


def chores_of(host: Host) -> tuple[Chore, ...]:
    """What is kept goes in its time, on or off; chores of plugins are done for the towns that have the module."""
    days = host.of(Clients).outgoing.log_days
    return (
        Chore(
            name="exchanges",
            every=timedelta(hours=1),
            work=partial(exchanges.sweep, host.engine, days),
            title=Text(
                fr="Suppression des anciens appels à d’autres systèmes", en="Removal of old calls to other systems"
            ),
            also_off=True,
        ),
        Chore(
            name="layers",
            every=timedelta(hours=6),
            work=partial(layers.sweep, host.engine),
            title=Text(fr="Suppression des anciens changements des couches", en="Removal of old layer changes"),
            also_off=True,
        ),
        Chore(
            name="calls",
            every=timedelta(hours=6),
            work=partial(signed_calls.sweep, host.engine),
            title=Text(fr="Suppression des anciens appels à des extensions", en="Removal of old plugin calls"),
            also_off=True,
        ),
        Chore(
            name="plugin_days",
            every=timedelta(hours=6),
            work=partial(plugin_days.sweep, host.engine),
            title=Text(
                fr="Suppression des anciens totaux d’usage des extensions", en="Removal of old plugin usage totals"
            ),
            also_off=True,
        ),
        *chores_of_plugins(host),
    )
