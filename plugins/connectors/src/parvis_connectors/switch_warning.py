"""Warnings before the module is switched off: updates no longer read, deliveries that wait, map layers that go."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_connectors.switched import NAME, read_here, serves, towns_with
from parvis_connectors.unmatched_updates import count_open
from parvis_sdk.text import Text

UNREAD = Text(
    fr="Les mises à jour de ces systèmes ne seront plus lues\u00a0: {names}. Les événements leur seront "
    "toujours livrés.",
    en="Updates from these systems will no longer be read: {names}. Events will still be delivered to them.",
)
WAITING = Text(
    fr="Mises à jour non rattachées qui ne seront plus affichées sur aucune page\u00a0: {many}.",
    en="Unmatched updates that will no longer be shown on any page: {many}.",
)
LAYERS = Text(
    fr="Ces couches ne serviront plus ici\u00a0: {names}. Les fichiers de la Ville les remplaceront.",
    en="These layers will no longer be used here: {names}. The town’s files will replace them.",
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """Nothing where it is switched on, or is off already."""
    if state != "off" or town.code not in towns_with(host):
        return ()
    left = towns_with(host) - {town.code}
    here = [each for each in host.plugins.connectors.values() if serves(each, {town.code})]
    unread = [each.title for each in read_here(host) if not serves(each, left)]
    layers = sorted({layer for each in here for layer in each.layers})
    many = 0 if left else sum((await count_open()).values())
    found = [UNREAD.format(names=_listed(unread))] if unread else []
    found += [WAITING.format(many=many)] if many else []
    found += [LAYERS.format(names=", ".join(layers))] if layers else []
    return tuple(found)


def _listed(titles: list[Text]) -> Text:
    return Text(fr=", ".join(each.to("fr") for each in titles), en=", ".join(each.to("en") for each in titles))


WARNING = SwitchWarning(module=NAME, said=said_before)
