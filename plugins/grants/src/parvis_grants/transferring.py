"""Handing a file over to another holder: offered, accepted or declined by a private link, both parties told."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

from msgspec import Struct, structs

from parvis import clock
from parvis.db import insert_values
from parvis.db.tables import Contact, Row
from parvis.db.tables import Party as PartyRow
from parvis.identifiers import new_id
from parvis.jurisdictions.calendars import last_day, local_day, midnight_after
from parvis.outbox.addressees import confirm_address, may_write
from parvis.requests.actors import REQUESTER, Actor
from parvis.requests.changing import Change, Conflict, Situation, change
from parvis.requests.contacts import contact_of, keep_contact, methods_read
from parvis.requests.declarations import is_offered
from parvis.requests.exclusions import RequestSubject, exclusions_after
from parvis.requests.host import Host
from parvis.requests.lifecycle import GONE, happening
from parvis.requests.links import id_in, token_of
from parvis.requests.records import Record, get
from parvis.requests.work.untold import forget_owed
from parvis_grants.tables import Handover
from parvis_grants.transfer_letters import tell_former, tell_new
from parvis_grants.validity import validity_of
from parvis_sdk.contact_methods import ContactMethod
from parvis_sdk.days import day_text
from parvis_sdk.fields import Email, LongText, ShortText
from parvis_sdk.forms import Form, Section
from parvis_sdk.problems import Problems
from parvis_sdk.requesters import read_requester
from parvis_sdk.requests import Requester
from parvis_sdk.text import Text
from parvis_sdk.validity import Validity
from parvis_sdk.validity_rules import HOLDING
from parvis_sdk.workflow import Denied

OFFER = Form(
    sections=(
        Section(
            code="offer",
            title=Text(fr="La nouvelle personne", en="The new person"),
            fields=(
                ShortText(code="name", label=Text(fr="Son nom", en="Their name"), max_length=120),
                Email(
                    code="email",
                    label=Text(fr="Son courriel", en="Their email"),
                    help=Text(
                        fr="Un lien privé pour accepter y sera envoyé.",
                        en="A private link to accept will be sent there.",
                    ),
                ),
                LongText(
                    code="words",
                    label=Text(fr="Message à cette personne", en="Message to this person"),
                    required=False,
                    max_length=1000,
                    rows=3,
                ),
            ),
        ),
    )
)
NOT_HELD = Text(
    fr="«\u00a0{title}\u00a0» n’est pas en vigueur et ne peut pas être transféré.",
    en="“{title}” is not in force and cannot be transferred.",
)
ALREADY = Text(
    fr="Un transfert est déjà offert à une autre personne.", en="A transfer has already been offered to another person."
)
OVER = Text(fr="Cette offre de transfert n’est plus valide.", en="This transfer offer is no longer valid.")
ENOUGH = Text(
    fr="Cette adresse a déjà reçu trop de messages aujourd’hui. Réessayez demain, ou appelez-nous.",
    en="This address has received too many messages today. Try again tomorrow, or call us.",
)
Answer = Record | Denied | Problems | Conflict


class TransferOffer(Struct, frozen=True, kw_only=True):
    """A file offered to a new holder, and until when they may accept; `code` is that of the validity."""

    id: UUID
    request: UUID
    code: str
    state: str
    name: str
    email: str
    language: str
    words: str
    asked_at: datetime
    ends_at: datetime

    @property
    def is_open(self) -> bool:
        """Whether it may be accepted now."""
        return self.state == "asked" and self.ends_at > clock.now()


async def offers_of(request: UUID) -> tuple[TransferOffer, ...]:
    """Every offer of a request, oldest first."""
    rows = await Handover.select().where(Handover.request == request).order_by(Handover.id)
    return tuple(_offered(row) for row in rows)


def _offered(row: Mapping[str, Any]) -> TransferOffer:
    return TransferOffer(**{name: row[name] for name in TransferOffer.__struct_fields__})


async def opened(host: Host, token: str) -> TransferOffer | None:
    """What a link offers; None when it was never ours. Looking changes nothing."""
    id = id_in(host.secret, "handover-key", token)
    rows = await Handover.select().where(Handover.id == id) if id else []
    return _offered(rows[0]) if rows else None


async def offer(host: Host, reference: str, code: str, raw: Mapping[str, Any], *, actor: Actor) -> Answer:
    """Offer the file to another person, who gets a private link; nothing changes until they accept."""
    return await change(host, reference, partial(_plan_offer, host, code, raw, actor), actor=actor)


async def cancel(host: Host, reference: str, id: str, *, actor: Actor) -> Answer:
    """Take an offer back before it is accepted."""
    return await change(host, reference, partial(_plan_end, host, id, "transfer_cancelled", actor), actor=actor)


async def decline(host: Host, offered: TransferOffer) -> Answer:
    """The person named does not want it."""
    record = await get(host, offered.request)
    plan = partial(_plan_end, host, str(offered.id), "transfer_declined", REQUESTER)
    return await change(host, record.reference, plan, actor=REQUESTER)


async def accept(host: Host, offered: TransferOffer, raw: Mapping[str, Any], language: str) -> Answer:
    """Take the file over: its contact, its private link and what is to be done are the new holder's from now on."""
    await confirm_address(host.engine, host.secret, offered.email)  # the offer was sent there and nowhere else
    record = await get(host, offered.request)
    plan = partial(_plan_acceptance, host, str(offered.id), raw, language)
    return await change(host, record.reference, plan, actor=REQUESTER)


async def _plan_offer(
    host: Host, code: str, raw: Mapping[str, Any], actor: Actor, here: Situation
) -> Change | Denied | Problems:
    validity = await _transferable(host, here, code)
    if isinstance(validity, Denied):
        return validity
    if any(each.is_open for each in await offers_of(here.record.id)):
        return Denied(code="not_possible", reason=ALREADY)
    given = OFFER.read(raw)
    if isinstance(given, Problems):
        return given
    made = _new_offer(here, validity, given.answers)
    if not await may_write(host.secret, made.email, "asked"):
        return Denied(code="not_possible", reason=ENOUGH)
    answer_by = day_text(last_day(here.town.calendar, made.ends_at))
    letter = partial(
        tell_new,
        host,
        here,
        validity,
        made.email,
        made.words,
        token_of(host.secret, "handover-key", made.id),
        answer_by,
    )
    return happening(
        host,
        here,
        {validity.fact("transfer_asked"): {"answer_by": answer_by}},
        actor=actor,
        writes=(partial(insert_values, Handover, structs.asdict(made) | {"changed_at": here.at}), letter),
        audience="personal",
        personal={"note": Text(fr=f"{made.name} ({made.email})")},
    )


def _new_offer(here: Situation, validity: Validity, given: Mapping[str, Any]) -> TransferOffer:
    calendar, days = here.town.calendar, validity.transfer.days if validity.transfer else 0
    return TransferOffer(
        id=new_id(),
        request=here.record.id,
        code=validity.code,
        state="asked",
        name=given["name"],
        email=given["email"],
        language=here.record.language,
        words=given.get("words", ""),
        asked_at=here.at,
        ends_at=midnight_after(calendar, local_day(calendar, here.at) + timedelta(days=days)),
    )


async def _transferable(host: Host, here: Situation, code: str) -> Validity | Denied:
    """The validity that may pass to somebody else now, or why none may."""
    validity = next((each for each in here.request_type.of(Validity) if each.code == code and each.transfer), None)
    if validity is None:
        return Denied(code="unknown", reason=OVER)
    if not is_offered(host, here.record):
        return Denied(code="not_by_you", reason=GONE)
    if not any(each.code == code and each.state in HOLDING for each in await validity_of(here.record.id)):
        return Denied(code="not_possible", reason=NOT_HELD.format(title=validity.title))
    return validity


async def _still_open(here: Situation, id: str) -> TransferOffer | None:
    # Judged anew under lock: it may have been taken back, or have ended, since the page was opened.
    return next((each for each in await offers_of(here.record.id) if str(each.id) == id and each.is_open), None)


async def _plan_end(host: Host, id: str, word: str, actor: Actor, here: Situation) -> Change | Denied:
    found = await _still_open(here, id)
    validity = next((each for each in here.request_type.of(Validity) if found and each.code == found.code), None)
    if found is None or validity is None:
        return Denied(code="not_possible", reason=OVER)
    state = word.removeprefix("transfer_")
    return happening(host, here, {validity.fact(word): {}}, actor=actor, writes=(partial(_end, found, state, here),))


async def _end(offered: TransferOffer, state: str, here: Situation) -> None:
    ended: Row = {Handover.state: state, Handover.changed_at: here.at}
    await Handover.update(ended).where(Handover.id == offered.id)


async def _plan_acceptance(
    host: Host, id: str, raw: Mapping[str, Any], language: str, here: Situation
) -> Change | Denied | Problems:
    found = await _still_open(here, id)
    if found is None:
        return Denied(code="not_possible", reason=OVER)
    validity = await _transferable(host, here, found.code)
    if isinstance(validity, Denied):
        return validity
    methods = methods_read(host, here.town)
    person, given = _read(validity, raw, local_day(here.town.calendar, here.at), methods)
    if isinstance(person, Problems) or isinstance(given, Problems):
        wrong = [each.found for each in (person, given) if isinstance(each, Problems)]
        return Problems(found=tuple(one for several in wrong for one in several))
    former = await contact_of(here.record)
    planned = happening(
        host,
        here,
        {validity.fact("transferred"): {}},
        actor=REQUESTER,
        writes=(
            partial(_end, found, "accepted", here),
            partial(change_holder, host, here, person),
            partial(tell_former, host, here, validity, former),
        ),
        audience="personal",
        body={"asked": validity.fact("transferred"), "language": language},
        personal={"contact": person, "contact_before": former, "given": given},
    )
    columns = {"holder_since": here.at, "holders": here.record.holders + 1, "language": language, "identity": "named"}
    subject = RequestSubject(request_type=here.request_type, record=here.record, contact=person)
    columns |= await exclusions_after(host, here.town, subject)
    return structs.replace(planned, columns=columns)


def _read(
    validity: Validity, raw: Mapping[str, Any], today: Any, methods: Collection[ContactMethod]
) -> tuple[Requester | Problems, dict[str, Any] | Problems]:
    person = read_requester(raw.get("requester"), ("named",), contact=True, methods=methods)
    form = validity.transfer.asks if validity.transfer else Form()
    given = form.read(raw.get("answers") or {}, today=today)
    return person, given if isinstance(given, Problems) else given.answers


async def change_holder(host: Host, here: Situation, person: Requester) -> None:
    """Inside a transaction: the new one lets in whom they like; what the former one wished is not about them."""
    let_in = (PartyRow.request == here.record.id) & PartyRow.ended_at.is_null()
    await PartyRow.update({PartyRow.ended_at: here.at}).where(let_in)
    await Contact.delete().where(Contact.request == here.record.id)
    await forget_owed(host, here.record.id)  # what was to be told to the former holder
    await keep_contact(here.record.id, person)
