"""A text message from its arrival to its end: kept once, obeyed, put on its request in one transaction, or to sort."""

import hashlib
from datetime import timedelta
from functools import partial
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs
from piccolo.columns.combination import And

from parvis import clock
from parvis.db import transaction
from parvis.db.tables import Row
from parvis.identifiers import new_id
from parvis.jurisdictions import Jurisdiction
from parvis.plugins.trying import Failure, caught
from parvis.requests.attached.attachments import kept_waiting
from parvis.requests.changing import NoSuchRequest, TooManyChanges
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.work.conversation import MOST_WORDS, receive_within
from parvis_sdk.cleaning import clean
from parvis_sdk.text import Text
from parvis_text_messages.keywords import keyword_in
from parvis_text_messages.numbers import digest_of, number_of
from parvis_text_messages.obeying import ask_which, help_out, resume, silence
from parvis_text_messages.personal import WORDS, holder_of
from parvis_text_messages.placing import Placement, placed, requests_of, rest_of, takes_texts
from parvis_text_messages.providers import ReceivedText
from parvis_text_messages.settings import Settings
from parvis_text_messages.tables import IncomingText

State = Literal["arrived", "open", "filed", "aside", "dropped"]
MOST_AN_HOUR = 30  # of one number; what comes above is counted and not read
MOST_KEPT_AN_HOUR = 200  # after which not even that it came is kept
AN_HOUR, A_DAY = timedelta(hours=1), timedelta(days=1)
PART_COMES_WITHIN = timedelta(minutes=10)
A_PART_IS_MISSING = Text(
    fr="Une partie de ce texto n’a pas été reçue.", en="Part of this text message was not received."
)
EMPTY: Row = {**WORDS}


class Fate(Struct, frozen=True, kw_only=True):
    """What became of a message; `repeated` when it had been taken in before."""

    sort: str
    state: State
    why: str = ""
    reference: str = ""
    repeated: bool = False


class ArrivedText(Struct, frozen=True, kw_only=True):
    """A message as it is kept until it is put somewhere."""

    id: UUID
    key: str
    jurisdiction: str
    received_at: Any
    sender: str
    sender_key: str
    words: str
    media: tuple[str, ...]
    left_out: tuple[Text, ...]
    part_group: str
    part_number: int
    part_of: int


async def take_in(host: Host, town: Jurisdiction, text: ReceivedText) -> Fate:
    """Keep one message and put it where it belongs; the same one again changes nothing.

    Once it is kept it is not lost: what cannot be put anywhere now is tried again by a worker. Photos and other parts
    are waited for.
    """
    settings = host.of(Settings)
    number = number_of(text.sender, settings.region)
    key = hashlib.sha256(f"{settings.provider}\n{text.id}".encode("utf-8", "replace")).hexdigest()
    if known := await _known(key):
        return known
    sender_key = digest_of(host.secret, number or text.sender)
    said = keyword_in(text.words) if number else ""
    parts = await IncomingText.select(IncomingText.part_number).where(_of_late(sender_key, AN_HOUR))
    too_many = sum(each["part_number"] <= 1 for each in parts) >= MOST_AN_HOUR and not said
    if len(parts) >= MOST_KEPT_AN_HOUR:
        return Fate(sort="flood", state="aside", why="its number wrote too much within the hour")
    code = town.code if host.jurisdictions.by_default != town.code else settings.jurisdiction or town.code
    if not said and not takes_texts(host, code):  # an answer of STOP is obeyed all the same
        theirs = await requests_of(host, number) if number else ()
        if not theirs:
            return Fate(sort="new", state="dropped", why="its town takes no text messages in")
        code = theirs[0].jurisdiction
    row = _row(host, key, code, text, number=number, sender_key=sender_key)
    if too_many:
        row |= {**EMPTY, "sort": "flood", "state": "aside", "why": "its number wrote too much within the hour"}
    async with transaction(host.engine):
        kept = IncomingText.insert(IncomingText(**row)).on_conflict(target=IncomingText.key, action="DO NOTHING")
        is_new = bool(await kept.returning(IncomingText.id))
    if not is_new or too_many:
        return await _known(key) or Fate(sort="new", state="arrived")
    if text.of or (text.media and not said):
        if text.of:
            await join(host, str(row["part_group"]))
        return await _fate(row["id"])
    landed = await caught(partial(land, host, row["id"]))
    return Fate(sort="new", state="arrived") if isinstance(landed, Failure) else landed.value


def _of_late(sender_key: str, within: timedelta) -> And:
    return (IncomingText.sender_key == sender_key) & (IncomingText.received_at > clock.now() - within)


def _row(host: Host, key: str, town: str, text: ReceivedText, *, number: str, sender_key: str) -> Row:
    group = digest_of(host.secret, f"{sender_key}\n{text.group}") if text.of else ""
    return {
        "id": new_id(),
        "key": key,
        "jurisdiction": town,
        "sort": "part" if text.of else "new",
        "why": "",
        "state": "arrived",
        "received_at": clock.now(),
        "sender_key": sender_key,
        "sender": number or clean(text.sender).strip()[:20],
        "words": clean(text.words)[:MOST_WORDS] if text.of else clean(text.words).strip()[:MOST_WORDS],
        "media": msgspec.json.encode(text.media).decode(),
        "left_out": "[]",
        "part_group": group,
        "part_number": text.number,
        "part_of": text.of,
        "candidates": "[]",
        "reference": "",
        "settled_at": None,
        "settled_by": "",
        "said": "",
    }


async def _known(key: str) -> Fate | None:
    row = await IncomingText.select().where(IncomingText.key == key).first()
    return _fate_in(row, repeated=True) if row else None


async def _fate(id: UUID) -> Fate:
    row = await IncomingText.select().where(IncomingText.id == id).first()
    return _fate_in(row, repeated=False) if row else Fate(sort="new", state="arrived")


def _fate_in(row: Row, *, repeated: bool) -> Fate:
    return Fate(sort=row["sort"], state=row["state"], why=row["why"], reference=row["reference"], repeated=repeated)


async def arrived(id: UUID) -> ArrivedText | None:
    """A message that is not put anywhere yet."""
    row = await IncomingText.select().where((IncomingText.id == id) & (IncomingText.state == "arrived")).first()
    if row is None:
        return None
    read = {"media": tuple[str, ...], "left_out": tuple[Text, ...]}
    known = {name: row[name] for name in ArrivedText.__struct_fields__ if name not in read}
    return ArrivedText(**known, **{name: msgspec.json.decode(row[name], type=kind) for name, kind in read.items()})


async def land(host: Host, id: UUID) -> Fate:
    """Put a message that has arrived whole where it belongs: its history, its row and what follows in one go."""
    text = await arrived(id)
    if text is None:
        return await _fate(id)
    said = keyword_in(text.words) if text.sender.startswith("+") else ""
    if said:
        return await _obey(host, text, said)
    if not text.words and not text.left_out and not await kept_waiting(holder_of(text.key)):
        return await _let_go(host, text)
    where = await placed(host, text.sender, text.words) if text.sender.startswith("+") else Placement(why="no number")
    if where.record is None:
        return await _left_to_sort(host, text, where)
    try:
        return await _file(host, text, where.record, where)
    except TooManyChanges:
        why = "its requester wrote too much within the hour"
    except NoSuchRequest:
        why = "its request was destroyed"
    return await _left_to_sort(host, text, Placement(why=why))


async def _obey(host: Host, text: ArrivedText, said: str) -> Fate:
    obey = {"stop": silence, "start": resume, "help": help_out}[said]
    async with transaction(host.engine):
        if await _settle(text, "filed", sort=said, why="a word that every gateway knows"):
            await obey(host, text.jurisdiction, text.sender)
    return Fate(sort=said, state="filed")


async def _let_go(host: Host, text: ArrivedText) -> Fate:
    why = "nothing is in it"
    async with transaction(host.engine):
        await _settle(text, "dropped", sort="new", why=why)
    return Fate(sort="new", state="dropped", why=why)


async def _left_to_sort(host: Host, text: ArrivedText, where: Placement) -> Fate:
    sort = "ambiguous" if where.candidates else "new"
    candidates = [each.reference for each in where.candidates]
    waits: Row = {
        IncomingText.state: "open",
        IncomingText.sort: sort,
        IncomingText.why: where.why,
        IncomingText.jurisdiction: where.town or text.jurisdiction,  # of its clerks, who may see the candidates
        IncomingText.candidates: msgspec.json.encode(candidates).decode(),
    }
    async with transaction(host.engine):
        ours = (IncomingText.id == text.id) & (IncomingText.state == "arrived")
        kept = await IncomingText.update(waits).where(ours).returning(IncomingText.id)
        if kept and where.candidates:
            await ask_which(host, text.sender, where.candidates)
    return Fate(sort=sort, state="open", why=where.why)


async def _file(host: Host, text: ArrivedText, record: Record, where: Placement) -> Fate:
    """On its request, after what the same number wrote before it said which request it meant."""
    before = await _waiting_for_this(text) if where.named else ()
    alone = bool(before) and not rest_of(text.words) and not await kept_waiting(holder_of(text.key))
    async with transaction(host.engine):
        for each in (*before, *(() if alone else (text,))):
            if await _settle(each, "filed", sort="reply", why=where.why, reference=record.reference):
                await _received(host, each, record)
        if alone:
            await _settle(text, "filed", sort="reply", why=where.why, reference=record.reference)
    return Fate(sort="reply", state="filed", why=where.why, reference=record.reference)


async def _received(host: Host, text: ArrivedText, record: Record) -> None:
    holder = holder_of(text.key)
    files = tuple(each.attachment.id for each in await kept_waiting(holder))
    said: dict[str, Any] = {"words": text.words, "from": text.sender}
    if text.left_out:
        said["left_out"] = [structs.asdict(each) for each in text.left_out]
    await receive_within(host, record.reference, said, files=files, holder=holder)


async def _waiting_for_this(text: ArrivedText) -> tuple[ArrivedText, ...]:
    """What this number wrote within the day of which nobody could tell the request."""
    theirs = _of_late(text.sender_key, A_DAY) & (IncomingText.sort == "ambiguous") & (IncomingText.state == "open")
    rows = await IncomingText.select().where(theirs).order_by(IncomingText.id).limit(10)
    return tuple(
        ArrivedText(
            **{name: row[name] for name in ArrivedText.__struct_fields__ if name not in ("media", "left_out")},
            media=(),
            left_out=msgspec.json.decode(row["left_out"], type=tuple[Text, ...]),
        )
        for row in rows
    )


async def _settle(text: ArrivedText, state: State, *, sort: str, why: str, reference: str = "") -> bool:
    """Inside a transaction: its words go with what they were put on. False when somebody has settled it meanwhile."""
    changed: Row = {
        **EMPTY,
        IncomingText.state: state,
        IncomingText.sort: sort,
        IncomingText.why: why,
        IncomingText.reference: reference,
        IncomingText.settled_at: clock.now(),
    }
    waits = (IncomingText.id == text.id) & IncomingText.state.is_in(["arrived", "open"])
    return bool(await IncomingText.update(changed).where(waits).returning(IncomingText.id))


async def join(host: Host, group: str, *, whole: bool = True) -> bool:
    """Join the parts of one message into the one that came first; whether they were joined.

    Unless it has to be `whole`: then what is there has waited long enough.
    """
    async with transaction(host.engine):
        mine = (IncomingText.part_group == group) & (IncomingText.state == "arrived") & (IncomingText.part_of > 0)
        rows = await IncomingText.select().where(mine).order_by(IncomingText.part_number)
        parts = {row["part_number"]: row for row in rows}
        if not rows or (whole and len(parts) < rows[0]["part_of"]):
            return False
        first = parts[min(parts)]
        media = [each for row in parts.values() for each in msgspec.json.decode(row["media"])]
        left_out = [] if len(parts) == first["part_of"] else [structs.asdict(A_PART_IS_MISSING)]
        joined: Row = {
            IncomingText.words: "".join(parts[number]["words"] for number in sorted(parts)).strip()[:MOST_WORDS],
            IncomingText.media: msgspec.json.encode(media).decode(),
            IncomingText.left_out: msgspec.json.encode(left_out).decode(),
            IncomingText.part_of: 0,
            IncomingText.sort: "new",
        }
        ours = mine & (IncomingText.id == first["id"])
        if not await IncomingText.update(joined).where(ours).returning(IncomingText.id):
            return False  # joined by somebody else meanwhile
        gone: Row = {**EMPTY, IncomingText.state: "filed", IncomingText.why: "joined to its first part"}
        if others := [row["id"] for row in rows if row["id"] != first["id"]]:
            await IncomingText.update(gone).where(IncomingText.id.is_in(others))
    if not media:
        await caught(partial(land, host, first["id"]))
    return True
