"""Believable stories of requests for a demo town: the same ones for the same seed, made of nothing but data files."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from random import Random
from typing import Any

import msgspec

from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import FoundAddress
from parvis.jurisdictions.layers import ASSETS
from parvis.jurisdictions.owners import owner_of
from parvis.jurisdictions.places import locate
from parvis_address_search.address_book import AddressBook
from parvis_address_search.addresses import Address
from parvis_address_search.town_addresses import ADDRESSES
from parvis_demo.courses import Step, course_of
from parvis_demo.invented import Person, invent_person
from parvis_demo.moments import choose_channel, choose_moment, choose_type
from parvis_demo.sentences import Sentences, Spot, Voice, all_lines
from parvis_sdk.requests import Channel, IdentityMode

MODES: dict[str, tuple[tuple[IdentityMode, int], ...]] = {
    "noise": (("confidential", 1),),
    "animal_nuisance": (("confidential", 2), ("named", 3)),
    "service_complaint": (("named", 4), ("confidential", 1)),
    "tree_felling": (("named", 1),),
    "construction": (("named", 1),),
}
USUAL_MODES: tuple[tuple[IdentityMode, int], ...] = (("named", 4), ("anonymous", 1))
SPREAD = 0.00018  # degrees around an address within which a thing lies: some fifteen metres


class Story(msgspec.Struct, frozen=True, kw_only=True):
    """One request from its first word to where it stands: what was written, where, by whom, and what happened next."""

    type: str
    language: str
    channel: Channel
    submitted_at: datetime
    words: str
    facts: dict[str, Any] = {}
    lon: float
    lat: float
    address: str
    mode: IdentityMode
    name: str
    email: str
    phone: str
    steps: tuple[Step, ...] = ()
    photos: int = 0
    followers: tuple[str, ...] = ()
    occurrences: tuple[tuple[datetime, str], ...] = ()
    home: str = ""
    asset: str = ""

    @property
    def requester(self) -> dict[str, Any]:
        """As the counter reads it."""
        kept = {"email": self.email, "phone": self.phone}
        if self.mode != "anonymous":
            kept["name"] = self.name
        return {"mode": self.mode, **{key: value for key, value in kept.items() if value}}


def stories(seed: int, now: datetime, jurisdiction: Jurisdiction, count: int = 400) -> tuple[Story, ...]:
    """`count` stories of the last nine months of a town, in order of time."""
    chance = Random(f"{seed} {jurisdiction.code}")  # noqa: S311 - invented data, no secret
    sentences = Sentences(chance)
    kinds = [kind for plugin, kinds in all_lines().items() if jurisdiction.allows_plugin(plugin) for kind in kinds]
    told = [one_story(chance, sentences, kinds, now, jurisdiction) for _ in range(count)]
    return tuple(sorted(told, key=lambda story: story.submitted_at))


def one_story(
    chance: Random, sentences: Sentences, kinds: list[str], now: datetime, jurisdiction: Jurisdiction
) -> Story:
    kind = choose_type(chance, kinds)
    submitted = choose_moment(chance, kind, now, jurisdiction.calendar)
    channel = choose_channel(chance, submitted, jurisdiction.calendar)
    language = "en" if "en" in jurisdiction.languages and chance.random() < 0.14 else "fr"
    spot, lon, lat, asset = choose_spot(chance, kind, jurisdiction)
    modes = MODES.get(kind, USUAL_MODES)
    mode = chance.choices([mode for mode, _ in modes], [weight for _, weight in modes])[0]
    person = invent_person(chance)
    by_phone_only = channel == "phone" and chance.random() < 0.35
    voice = sentences.voice(kind, language)
    steps = course_of(chance, voice, submitted, now, jurisdiction.calendar)
    return Story(
        type=kind,
        language=language,
        channel=channel,
        submitted_at=submitted,
        words=sentences.request(voice, spot, submitted),
        facts={"side": side_of(spot.number), **voice.facts},
        lon=lon,
        lat=lat,
        address=spot.address,
        mode=mode,
        name=person.name,
        email="" if by_phone_only else reachable_by(chance, mode, person),
        phone=person.phone if by_phone_only or chance.random() < 0.5 else "",
        steps=steps,
        photos=photos_for(chance, kind, channel),
        followers=tuple(invent_person(chance).email for _ in range(followers_for(chance, kind))),
        occurrences=occurrences_for(chance, voice, submitted, steps, now),
        home=chance.choice(addresses_of(jurisdiction)).text,
        asset=asset,
    )


def side_of(number: str) -> str:
    """On which side of its street a civic number stands."""
    return "even" if number.rstrip("ABCDabcd")[-1:] in "02468" else "odd"


def reachable_by(chance: Random, mode: IdentityMode, person: Person) -> str:
    """Requesters with a name leave an address; of the others every second one does."""
    return person.email if mode != "anonymous" or chance.random() < 0.5 else ""


def choose_spot(chance: Random, kind: str, jurisdiction: Jurisdiction) -> tuple[Spot, float, float, str]:
    """A real address of the town, or a piece of its equipment and the address nearest to it; never what is not ours."""
    layer = ASSETS.of(jurisdiction).get("equipment") if kind == "park_equipment" else None
    for _ in range(200):
        asset = chance.choice(layer.assets) if layer and layer.assets else None
        if asset:
            found = ADDRESSES.of(jurisdiction).nearest(asset.lon, asset.lat, 400)
            lon, lat = asset.lon, asset.lat
        else:
            address = chance.choice(addresses_of(jurisdiction))
            found = FoundAddress(text=address.text, lon=address.lon, lat=address.lat)
            lon, lat = (at + chance.uniform(-SPREAD, SPREAD) for at in (address.lon, address.lat))
        ours = locate(jurisdiction, lon, lat).inside and owner_of(jurisdiction, kind, lon, lat) is None
        if found and ours and "," in found.text:
            return Spot.at(found.text), round(lon, 6), round(lat, 6), asset.code if asset else ""
    raise ValueError(f"{jurisdiction.code} has too few addresses for stories")


def photos_for(chance: Random, kind: str, channel: str) -> int:
    if channel not in ("portal", "email") or kind in ("noise", "service_complaint"):
        return 0
    return chance.choices((0, 1, 2), (55, 35, 10))[0]


def followers_for(chance: Random, kind: str) -> int:
    return chance.choices((0, 1, 2, 4), (80, 11, 6, 3))[0] if kind in all_lines()["reports"] else 0


def occurrences_for(
    chance: Random, voice: Voice, submitted: datetime, steps: tuple[Step, ...], now: datetime
) -> tuple[tuple[datetime, str], ...]:
    """New times the same thing happened, while the complaint was still open."""
    if not voice.lines.get("occurrence"):
        return ()
    until = min(now, steps[-1].at if steps else now)
    times = [submitted + timedelta(hours=chance.uniform(12, 200)) for _ in range(chance.choice((0, 0, 1, 2)))]
    return tuple((at, voice.line("occurrence")) for at in sorted(times) if at < until)


def addresses_of(jurisdiction: Jurisdiction) -> Sequence[Address]:
    """Every address of a town whose files were read."""
    book = ADDRESSES.of(jurisdiction)
    return book.addresses if isinstance(book, AddressBook) else ()
