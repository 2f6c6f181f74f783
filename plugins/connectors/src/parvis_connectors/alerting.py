"""What of other systems needs a person: one that is paused or cannot be asked, news that nobody could place."""

from collections.abc import Iterable

from parvis.alert_matters import LASTING, PAUSED, AlertSource, Matter, name_of
from parvis.outbox import circuits
from parvis.outbox.deliveries import CONNECTOR
from parvis.requests.host import Host
from parvis_connectors.plugin_chores import resting_here
from parvis_connectors.plugin_days import usages
from parvis_connectors.polling import readings
from parvis_connectors.switched import read_here, serves, towns_with
from parvis_connectors.unmatched_updates import count_open
from parvis_sdk.text import Text

POLL = Text(fr="{who}\u00a0: aucune réponse depuis plus d’une heure", en="{who}: no response for over an hour")
STRAYS = Text(fr="{who}\u00a0: mises à jour non rattachées\u00a0: {many}", en="{who}: unmatched updates: {many}")

RESTING = Text(
    fr="{who}\u00a0: suspendue, après avoir interrompu deux fois de suite le processus de travail",
    en="{who}: suspended after ending its worker process twice in a row",
)

BEYOND = Text(fr="{who}\u00a0: cette extension dépasse son budget", en="{who}: this plugin is over budget")


async def matters(host: Host) -> list[Matter]:
    """Everything that may need a person, with the page of its connector."""
    return [
        *await _paused(host),
        *await _silent(host),
        *await _strays(host),
        *await _resting(host),
        *await _beyond(host),
    ]


async def _paused(host: Host) -> Iterable[Matter]:
    """As the core says it, with the page where it is resumed."""
    return [
        Matter(
            key=f"paused:{subscriber}",
            said=PAUSED.format(who=name_of(host, subscriber)),
            page=f"connecteurs/{subscriber.removeprefix(CONNECTOR)}",
        )
        for subscriber in await circuits.pauses()
    ]


async def _silent(host: Host) -> Iterable[Matter]:
    """One that no town asks any more rests: it neither answers nor fails."""
    asked = {each.name for each in read_here(host)}
    return [
        Matter(
            key=f"poll:{name}",
            said=POLL.format(who=name_of(host, f"{CONNECTOR}{name}")),
            page=f"connecteurs/{name}",
            after=LASTING,
            rests=name not in asked,
        )
        for name, each in (await readings()).items()
        if each.failures and name in host.plugins.connectors
    ]


async def _strays(host: Host) -> Iterable[Matter]:
    """News that no page shows, as the towns of its connector have switched the module off, rests."""
    there = towns_with(host)
    return [
        Matter(
            key=f"strays:{name}",
            said=STRAYS.format(who=name_of(host, f"{CONNECTOR}{name}"), many=many),
            page=f"egarees?connecteur={name}",
            rests=(connector := host.plugins.connectors.get(name)) is not None and not serves(connector, there),
        )
        for name, many in (await count_open()).items()
    ]


async def _resting(host: Host) -> Iterable[Matter]:
    """Chores of plugins that wait for a person."""
    return [
        Matter(key=f"chore:{each.name}", said=RESTING.format(who=each.title), page="extensions")
        for each in await resting_here(host)
    ]


async def _beyond(host: Host) -> Iterable[Matter]:
    """Plugins that use more than their budget."""
    return [
        Matter(key=f"budget:{each.plugin}", said=BEYOND.format(who=each.plugin), page="extensions")
        for each in await usages(host)
        if each.beyond
    ]


ALERTS = AlertSource(matters=matters)
