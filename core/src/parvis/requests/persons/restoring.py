"""Taking a change of contact details back, from where the person was reached before: who made it is shut out."""

from functools import partial
from uuid import UUID

import msgspec
from msgspec import structs

from parvis.db.part_tables import Party as PartyRow
from parvis.requests.actors import REQUESTER
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.contacts import contact_of, replace_contact
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.heart import Heart
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.links import has_right
from parvis.requests.parts.together import holder_back
from parvis.requests.persons.contact_letters import tell_restored
from parvis.requests.private_links import DATED_LENGTH
from parvis.requests.records import Record
from parvis_sdk.events import ContactChanged
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

OVER = Text(fr="Cette modification ne peut plus être annulée.", en="This change can no longer be undone.")


async def restorable(heart: Heart, record: Record, token: str) -> Entry | None:
    """The change of contact details that a link takes back; None when it is no good, too old, or used."""
    change, key = token[:-DATED_LENGTH], token[-DATED_LENGTH:]
    if record.erased_at is not None or not has_right(heart, record, "contact", key, change):
        return None
    entries = await entries_of(record)
    made = next((each for each in entries if each.kind == "contact" and each.body.get("change") == change), None)
    return made if made is not None and _before(made) is not None else None


async def restore_contact(heart: Heart, reference: str, token: str) -> Record | Denied | Conflict:
    """Write the contact details that held before the change, give the request another key and tell both sides.

    Whom the other let in since, and to whom they offered the file, have no access any more.
    """
    return await change(heart, reference, partial(_plan, heart, token), actor=REQUESTER)


async def _plan(heart: Heart, token: str, here: Situation) -> Change | Denied:
    made = await restorable(heart, here.record, token)
    back = _before(made) if made else None
    if made is None or back is None:
        return Denied(code="not_possible", reason=OVER)
    gone = await contact_of(here.record)
    language = str((made.personal or {})["before"].get("language") or here.record.language)
    holders = here.record.holders + 1
    record = structs.replace(here.record, holders=holders, language=language)
    subject = RequestSubject(kind=here.kind, record=here.record, contact=back)
    return Change(
        line=Line(
            kind="contact",
            audience="requester",
            body={"language": language, "restored": made.body["change"]},
            personal={"contact": back, "before": {"contact": gone, "language": here.record.language}},
        ),
        columns={
            "holders": holders,
            "language": language,
            **await exclusions_after(heart, here.town, subject),
        },
        events=(ContactChanged(**here.about(REQUESTER)),),
        writes=(
            partial(replace_contact, here.record.id, back),
            partial(_shut_out, heart, here, made),
            partial(tell_restored, heart, here, record, back, gone),
        ),
    )


def _before(made: Entry) -> Requester | None:
    before = (made.personal or {}).get("before") or {}
    return msgspec.convert(before["contact"], Requester) if before.get("contact") else None


async def _shut_out(heart: Heart, here: Situation, made: Entry) -> None:
    request: UUID = here.record.id
    let_in = (PartyRow.request == request) & PartyRow.ended_at.is_null() & (PartyRow.let_in_at >= made.at)
    await PartyRow.update({PartyRow.ended_at: here.at}).where(let_in)
    await holder_back(heart, here, made.at)
