"""What needs a person, as values: found by those who know of it, sent by those who alert."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import timedelta

from msgspec import Struct

from parvis.outbox.deliveries import CONNECTOR
from parvis.requests.host import Host
from parvis_sdk.text import Text

LASTING = timedelta(hours=1)
PAUSED = Text(
    fr="{who}\u00a0: en pause, aucune livraison ne lui est faite avant une reprise manuelle",
    en="{who}: paused, nothing is delivered to it until someone resumes it",
)


class Matter(Struct, frozen=True, kw_only=True):
    """Something that needs a person once it has lasted for `after`; `page` is where it is seen.

    One that `rests` is not looked at for now, such as a system that no town asks: it is neither told nor over.
    Its `owner`, which declares it, is filled in when it is asked.
    """

    key: str
    said: Text
    page: str
    after: timedelta = timedelta()
    rests: bool = False
    owner: str = ""


class AlertSource(Struct, frozen=True, kw_only=True):
    """What a module knows of that may need a person."""

    matters: Callable[[Host], Awaitable[Sequence[Matter]]]


def name_of(host: Host, subscriber: str) -> Text:
    """The title of a connector, the name of any other subscriber."""
    connector = host.plugins.connectors.get(subscriber.removeprefix(CONNECTOR))
    return connector.title if connector and subscriber.startswith(CONNECTOR) else Text(fr=subscriber, en=subscriber)
