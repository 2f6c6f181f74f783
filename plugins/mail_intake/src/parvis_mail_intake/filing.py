"""Where a judged mail is kept: on its request by the mark alone, else among what is to be sorted; once."""

import hashlib
from collections.abc import Collection
from typing import Any, Literal
from uuid import UUID

import msgspec
from msgspec import Struct, structs

from parvis import clock
from parvis.db import insert_values, transaction
from parvis.identifiers import new_id
from parvis.requests.attached.attachments import kept_waiting
from parvis.requests.attached.receiving import receive_file
from parvis.requests.changing import NoSuchRequest, TooManyChanges
from parvis.requests.contacts import contact_of
from parvis.requests.host import Host
from parvis.requests.records import Record
from parvis.requests.work.answer_address import AnswerMailbox, whose_answer
from parvis.requests.work.conversation import MOST_WORDS, receive_within
from parvis.requests.work.undelivered import returned_within
from parvis_mail_intake.folding_quotes import fold_quotes
from parvis_mail_intake.incoming import ParsedMail
from parvis_mail_intake.judging import MailVerdict, judge
from parvis_mail_intake.personal import holder_of
from parvis_mail_intake.reading import read
from parvis_mail_intake.settings import settings_of
from parvis_mail_intake.tables import IncomingMail
from parvis_sdk.cleaning import clean
from parvis_sdk.problems import Problem
from parvis_sdk.text import Text

State = Literal["open", "filed", "aside", "dropped"]
MOST_FOLDED = 100_000
NOT_KEPT = Text(fr="Fichier «\u00a0{name}\u00a0» refusé\u00a0: {reason}", en="File “{name}” rejected: {reason}")
CUT = Text(fr="La suite de ce long courriel est masquée.", en="The rest of this long email is hidden.")
UNREAD = Text(
    fr="Une partie de ce courriel n’a pas pu être lue ({trouble}).",
    en="Part of this email could not be read ({trouble}).",
)
MACHINES = ("auto-reply", "bounce", "calendar", "loop")


class Fate(Struct, frozen=True, kw_only=True):
    """What became of a mail; `repeated` when it had been taken in before."""

    sort: str
    state: State
    why: str = ""
    reference: str = ""
    repeated: bool = False


class Content(Struct, frozen=True, kw_only=True):
    """What is kept of a mail: the words, what is folded below them, its files, and what was left out."""

    words: str
    folded: str
    files: tuple[str, ...]
    left_out: tuple[Text, ...]
    holder: str


async def take_in(host: Host, raw: bytes, *, from_junk: bool = False) -> Fate:
    """Read, judge and keep one mail; the same one again changes nothing."""
    mail = read(raw)
    judged = judge(mail, own=_own(host), from_junk=from_junk)
    key = key_of(mail)
    if known := await _known(key):
        return known
    record = await whose_answer(host, judged.reference, judged.mark) if judged.sort == "reply" else None
    if judged.sort == "reply" and record is None:
        judged = structs.replace(judged, sort="new", why="its mark is not one of ours, or no longer")
    if judged.sort == "bounce" and (fate := await _bounced(host, key, mail, judged)):
        return fate
    if judged.sort in MACHINES:
        return await _keep(host, key, mail, judged, Content(words="", folded="", files=(), left_out=(), holder=""))
    content = await _content(host, key, mail)
    if record is None:
        return await _keep(host, key, mail, judged, content)
    try:
        return await _file(host, key, mail, judged, content, record)
    except TooManyChanges:
        why = "its requester wrote too much within the hour"
    except NoSuchRequest:
        why = "its request was destroyed"
    return await _keep(host, key, mail, structs.replace(judged, sort="new", why=why), content)


def key_of(mail: ParsedMail) -> str:
    """What names a mail. Not its id alone: there are devices that give each of theirs the same."""
    date = mail.sign("date")
    return hashlib.sha256("\n".join((mail.message_id, date, mail.sender, mail.subject)).encode()).hexdigest()


def _own(host: Host) -> Collection[str]:
    notify = host.plugins.by_name.get("notify")
    sender = getattr(notify.settings, "sender", "") if notify is not None else ""
    return {address for address in (host.of(AnswerMailbox).address, sender) if address}


async def _known(key: str) -> Fate | None:
    row = await IncomingMail.select().where(IncomingMail.key == key).first()
    if row is None:
        return None
    return Fate(sort=row["sort"], state=row["state"], why=row["why"], reference=row["reference"], repeated=True)


async def _content(host: Host, key: str, mail: ParsedMail) -> Content:
    """The words and the files, examined as all files are; those received before a stop are not received again."""
    holder = holder_of(key)
    before = {kept.field: kept.attachment.id for kept in await kept_waiting(holder)}
    files, left_out = [], [UNREAD.format(trouble=trouble) for trouble in mail.troubles]
    for number, file in enumerate(mail.files):
        field = f"mail-{number}"
        made = None if field in before else await receive_file(host, holder, field, file.name, file.content)
        if isinstance(made, Problem):
            left_out.append(NOT_KEPT.format(name=file.name, reason=made.message))
        else:
            files.append(made.id if made is not None else before[field])
    folded = fold_quotes(mail.text)
    words = clean(folded.words).strip()
    below = [words[MOST_WORDS:], folded.signature, folded.quoted]
    return Content(
        words=words[:MOST_WORDS],
        folded=clean("\n\n".join(part for part in below if part))[:MOST_FOLDED],
        files=tuple(files),
        left_out=(*left_out, *([CUT] if below[0] else [])),
        holder=holder,
    )


async def _file(host: Host, key: str, mail: ParsedMail, judged: MailVerdict, content: Content, record: Record) -> Fate:
    said: dict[str, Any] = {"words": content.words, "folded": content.folded, "from": mail.sender}
    if content.left_out:
        said["left_out"] = [structs.asdict(each) for each in content.left_out]
    async with transaction(host.engine):
        # The request first, as everybody locks it.
        await receive_within(host, record.reference, said, files=content.files, holder=content.holder)
        await _insert(record.jurisdiction, key, mail, judged, "filed", reference=record.reference)
    return Fate(sort=judged.sort, state="filed", why=judged.why, reference=record.reference)


async def _bounced(host: Host, key: str, mail: ParsedMail, judged: MailVerdict) -> Fate | None:
    """What a mail server says of a mail to the person of a request; None where it says nothing that lasts.

    Only what came to the address that this very mail was sent from is believed: anybody can write that a mail failed.
    """
    failed = [each for each in mail.undelivered if each.permanent]
    record = await whose_answer(host, judged.reference, judged.mark) if failed and judged.mark else None
    person = await contact_of(record) if record is not None else None
    if record is None or person is None:
        return None
    theirs = [each for each in failed if each.address.casefold() == person.email.casefold()]
    worst = next((each for each in theirs if each.is_of_the_address), (theirs or failed)[0])
    lasts = worst.is_of_the_address and worst in theirs  # of an address that they forward to, only this mail is known
    try:
        async with transaction(host.engine):
            await returned_within(
                host,
                record.reference,
                to=person.email,
                of_the_address=lasts,
                status=worst.status,
                said=worst.said,
                messages=mail.about,
            )
            await _insert(record.jurisdiction, key, mail, judged, "filed", reference=record.reference)
    except NoSuchRequest:
        return None
    return Fate(sort=judged.sort, state="filed", why=judged.why, reference=record.reference)


async def _keep(host: Host, key: str, mail: ParsedMail, judged: MailVerdict, content: Content) -> Fate:
    state: State = "aside" if judged.sort in (*MACHINES, "junk") else "open"
    town = settings_of(host.plugins).jurisdiction or host.jurisdictions.by_default
    async with transaction(host.engine):
        await _insert(town, key, mail, judged, state, content=content)
    return Fate(sort=judged.sort, state=state, why=judged.why)


async def _insert(
    town: str,
    key: str,
    mail: ParsedMail,
    judged: MailVerdict,
    state: State,
    *,
    content: Content | None = None,
    reference: str = "",
) -> UUID:
    """In a transaction. Of what stands on a request, only that it does is kept here: its words go with the request."""
    id, now = new_id(), clock.now()
    await insert_values(
        IncomingMail,
        {
            "id": id,
            "key": key,
            "jurisdiction": town,
            "sort": judged.sort,
            "why": judged.why[:200],
            "state": state,
            "received_at": now,
            "sender": mail.sender[:254] if content else "",
            "sender_name": mail.sender_name[:120] if content else "",
            "subject": mail.subject[:300] if content else "",
            "words": content.words if content else "",
            "folded": content.folded if content else "",
            "left_out": msgspec.json.encode(content.left_out if content else ()).decode(),
            "reference": reference,
            "settled_at": now if state == "filed" else None,
            "settled_by": "",
            "said": "",
        },
    )
    return id
