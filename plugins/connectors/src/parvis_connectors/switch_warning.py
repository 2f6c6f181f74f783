"""What whoever switches the module off must know first: news that is not read any more, what waits, layers that go."""

from parvis.jurisdictions import Jurisdiction
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_connectors.switched import NAME, read_here, serves, towns_with
from parvis_connectors.unmatched_updates import count_open
from parvis_sdk.text import Text

UNREAD = Text(
    fr="Les nouvelles de ces systèmes ne seront plus lues\u00a0: {names}. Les événements leur sont toujours livrés.",
    en="The news of these systems will not be read any more: {names}. Events are still delivered to them.",
)
WAITING = Text(
    fr="Nouvelles sans requête qui attendent quelqu’un et que plus aucune page ne montrera\u00a0: {many}.",
    en="News without a request that waits for somebody and that no page will show any more: {many}.",
)
LAYERS = Text(
    fr="Ces couches ne serviront plus ici\u00a0: {names}. Ce que disent les fichiers de la Ville vaut à leur place.",
    en="These layers will not be used here any more: {names}. What the files of the town say holds in their place.",
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
