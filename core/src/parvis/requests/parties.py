"""Who has a part in a request beside its requester, and who is written to about it, each address once."""

import hashlib
import hmac
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct

from parvis import clock
from parvis.db import insert_values
from parvis.db.tables import Contact, Row
from parvis.db.tables import Party as PartyRow
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.outbox.addressees import confirm_address
from parvis.requests.actors import PARTY, Actor
from parvis.requests.attached.attachments import bind, waiting
from parvis.requests.changing import Change, Conflict, Situation, Write, change
from parvis.requests.contacts import contact_methods, way_to
from parvis.requests.declarations import type_of_record
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.history import Audience, Line
from parvis.requests.host import Host
from parvis.requests.links import KEY, own_page_url, tracking_url
from parvis.requests.personal import ErasureRule, Personal
from parvis.requests.records import Record
from parvis.requests.references import is_key, key_for
from parvis.requests.visibility import Viewer
from parvis.signing import oldest_key
from parvis_sdk.cleaning import clean
from parvis_sdk.contact_methods import CALL, LETTER, TEXT_MESSAGE, ContactMethod
from parvis_sdk.contact_methods import EMAIL as BY_MAIL
from parvis_sdk.events import LetIn
from parvis_sdk.fields import AnyField, Email, OneOf, Option, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.parties import PartyRole
from parvis_sdk.problems import Problem, Problems, problem
from parvis_sdk.request_types import RequestType
from parvis_sdk.requests import Involved, Requester
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

MOST = 30  # of one request, former ones too
NAME = ShortText(code="name", label=Text(fr="Son nom", en="Their name"), autocomplete="off", max_length=120)
EMAIL = Email(
    code="email",
    label=Text(fr="Son courriel", en="Their email"),
    help=Text(fr="Son lien privé y est envoyé.", en="Their private link is sent to it."),
    autocomplete="off",
)
MANDATE = Text(
    fr="Joignez le document qui lui donne ce mandat.", en="Attach the document that gives them this mandate."
)
FULL = Text(
    fr="Le nombre maximal de personnes dans ce rôle est atteint.",
    en="The maximum number of people in this role is reached.",
)
ALREADY = Text(
    fr="Cette personne a déjà accès à la requête dans ce rôle.", en="This person already has access in this role."
)
GONE = Text(fr="Cette personne n’a plus accès à la requête.", en="This person no longer has access to the request.")


class Party(Struct, frozen=True, kw_only=True):
    """One person let into one request."""

    id: UUID
    request: UUID
    role: str
    name: str
    email: str
    language: str
    mandate: str
    let_in_at: datetime
    until: datetime
    ended_at: datetime | None

    def is_live(self, now: datetime) -> bool:
        """Whether their key opens the request."""
        return self.ended_at is None and now < self.until


async def parties_of(request: UUID) -> tuple[Party, ...]:
    """Everybody who was ever let into a request, in that order."""
    return tuple(
        party_of(row) for row in await PartyRow.select().where(PartyRow.request == request).order_by(PartyRow.id)
    )


def party_of(row: dict[str, Any]) -> Party:
    """One person out of a row of those let in."""
    return Party(**{name: row[name] for name in Party.__struct_fields__})


async def party_of_key(host: Host, record: Record, request_type: RequestType, key: str) -> Viewer | None:
    """Who holds this key of a request, when it is that of a party whose access lasts."""
    if not request_type.parties or record.erased_at is not None:
        return None
    found: Viewer | None = None
    for party in await parties_of(record.id):
        if is_key(host.secret, party.id, key) and is_let_in(party, record) and (role := request_type.party(party.role)):
            found = viewer_of(party, role)
    return found


async def party_by_id(record: Record, request_type: RequestType, id: UUID) -> Viewer | None:
    """The party of this id, while their access lasts."""
    party = next((each for each in await parties_of(record.id) if each.id == id), None)
    if party is None or record.erased_at is not None or not is_let_in(party, record):
        return None
    role = request_type.party(party.role) if request_type.parties else None
    return viewer_of(party, role) if role else None


async def confirm_party(host: Host, record: Record, viewer: Viewer) -> None:
    """Note that the address of a party is theirs: their key was sent there and nowhere else."""
    mine = next((each for each in await parties_of(record.id) if each.id.hex == viewer.id), None)
    if mine is not None and mine.email:
        await confirm_address(host.engine, host.secret, mine.email)


def is_let_in(party: Party, record: Record) -> bool:
    """Whether a party has access now; none outlasts the handing over of the request to a new holder."""
    after = record.holder_since is None or party.let_in_at >= record.holder_since
    return after and party.is_live(clock.now())


def viewer_of(party: Party, role: PartyRole) -> Viewer:
    """A party as somebody who looks."""
    return Viewer(kind="holder", id=party.id.hex, name=party.name, role=party.role, rights=frozenset(role.may))


def actor_of(viewer: Viewer) -> Actor:
    """A holder as who does something: the requester, or a party by its name."""
    return (
        Actor(kind="requester", id=f"{PARTY}{viewer.id}", name=viewer.name) if viewer.role else Actor(kind="requester")
    )


def party_url(host: Host, town: Jurisdiction, record: Record, party: Party) -> str:
    """A party's own private link."""
    return f"{own_page_url(host, town, record, party.language)}?{KEY}={key_for(host.secret, party.id)}"


def link_of(host: Host, town: Jurisdiction, record: Record, viewer: Viewer, language: str) -> str:
    """The private link of the holder of a key: the requester's, or a party's own."""
    if not viewer.role:
        return tracking_url(host, town, record)
    return f"{own_page_url(host, town, record, language)}?{KEY}={key_for(host.secret, UUID(viewer.id))}"


async def involved_in(
    host: Host, town: Jurisdiction, record: Record, request_type: RequestType
) -> tuple[Involved, ...]:
    """Those who are told of the steps of a request, each with their own link."""
    if not request_type.parties or record.erased_at is not None:
        return ()
    return tuple(
        Involved(
            id=str(party.id),
            role=role.title,
            name=party.name,
            email=party.email,
            language=party.language,
            url=party_url(host, town, record, party),
            may=role.may,
            told=role.told,
        )
        for party in await parties_of(record.id)
        if is_let_in(party, record) and (role := request_type.party(party.role))
    )


def letting_in(request_type: RequestType, languages: Sequence[str]) -> Form:
    """What is asked about somebody who is to be let in."""
    roles = tuple(Option(code=role.code, label=role.title, help=role.help) for role in request_type.parties)
    fields: list[AnyField] = [
        OneOf(code="role", label=Text(fr="À quel titre", en="In what capacity"), options=roles),
        NAME,
        EMAIL,
    ]
    if len(languages) > 1:
        names = {"fr": Text(fr="Français", en="French"), "en": Text(fr="Anglais", en="English")}
        offered = tuple(Option(code=code, label=names.get(code, Text(fr=code))) for code in languages)
        fields.append(OneOf(code="language", label=Text(fr="Sa langue", en="Their language"), options=offered))
    return Form(sections=(Section(code="party", title=Text(fr="Une personne", en="A person"), fields=tuple(fields)),))


async def let_in(
    host: Host, reference: str, raw: dict[str, Any], *, actor: Actor, mandate: str = "", holder: str = ""
) -> Record | Problems | Conflict:
    """Give somebody access in a role; they are sent their own link. `mandate` is the file that waits under `holder`."""
    waits = await waiting(holder) if holder else {}

    async def plan(here: Situation) -> Change | Problems:
        read = letting_in(here.request_type, here.town.languages).read(raw)
        if isinstance(read, Problems):
            return read
        given = read.answers
        role = here.request_type.party(given["role"])
        before = await parties_of(here.record.id)
        if role is None:
            return Problems(found=(problem("not_offered", "role", label=NAME.label),))
        if wrong := _wrong(here, role, given, before, bool(mandate and mandate in waits)):
            return Problems(found=(wrong,))
        id = new_id()
        row: Row = {"id": id, "request": here.record.id, "role": role.code, "name": clean(given["name"])}
        row |= {"email": given["email"].lower(), "language": given.get("language", here.record.language)}
        row |= {"mandate": mandate if role.mandate else "", "let_in_at": here.at, "ended_at": None}
        row |= {"until": here.at + timedelta(days=role.days)}
        writes: list[Write] = [partial(insert_values, PartyRow, row)]
        if role.mandate:
            audience: dict[str, Audience] = {mandate: "personal"}
            writes.append(partial(bind, here.record.id, holder, audience))
        subject = RequestSubject(
            request_type=here.request_type, record=here.record, others=((row["name"], row["email"]),)
        )
        return Change(
            line=_line("let_in", role.code, id, {"name": row["name"], "email": row["email"]}, mandate),
            columns=await exclusions_after(host, here.town, subject),
            events=(LetIn(**here.about(actor), party=str(id)),),
            writes=tuple(writes),
        )

    return await change(host, reference, plan, actor=actor)


def _wrong(
    here: Situation, role: PartyRole, given: dict[str, Any], before: Sequence[Party], has_mandate: bool
) -> Problem | None:
    held = [party for party in before if party.role == role.code and party.is_live(here.at)]
    if any(party.email == given["email"].lower() for party in held):
        return Problem(path="email", code="already", message=ALREADY)
    if len(held) >= role.most or len(before) >= MOST:
        return Problem(path="role", code="too_many", message=FULL)
    if role.mandate and not has_mandate:
        return Problem(path="mandate", code="attach", message=MANDATE)
    return None


async def end_access(host: Host, reference: str, id: str, *, actor: Actor) -> Record | Denied | Conflict:
    """End somebody's access: their mandate is withdrawn, or they leave; their key opens nothing from this moment on."""

    async def plan(here: Situation) -> Change | Denied:
        party = next((each for each in await parties_of(here.record.id) if str(each.id) == id), None)
        if party is None or not party.is_live(here.at):
            return Denied(code="not_from_here", reason=GONE)
        ended: Row = {PartyRow.ended_at: here.at}
        return Change(
            line=_line("ended", party.role, party.id, {"name": party.name}, ""),
            writes=(partial(_write, party.id, ended),),
        )

    return await change(host, reference, plan, actor=actor)


def _line(did: str, role: str, id: UUID, who: dict[str, str], mandate: str) -> Line:
    body = {"did": did, "role": role, "party": str(id)}
    return Line(kind="party", audience="requester", body=body | ({"files": [mandate]} if mandate else {}), personal=who)


async def _write(id: UUID, values: Row) -> None:
    await PartyRow.update(values).where(PartyRow.id == id)


ERASURE = ErasureRule(
    personal=(Personal(table="party", blank={"name": "", "email": "", "mandate": ""}, ends=("until",)),)
)
"""Who they were goes; that somebody held a role, and when, stays for figures."""


BESIDE_TEXTS = 1.5  # what plugins bring, in the order of ways: after a text message, before a call
# With those that are merged into them: their requesters are told about the same steps.
REQUESTERS_ABOUT = """WITH RECURSIVE concerned (root, id) AS (
SELECT r.id, r.id FROM service_request r WHERE r.id IN ({ids})
UNION SELECT c.root, r.id FROM service_request r JOIN concerned c ON r.merged_into = c.id
)
SELECT n.root, r.id, r.reference, r.type, r.identity, c.email, c.phone, c.postal_address, c.preferred_channel,
c.returned_at FROM concerned n JOIN service_request r ON r.id = n.id JOIN contact c ON c.request = r.id
WHERE r.erased_at IS NULL AND NOT c.stopped ORDER BY n.root, r.id"""
FOLLOWERS_ABOUT = """
SELECT r.id AS root, r.id, r.reference, r.type, f.id AS follower, f.email
FROM follower f JOIN service_request r ON r.id = f.request WHERE r.id IN ({ids}) AND f.state = 'active' AND r.public
AND r.identity <> 'confidential' AND r.erased_at IS NULL ORDER BY r.id, f.id"""


class Receiver(Struct, frozen=True, kw_only=True):
    """Somebody to be told, about which request; `follower` is the id of a person who only follows it."""

    address: str
    way: str
    request: UUID
    reference: str
    type: str
    follower: str = ""


async def receivers_about(
    host: Host, town: Jurisdiction, records: Sequence[Record]
) -> dict[UUID, tuple[Receiver, ...]]:
    """Everybody who would be written to about a step of each of these requests; three statements for all of them."""
    if not records:
        return {}
    ids, marks = [each.id for each in records], ", ".join(["{}"] * len(records))
    rows = await Contact.raw(REQUESTERS_ABOUT.replace("{ids}", marks), *ids)
    rows += await Contact.raw(FOLLOWERS_ABOUT.replace("{ids}", marks), *ids)
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(row["root"], []).append(row)
    parties = await _parties_of(host, records)
    return {
        id: addressed(host, town, [*found.get(id, ()), *parties.get(id, ())])
        for id in ids
        if id in found or id in parties
    }


async def _parties_of(host: Host, records: Sequence[Record]) -> dict[UUID, list[dict[str, Any]]]:
    request_types = {record.id: await type_of_record(host, record) for record in records}
    about = {record.id: record for record in records if request_types[record.id].parties and record.erased_at is None}
    rows = await PartyRow.select().where(PartyRow.request.is_in(list(about))).order_by(PartyRow.id) if about else []
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        record, party = about[row["request"]], party_of(row)
        role = request_types[record.id].party(party.role)
        if role and role.told and is_let_in(party, record):
            known = {"id": record.id, "reference": record.reference, "type": record.type, "email": party.email}
            found.setdefault(record.id, []).append(known | {"follower": ""})
    return found


def by_way(receivers: Iterable[Receiver]) -> dict[str, int]:
    """How many people each way reaches, each address counted once; in the order of forms."""
    ways = Counter({each.address: each.way for each in receivers}.values())
    order = {way: place for place, way in enumerate((BY_MAIL.name, TEXT_MESSAGE.name, CALL.name, LETTER.name))}
    return {way: ways[way] for way in sorted(ways, key=lambda way: (order.get(way, BESIDE_TEXTS), way))}


def addressed(host: Host, town: Jurisdiction, rows: Iterable[dict[str, Any]]) -> tuple[Receiver, ...]:
    """Each address once, behind the first row that has it."""
    methods, found = contact_methods(host, town), dict[str, Receiver]()
    for row in rows:
        if "follower" in row:
            _add(found, row, BY_MAIL, str(row["follower"]))
        elif method := way_of(row, methods):
            _add(found, row, method)
    return tuple(found.values())


def way_of(row: dict[str, Any], methods: Collection[ContactMethod]) -> ContactMethod | None:
    """How the requester of a row is reached."""
    person = Requester(
        mode=row["identity"],
        email=row["email"],
        phone=row["phone"],
        postal_address=row["postal_address"],
        preferred_channel=row["preferred_channel"],
    )
    return way_to(person, methods, mail_returns=row["returned_at"] is not None)


def _add(found: dict[str, Receiver], row: dict[str, Any], method: ContactMethod, follower: str = "") -> None:
    address = address_of(method, row)
    if address not in found:
        found[address] = Receiver(
            address=address,
            way=method.name,
            request=row["id"],
            reference=row["reference"],
            type=row["type"],
            follower=follower,
        )


def address_of(method: ContactMethod, row: dict[str, Any]) -> str:
    """By what a person is told from others, however many requests they stand behind."""
    match method.needs:
        case "email":
            return f"email:{row['email'].strip().lower()}"
        case "phone":
            return f"phone:{row['phone']}"
        case _:
            return f"letter:{row['id']}"


def mark_of(host: Host, address: str) -> str:
    """What tells an address from others, without being one; the same while keys overlap, so nobody is told twice."""
    return hmac.new(oldest_key(host.secret), b"told:" + address.encode(), hashlib.sha256).hexdigest()
