"""What is told where a person was reached before, when the way to reach them changes; and taking it back from there."""

from functools import partial
from uuid import UUID

import msgspec
from msgspec import structs

from parvis.db.tables import Party as PartyRow
from parvis.identifiers import new_id
from parvis.outbox import deliveries
from parvis.outbox.addressees import may_write
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.contacts import contact_methods, contact_of, reached, replace_contact
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.history import Entry, Line, entries_of
from parvis.requests.host import Host
from parvis.requests.links import (
    DATED_LENGTH,
    TRACK,
    UNDONE_WITHIN,
    has_right,
    key_with,
    own_page_url,
    town_url,
    view_url,
)
from parvis.requests.parts.together import holder_back
from parvis.requests.persons.link_letters import LinkLetter, by_text, message_of, text_of
from parvis.requests.records import Record
from parvis.requests.work.untold import owe
from parvis_sdk.events import ContactChanged
from parvis_sdk.problems import Problem, Problems
from parvis_sdk.requests import Requester
from parvis_sdk.subscriptions import ByHand
from parvis_sdk.text import Text
from parvis_sdk.workflow import Denied

RESTORE = {"fr": "retablir", "en": "restore"}
TOLD = ("name", "email", "phone", "postal_address")
TOO_OFTEN = Text(
    fr=(
        "Vos coordonnées n’ont pas été modifiées\u00a0: elles l’ont été trop souvent aujourd’hui. Réessayez demain ou "
        "appelez-nous. Ce que vous avez écrit est toujours dans le formulaire."
    ),
    en=(
        "Your contact details were not changed: they were changed too often today. Try again tomorrow or call us. What "
        "you typed is still in the form."
    ),
)
CHANGED = Text(
    fr="Requête {reference}\u00a0: les coordonnées ont été modifiées",
    en="Request {reference}: the contact details were changed",
)
WHAT = Text(
    fr=(
        "Les coordonnées de la requête {reference} viennent d’être modifiées. Nous vous écrivons à l’adresse ou au "
        "numéro que nous avions jusqu’ici.\n\nSi c’est vous, il n’y a rien à faire.\n\nSi ce n’est pas vous, "
        "rétablissez vos coordonnées dans les {days} jours avec ce lien. Les liens privés donnés jusqu’ici n’ouvriront "
        "plus la requête."
    ),
    en=(
        "The contact details of request {reference} have just been changed. We are writing to the address or "
        "number we had until now.\n\nIf it was you, there is nothing to do.\n\nIf it was not you, restore your details "
        "within {days} days with this link. The private links given until now will no longer open the request."
    ),
)
LOOK = Text(fr="Rétablir mes coordonnées", en="Restore my contact details")
BECAUSE = Text(
    fr="Vous recevez ce message parce que cette adresse était celle de la requête. Ne transférez pas ce lien.",
    en="You receive this message because this address was that of the request. Do not forward this link.",
)
BY_TEXT = Text(
    fr="Coordonnées modifiées pour la requête {reference}. Ce n’est pas vous? Rétablissez-les",
    en="Contact details changed for request {reference}. Not you? Restore them",
)
ABOUT_CALL = Text(fr="Coordonnées modifiées", en="Contact details changed")
SAY = Text(
    fr="À dire à l’ancien numéro, {phone}\u00a0: les coordonnées ont été modifiées. La personne l’a-t-elle fait?",
    en="To say at the former number, {phone}: the contact details were changed. Did the person make this change?",
)
RESTORED = Text(
    fr="Requête {reference}\u00a0: les coordonnées sont rétablies",
    en="Request {reference}: the contact details are restored",
)
AGAIN = Text(
    fr=(
        "Les coordonnées de la requête {reference} sont de nouveau les vôtres. Les liens privés donnés jusqu’ici ne "
        "l’ouvrent plus. Voici le nouveau."
    ),
    en=(
        "The contact details of request {reference} are yours again. The private links given until now no longer open "
        "it. Here is the new one."
    ),
)
OPEN = Text(fr="Ouvrir ma requête", en="Open my request")
TAKEN_BACK = Text(
    fr=(
        "La modification des coordonnées de la requête {reference} a été annulée par la personne jointe auparavant. "
        "Votre lien privé ne l’ouvre plus. En cas d’erreur, appelez-nous."
    ),
    en=(
        "The change of the contact details of request {reference} was undone by the person reached before. Your "
        "private link no longer opens it. If this is a mistake, call us."
    ),
)
HOME = Text(fr="Services de la Ville", en="Services of the town")


async def refused_to_change(host: Host, before: Requester | None, now: Requester, actor: Actor) -> Problems | None:
    """Inside a transaction: why a person may not change these details now; None when they may, which is counted.

    Somebody who writes one address after another into a request has the town write to each of them. That has a measure,
    and beyond it nothing is changed: whom a change is not told cannot take it back.
    """
    to = (before.email or before.phone) if before is not None and is_told(before, now) else ""
    if actor.kind != "requester" or not to or await may_write(host.secret, to, "changed"):
        return None
    return Problems(found=(Problem(path="", code="too_often", message=TOO_OFTEN),))


def is_told(before: Requester, now: Requester) -> bool:
    """Whether the one differs from the other in what its person is told of."""
    return any(getattr(before, part) != getattr(now, part) for part in TOLD)


async def tell_former_contact(
    host: Host, here: Situation, before: Requester | None, now: Requester, change: UUID, actor: Actor
) -> None:
    """Inside a transaction: to where the person was reached until now that this changed, with a way to undo it.

    Where no machine reaches them, somebody of the town calls, unless it was somebody of the town who changed it.
    """
    if before is None or not is_told(before, now):
        return
    language = _language(here.record)
    mail_returns = (await reached(here.record)).returned_at is not None
    if before.email and not mail_returns:
        body = WHAT.format(reference=here.record.reference, days=str(UNDONE_WITHIN.days))
        link = restore_url(host, here, change)
        await _mail(here, before.email, language, CHANGED, body, LOOK, link, BECAUSE)
    elif before.phone and (by := by_text(contact_methods(host, here.town))):
        said = BY_TEXT.format(reference=here.record.reference)
        text = text_of(here.town, by, before.phone, language, said, restore_url(host, here, change))
        await deliveries.write_message(text, request=here.record.id, reference=here.record.reference)
    elif before.phone and actor.kind != "agent" and before.phone != now.phone:
        told = ByHand(way="phone", about=ABOUT_CALL, say=SAY.format(phone=before.phone))
        await owe(host, here.record, new_id(), told)


async def tell_restored(host: Host, here: Situation, record: Record, back: Requester, gone: Requester | None) -> None:
    """Inside a transaction: the new link to whose details hold again; to the others that theirs do not."""
    language = _language(record)
    reference = record.reference
    if back.email:
        link = view_url(host, here.town, record, back.email)
        body = AGAIN.format(reference=reference)
        await _mail(here, back.email, language, RESTORED, body, OPEN, link, BECAUSE)
    if gone is not None and gone.email and gone.email.casefold() != back.email.casefold():
        body = TAKEN_BACK.format(reference=reference)
        await _mail(
            here, gone.email, language, RESTORED, body, HOME, f"{town_url(host, here.town)}/{language}/", BECAUSE
        )


def restore_url(host: Host, here: Situation, change: UUID) -> str:
    """The page on which one change of contact details is taken back."""
    language = _language(here.record)
    key = key_with(host, here.record, "contact", change.hex, lasts=UNDONE_WITHIN)
    return f"{own_page_url(host, here.town, here.record, language)}/{RESTORE[language]}/{change.hex}{key}"


def _language(record: Record) -> str:
    return record.language if record.language in TRACK else "fr"


async def _mail(
    here: Situation, to: str, language: str, subject: Text, body: Text, label: Text, link: str, because: Text
) -> None:
    letter = LinkLetter(
        to=to,
        language=language,
        subject=subject.format(reference=here.record.reference),
        body=body,
        label=label,
        link=link,
        because=because,
    )
    message = message_of(here.town, letter)
    await deliveries.write_message(message, request=here.record.id, reference=here.record.reference)


OVER = Text(fr="Cette modification ne peut plus être annulée.", en="This change can no longer be undone.")


async def restorable(host: Host, record: Record, token: str) -> Entry | None:
    """The change of contact details that a link takes back; None when it is no good, too old, or used."""
    change, key = token[:-DATED_LENGTH], token[-DATED_LENGTH:]
    if record.erased_at is not None or not has_right(host, record, "contact", key, change):
        return None
    entries = await entries_of(record)
    made = next((each for each in entries if each.kind == "contact" and each.body.get("change") == change), None)
    return made if made is not None and _before(made) is not None else None


async def restore_contact(host: Host, reference: str, token: str) -> Record | Denied | Conflict:
    """Write the contact details that held before the change, give the request another key and tell both sides.

    Whom the other let in since, and to whom they offered the file, have no access any more.
    """
    return await change(host, reference, partial(_plan, host, token), actor=REQUESTER)


async def _plan(host: Host, token: str, here: Situation) -> Change | Denied:
    made = await restorable(host, here.record, token)
    back = _before(made) if made else None
    if made is None or back is None:
        return Denied(code="not_possible", reason=OVER)
    gone = await contact_of(here.record)
    language = str((made.personal or {})["before"].get("language") or here.record.language)
    holders = here.record.holders + 1
    record = structs.replace(here.record, holders=holders, language=language)
    subject = RequestSubject(request_type=here.request_type, record=here.record, contact=back)
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
            **await exclusions_after(host, here.town, subject),
        },
        events=(ContactChanged(**here.about(REQUESTER)),),
        writes=(
            partial(replace_contact, here.record.id, back),
            partial(_shut_out, host, here, made),
            partial(tell_restored, host, here, record, back, gone),
        ),
    )


def _before(made: Entry) -> Requester | None:
    before = (made.personal or {}).get("before") or {}
    return msgspec.convert(before["contact"], Requester) if before.get("contact") else None


async def _shut_out(host: Host, here: Situation, made: Entry) -> None:
    request: UUID = here.record.id
    let_in = (PartyRow.request == request) & PartyRow.ended_at.is_null() & (PartyRow.let_in_at >= made.at)
    await PartyRow.update({PartyRow.ended_at: here.at}).where(let_in)
    await holder_back(host, here, made.at)
