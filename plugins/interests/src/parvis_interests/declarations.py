"""Conflicts of interest declared ahead: what somebody must have nothing to do with, and whether a request concerns it.

From whom a request is kept stands in its row from its first moment (`kept_from`), so that the one rule of reach obeys
it in memory and in the database alike; nothing else asks about declarations.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import insert_values
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.jurisdictions.addresses import AddressBase, Addresses
from parvis.jurisdictions.shapes import metres_between
from parvis.jurisdictions.street_words import DIRECTIONS, LETTERS, MEANINGS, SAYING_LITTLE, STREET_KINDS
from parvis.requests.host import Host
from parvis.requests.places import MOST_SEARCHED
from parvis.requests.records import Record
from parvis_interests.tables import DeclaredInterest as InterestTable
from parvis_sdk.cleaning import clean
from parvis_sdk.fields import Address, AnyField, Email, Group, LongText, Phone, PlaceField, ShortText
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sdk.text_normalisation import words_of

Kind = Literal["address", "street", "person", "organisation"]
KINDS: tuple[Kind, ...] = ("address", "street", "person", "organisation")
MOST_WORDS, MOST_REASON, MOST_OF_ONE = 200, 500, 100
SAME_HOUSE = 25.0  # metres between a point and an address that is meant by it
PHONE = 10  # digits by which two numbers are the same
TITLES = frozenset({"m", "mr", "mrs", "ms", "mme", "mlle", "dr", "dre", "me"})
LEGAL_FORMS = frozenset({
    "inc", "incorporated", "incorporee", "ltee", "limitee", "ltd", "limited", "enr", "enrg", "corp", "corporation",
    "cie", "co", "llc", "llp", "senc", "sencrl", "sec", "spa", "srl",
})  # fmt: skip
ARTICLES = frozenset({"le", "la", "les", "l", "the"})
INSIDE = frozenset({"app", "apt", "appartement", "apartment", "bureau", "suite", "unite", "unit", "local"})
PLAIN = MEANINGS | {one: (word,) for one, word in LETTERS.items()} | {"st": ("saint",)}
NO_NUMBER = Text(fr="Indiquez une adresse avec un numéro.", en="Enter an address with its number.")
NO_STREET = Text(fr="Indiquez le nom d’une rue.", en="Enter the name of a street.")
NO_NAME = Text(
    fr="Indiquez un prénom et un nom, un courriel ou un numéro de téléphone.",
    en="Enter a first and a last name, an email address or a telephone number.",
)
NO_ORGANISATION = Text(fr="Indiquez le nom d’une organisation.", en="Enter the name of an organization.")
NO_REASON = Text(fr="Indiquez une raison.", en="Enter a reason.")
TOO_MANY = Text(fr="Vous avez déjà déclaré 100 conflits.", en="You have already declared 100 conflicts.")
WRONG = {"address": NO_NUMBER, "street": NO_STREET, "person": NO_NAME, "organisation": NO_ORGANISATION}


class DeclaredInterest(Struct, frozen=True, kw_only=True):
    """What one person must have nothing to do with; the reason is for the person in charge of privacy."""

    id: UUID
    jurisdiction: str
    agent: str
    name: str
    kind: Kind
    words: str
    lon: float | None
    lat: float | None
    reason: str
    made_at: datetime
    swept_at: datetime | None


class InterestSubject(Struct, frozen=True, kw_only=True):
    """Everything of a request by which it may concern somebody: its places, its names, how its people are reached."""

    places: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, ...], ...]
    emails: frozenset[str]
    phones: frozenset[str]
    point: tuple[float, float] | None


def addresses_known(host: Host, town: Jurisdiction) -> Sequence[Addresses]:
    """What is known of the addresses of a town, wherever they can be searched or not: nobody must be let in by that."""
    return [each.of(town) for each in host.modules.heard(AddressBase)]


def concerned_by(
    known: Sequence[Addresses],
    request_type: RequestType,
    record: Record,
    contact: Requester | None,
    others: Collection[tuple[str, str]] = (),
) -> InterestSubject:
    """What a request is about; `others` are the names and e-mail addresses of people with access to it.

    A place is known by what was typed and by the address at its point, for people who type nothing or something else.
    """
    place, person = record.place, contact or Requester(mode="anonymous")
    point = (place.lon, place.lat) if place and place.lon is not None and place.lat is not None else None
    near = [each.nearest(*point, SAME_HOUSE) for each in known] if point else []
    said = list(_answers(request_type.form.fields(), record.answers))
    typed = (place.address, place.words) if place else ()
    places = [*typed, person.postal_address, *(one.text for one in near if one)]
    places += [_place_words(value) for field, value in said if isinstance(field, Address | PlaceField)]
    names = [person.name, *(name for name, _ in others)]
    names += [str(value) for field, value in said if isinstance(field, ShortText | LongText)]
    emails = [person.email, *(email for _, email in others)]
    emails += [str(value) for field, value in said if isinstance(field, Email)]
    phones = [person.phone, *(str(value) for field, value in said if isinstance(field, Phone))]
    return InterestSubject(
        places=tuple(_plain(each) for each in places if each),
        names=tuple(words_of(each) for each in names if each),
        emails=frozenset(each.casefold() for each in emails if each),
        phones=frozenset(digits for each in phones if (digits := _digits(each))),
        point=point,
    )


def _answers(fields: Iterable[AnyField], answers: Mapping[str, Any]) -> Iterator[tuple[AnyField, Any]]:
    for field in fields:
        value = answers.get(field.code)
        if isinstance(field, Group):
            for item in value or ():
                yield from _answers(field.fields, item)
        elif value not in (None, ""):
            yield field, value


def _place_words(value: Any) -> str:
    return str(value.get("address") or value.get("words") or "") if isinstance(value, Mapping) else str(value)


def concerns(interest: DeclaredInterest, request: InterestSubject) -> bool:
    """Whether a request is about what somebody declared."""
    match interest.kind:
        case "address":
            return _lies_there(interest, request) or _stands_at(request.places, interest.words)
        case "street":
            return _runs_along(request.places, _street_of(interest.words))
        case "person":
            if "@" in interest.words:
                return interest.words.casefold() in request.emails
            if digits := _digits(interest.words):
                return digits in request.phones
            name, names = _person(interest.words), [_without_initials(each) for each in request.names]
            return _is_named(names, name) or _is_named(names, name[::-1])
        case "organisation":
            return _is_named(request.names, _organisation(interest.words))


def _lies_there(interest: DeclaredInterest, request: InterestSubject) -> bool:
    if interest.lon is None or interest.lat is None or request.point is None:
        return False
    return metres_between(interest.lon, interest.lat, *request.point) <= SAME_HOUSE


def _is_named(texts: Iterable[tuple[str, ...]], sought: tuple[str, ...]) -> bool:
    """Whether these words stand in one of the texts whole, one after the other."""
    length = len(sought)
    return bool(sought) and any(
        words[at : at + length] == sought for words in texts for at in range(len(words) - length + 1)
    )


class _Street(Struct, frozen=True):
    """A street as somebody may name it: `avenue du Mont-Royal Est` is *mont royal*, an avenue, to the east."""

    name: tuple[str, ...]
    kinds: frozenset[str]
    sides: frozenset[str]


def _street_of(text: str) -> _Street:
    words = list(_plain(text))
    around: set[str] = set()
    while len(words) > 1 and words[0] in SAYING_LITTLE:
        around.add(words.pop(0))
    while len(words) > 1 and words[-1] in SAYING_LITTLE:
        around.add(words.pop())
    return _Street(tuple(words), frozenset(around - DIRECTIONS), frozenset(around & DIRECTIONS))


def _places_of(words: tuple[str, ...], street: _Street) -> Iterator[int]:
    """Where a street is named in the words of a place, with or without what kind of street it is.

    Another kind, or another side of the town, is another street. A name that is a word of any place (*parc*, a number)
    counts only beside its kind.
    """
    length = len(street.name)
    says_little = length == 1 and (street.name[0] in STREET_KINDS or street.name[0][0].isdigit())
    for at in range(len(words) - length + 1):
        if words[at : at + length] != street.name:
            continue
        before, after = words[at - 1] if at else "", words[at + length : at + length + 2]
        if says_little and street.kinds and not street.kinds & {before, *after}:
            continue
        if street.kinds and before in SAYING_LITTLE - DIRECTIONS and before not in street.kinds:
            continue
        if street.sides and (told := DIRECTIONS & {*after}) and not told & street.sides:
            continue
        yield at


def _runs_along(places: Iterable[tuple[str, ...]], street: _Street) -> bool:
    return any(True for words in places for _ in _places_of(words, street))


def _stands_at(places: Iterable[tuple[str, ...]], address: str) -> bool:
    """Whether one of the places is at this number of this street; either may have a number of a flat."""
    numbered = re.match(r"([\dA-Za-z]+(?:\s*-\s*\d+)?)[\s,]+([^,\n]+)", address.strip())
    if not numbered:
        return _is_named(places, _plain(address))
    house, said = max(map(int, re.findall(r"\d+", numbered[1])), default=0), _plain(numbered[2])
    inside = next((at for at, word in enumerate(said) if at and word in INSIDE), len(said))
    street = _street_of(" ".join(said[:inside]))
    return any(house in _numbers_before(words, at) for words in places for at in _places_of(words, street))


def _numbers_before(words: tuple[str, ...], at: int) -> set[int]:
    before = at - 1
    while before >= 0 and words[before] in SAYING_LITTLE:
        before -= 1
    numbers: set[int] = set()
    while before >= 0 and (number := re.match(r"\d+", words[before])):
        numbers.add(int(number[0]))
        before -= 1
    return numbers


def _person(text: str) -> tuple[str, ...]:
    words = words_of(text)
    bare = _without_initials(tuple(word for word in words if word not in TITLES))
    return bare if len(bare) > 1 else words


def _without_initials(words: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(word for word in words if len(word) > 1)


def _organisation(text: str) -> tuple[str, ...]:
    """The words of a name by which it is known with any legal form, or with none."""
    words = list(words_of(text))
    while len(words) > 1 and (words[-1] in LEGAL_FORMS or len(words[-1]) == 1):
        words.pop()
    while len(words) > 1 and words[0] in ARTICLES:
        words.pop(0)
    return tuple(words) if any(len(word) > 2 for word in words) else words_of(text)


def _plain(text: str) -> tuple[str, ...]:
    """The words of an address, short forms written out and what joins them left out."""
    words = (PLAIN.get(word, (word,))[0] for word in words_of(text))
    return tuple(word for word in words if word not in ("de", "du", "des", "la", "le", "les", "l", "d"))


def _digits(text: str) -> str:
    digits = re.sub(r"\D", "", text)
    return digits[-PHONE:] if len(digits) >= PHONE else ""


async def interests_in(jurisdiction: str) -> tuple[DeclaredInterest, ...]:
    """What stands declared in a town, the latest first; one statement."""
    table = InterestTable
    mine = (table.jurisdiction == jurisdiction) & table.ended_at.is_null()
    rows = await table.select().where(mine).order_by(table.made_at, table.id, ascending=False)
    return tuple(interest_of(row) for row in rows)


def interest_of(row: Row) -> DeclaredInterest:
    """One declaration out of its row."""
    names = [name for name in DeclaredInterest.__struct_fields__ if name != "agent"]
    return DeclaredInterest(agent=str(row["agent"]), **{name: row[name] for name in names})


async def declare_interest(
    host: Host, town: Jurisdiction, agent: str, name: str, kind: Kind, words: str, reason: str
) -> DeclaredInterest | Problems:
    """Inside a transaction: somebody must have nothing to do with this, from now on. The very same stands once."""
    said, why = " ".join(clean(words).split())[:MOST_WORDS], clean(reason).strip()[:MOST_REASON]
    found = [_wrong("words", WRONG[kind])] if not _is_sound(kind, said) else []
    found += [] if why else [_wrong("reason", NO_REASON)]
    if found:
        return Problems(found=tuple(found))
    mine = [each for each in await interests_in(town.code) if each.agent == agent]
    same = (each for each in mine if (each.kind, each.words, each.reason) == (kind, said, why))
    if (standing := next(same, None)) is not None:
        return standing
    if len(mine) >= MOST_OF_ONE:
        return Problems(found=(_wrong("words", TOO_MANY),))
    lon, lat = _where(addresses_known(host, town), said) if kind == "address" else (None, None)
    row: Row = {"id": new_id(), "jurisdiction": town.code, "agent": UUID(agent), "name": name[:120], "kind": kind}
    row |= {"words": said, "lon": lon, "lat": lat, "reason": why, "made_at": clock.now()}
    row |= {"ended_at": None, "ended_by": "", "swept_to": None, "swept_at": None}
    await insert_values(InterestTable, row)
    return interest_of(row)


def _is_sound(kind: Kind, words: str) -> bool:
    """Whether it names something, and not half of the town."""
    match kind:
        case "address":
            return bool(re.match(r"\d", words)) and len(_plain(words)) > 1
        case "street":
            street = _street_of(words)
            return bool(set(street.name) - STREET_KINDS) or bool(street.kinds and set(street.name) - SAYING_LITTLE)
        case "person":
            return "@" in words or bool(_digits(words)) or len(words_of(words)) > 1
        case "organisation":
            return any(len(word) > 2 for word in words_of(words))


def _where(known: Iterable[Addresses], words: str) -> tuple[float | None, float | None]:
    every = [one for each in known for one in each.search(words, MOST_SEARCHED)]
    found = [one for one in every if _stands_at([_plain(one.text)], words)]
    return (found[0].lon, found[0].lat) if len(found) == 1 else (None, None)


def _wrong(path: str, message: Text) -> Problem:
    return Problem(path=path, code="required", message=message)


async def end_interest(town: Jurisdiction, id: UUID, by: str, agent: str = "") -> bool:
    """In a transaction: it stands no more; one's own where `agent` is named. What was kept because of it stays kept."""
    table = InterestTable
    mine = (table.id == id) & (table.jurisdiction == town.code) & table.ended_at.is_null()
    if agent:
        mine = mine & (table.agent == UUID(agent))
    ended: Row = {"ended_at": clock.now(), "ended_by": by[:120]}
    return bool(await table.update(ended).where(mine).returning(table.id))
