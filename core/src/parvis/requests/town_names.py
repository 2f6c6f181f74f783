"""What the things are called that the rule sets of a town name: its units, zones, types, owners, people."""

from collections.abc import Iterable, Mapping

from babel import lists
from msgspec import Struct

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.owners import OWNERS
from parvis.requests.host import Host
from parvis.requests.offered import types_of
from parvis_sdk.fields import AnyField
from parvis_sdk.request_types import RequestType
from parvis_sdk.text import Text

CHANNELS = {
    "portal": Text(fr="portail", en="portal"),
    "phone": Text(fr="téléphone", en="phone"),
    "counter": Text(fr="comptoir", en="counter"),
    "email": Text(fr="courriel", en="email"),
    "sms": Text(fr="message texte", en="text message"),
    "mail": Text(fr="courrier", en="mail"),
    "api": Text(fr="API", en="API"),
    "open311": Text(fr="Open311", en="Open311"),
}


class Names(Struct, frozen=True, kw_only=True):
    """What the things that rules name are called in a town."""

    town: Jurisdiction
    types: Mapping[str, RequestType]
    people: Mapping[str, str] = {}

    def type(self, code: str) -> Text:
        return self.types[code].title if code in self.types else Text(fr=code)

    def theme(self, code: str) -> Text:
        return next(
            (request_type.theme.title for request_type in self.types.values() if request_type.theme.code == code),
            Text(fr=code),
        )

    def zone(self, code: str) -> Text:
        zone = self.town.zone(code)
        return zone.name if zone else Text(fr=code)

    def unit(self, code: str) -> Text:
        unit = self.town.unit(code)
        return unit.name if unit else Text(fr=code)

    def owner(self, code: str) -> Text:
        return next((owner.name for owner in OWNERS.of(self.town) if owner.code == code), Text(fr=code))

    def question(self, code: str, among: tuple[str, ...] = ()) -> AnyField | None:
        """The question of that code: of one of these types, if any are named."""
        request_types = [
            request_type for request_type in self.types.values() if not among or request_type.code in among
        ]
        return next(
            (field for request_type in request_types if (field := request_type.form.field(code)) is not None), None
        )


def names_in(host: Host, town: Jurisdiction, people: Mapping[str, str] | None = None) -> Names:
    """The same with the names of the people who work there, by their ids, where they may be told."""
    return Names(
        town=town, types={request_type.code: request_type for request_type in types_of(host, town)}, people=people or {}
    )


def joined(texts: Iterable[Text]) -> Text:
    """Several texts one after the other in each language."""
    every = tuple(texts)
    return Text(fr=", ".join(each.fr for each in every), en=", ".join(each.to("en") for each in every))


def either(texts: Iterable[Text]) -> Text | None:
    """One of several; None of none."""
    every = tuple(texts)
    if not every:
        return None
    return Text(
        fr=lists.format_list([each.fr for each in every], "or", "fr_CA"),
        en=lists.format_list([each.to("en") for each in every], "or", "en_CA"),
    )
