"""Warnings before the module is switched off: the services that open again, and the advice that is no longer shown."""

from collections.abc import Iterable

from parvis import clock
from parvis.jurisdictions import Jurisdiction
from parvis.requests.advice import Notice, notices_in_files, notices_of
from parvis.requests.host import Host
from parvis.requests.module_use import SwitchWarning
from parvis.switches import State
from parvis_sdk.text import Text

OPENS = Text(
    fr="Ces avis ne fermeront plus de service et ne dirigeront plus personne ailleurs. Il sera de "
    "nouveau possible d’envoyer ces requêtes\u00a0: {names}.",
    en="These notices will no longer close a service or send people elsewhere. People will be able "
    "to file these requests again: {names}.",
)
UNSAID = Text(
    fr="Ces avis ne seront plus affichés\u00a0: {names}.", en="These notices will no longer be shown: {names}."
)


async def said_before(host: Host, town: Jurisdiction, state: State, asker: str) -> tuple[Text, ...]:
    """Nothing where it is switched on, or is off already."""
    if state != "off":
        return ()
    ours = {each.code for each in notices_in_files(host, town)}
    standing = [each for each in notices_of(host, town, clock.now()) if each.code in ours]
    informing = [each for each in standing if each.kind == "inform"]
    closing = [each for each in standing if each.kind != "inform"]
    return tuple(
        words.format(names=_titles(those)) for words, those in ((OPENS, closing), (UNSAID, informing)) if those
    )


def _titles(notices: Iterable[Notice]) -> Text:
    titles = [each.title for each in notices]
    return Text(fr=", ".join(each.fr for each in titles), en=", ".join(each.to("en") for each in titles))


WARNING = SwitchWarning(module="advisories", said=said_before)
