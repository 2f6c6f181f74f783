"""The case of a request: made once under our reference, kept up to date by the rules, told of what happens here."""

from typing import Any

from msgspec import Struct

from parvis_crm_connector.client import Dataverse, NoSuchRecord, RecordConflict, Row, by_key, moment_of
from parvis_crm_connector.contacts import Person, contacts_for, found_or_made, is_by, is_theirs, keep_up
from parvis_crm_connector.mapping import (
    CASES,
    CONTACTS,
    RESOLVED,
    STATE,
    MergeResult,
    Values,
    known_of,
    marks,
    merge,
    row_to_send,
    rules_for,
    state_there,
    tables,
)
from parvis_crm_connector.settings import NAME, Settings
from parvis_crm_connector.timeline import tell
from parvis_sdk.errors import Foreign, Later, Refused, must_fit
from parvis_sdk.events import Event, Resent
from parvis_sdk.mapping import Mapped
from parvis_sdk.requests import ServiceRequest
from parvis_sdk.subscriptions import Outcome
from parvis_sdk.text import Text

TRIES = 4
SOLVED = 5  # the reason of a resolved case, unless the mapping says another one
NO_CUSTOMER = Text(
    fr="le client unnamed_customer des paramètres est introuvable\u00a0: {why}",
    en="unnamed_customer in the settings cannot be found: {why}",
)
RESOLUTION = Text(fr="Réglé par la Ville", en="Resolved by the town")
TAKEN = Text(
    fr="Dans le CRM, «\u00a0{column}\u00a0» est devenu «\u00a0{value}\u00a0».",
    en="In the CRM, “{column}” became “{value}”.",
)
REPLACED = Text(
    fr="Dans le CRM, «\u00a0{column}\u00a0» était devenu «\u00a0{value}\u00a0»; notre valeur a été rétablie.",
    en="In the CRM, “{column}” had become “{value}”; our value was restored.",
)


class Case(Struct, frozen=True, kw_only=True):
    """The case as it stands there after we were at it, and what they changed meanwhile."""

    row: Row
    merged: MergeResult = MergeResult()
    state: Any = None


async def deliver(
    crm: Dataverse, settings: Settings, mapping: Mapped, event: Event, request: ServiceRequest, us: str
) -> Outcome:
    """Bring contact, case and timeline up to date; what is there already is not made again."""
    contacts, notes, remember = contacts_for(settings, request), [], {}
    case = await _kept_up(crm, settings, mapping, event, request, us)
    person = None
    if case is None:
        person = await _made(crm, settings, mapping, contacts, request)
        notes += [person.note] if person is not None and person.note is not None else []
        case = await _kept_up(crm, settings, mapping, event, request, us)
    if case is None:
        raise Later(
            Text(fr="le dossier qui vient d’être créé est introuvable", en="the case just created cannot be found")
        )
    ours = row_to_send(mapping, request, settings.needs)
    customer = str(case.row.get("_customerid_value") or "")
    if contacts is not None and await is_theirs(crm, settings, contacts, request, customer, person):
        remember["contact"] = await keep_up(crm, settings, contacts, request, event, customer) or None
    if event.actor != NAME:  # what their people did is in their timeline
        await tell(crm, settings, str(case.row["incidentid"]), event, request)
    return Outcome(
        external_reference=number_of(case.row),
        note=together([*notes, *notes_on(mapping, case.merged)]),
        move=mapping.moves.get(str(case.state), "") if case.state is not None else "",
        remember={"case": remembered(mapping, ours, case.row), **remember},
    )


def number_of(row: Row) -> str:
    """What people there call a case."""
    return str(row.get("ticketnumber") or row.get("incidentid") or "")


def must_be_of(request: ServiceRequest, settings: Settings, row: Row) -> None:
    """Raise `Foreign` unless a case bears the key of the request and says which one it is."""
    must_fit(request.reference, str(row.get(settings.case_key) or ""), number_of(row))
    if not row.get("incidentid"):
        raise Foreign(request.reference, number=number_of(row))


def is_known(request: ServiceRequest, row: Row) -> bool:
    """Whether the host knows the request by the number of this case."""
    return request.external_references.get(NAME) == number_of(row)


async def make_sure(crm: Dataverse, settings: Settings, row: Row) -> None:
    """Raise `Foreign` unless the case with the id of this row bears its key: the id may be that of another one."""
    there = await crm.read(f"{CASES}({row['incidentid']})", ("incidentid", settings.case_key)) or {}
    _same(settings, row, there)


def _same(settings: Settings, row: Row, there: Row) -> None:
    for name in ("incidentid", settings.case_key):
        must_fit(str(row.get(name) or ""), str(there.get(name) or ""), number_of(row))


def case_columns(settings: Settings) -> tuple[str, ...]:
    """What is asked of a case."""
    always = ("incidentid", "ticketnumber", settings.case_key, "_customerid_value", "modifiedon", "_modifiedby_value")
    each = tables(settings, CASES)
    named = [name for mapping in each for name in (mapping.read, *mapping.columns) if name]
    return tuple(dict.fromkeys((*always, "statecode", *named)))


def remembered(mapping: Mapped, ours: Values, now: Row) -> Values:
    """What is remembered of a case: what we wanted and what stands there, neither of them to be read."""
    names = (*mapping.columns, *([mapping.read] if mapping.read else []))
    return {"ours": marks(ours), "theirs": marks({name: now.get(name) for name in names})}


def notes_on(mapping: Mapped, merged: MergeResult) -> list[Text]:
    """What the desk is told of their changes; a state that becomes a move of ours speaks for itself."""
    silent = {*STATE, mapping.read}
    taken = [TAKEN.format(column=name, value=value) for name, value in merged.taken.items() if name not in silent]
    return [*taken, *(REPLACED.format(column=name, value=value) for name, value in merged.replaced.items())]


def together(notes: list[Text]) -> Text | None:
    """Several notes as one."""
    if not notes:
        return None
    return Text(fr="\n".join(note.fr for note in notes), en="\n".join(note.to("en") for note in notes))


async def _kept_up(
    crm: Dataverse, settings: Settings, mapping: Mapped, event: Event, request: ServiceRequest, us: str
) -> Case | None:
    """The case after our values were written by the rules; None where there is none."""
    want, known = row_to_send(mapping, request, settings.needs), known_of(request.remembered.get("case"))
    path = by_key(CASES, settings.case_key, request.reference)
    for _ in range(TRIES):
        there = await crm.read(path, case_columns(settings))
        if there is None:
            return None
        must_be_of(request, settings, there)
        if not is_known(request, there):
            await make_sure(crm, settings, there)
        by_us, changed = is_by(there, us), moment_of(there, "modifiedon")
        merged = merge(
            want,
            there,
            known,
            rules_for(settings, mapping),
            ours_is_newer=changed is None or event.at > changed,
            by_us=by_us,
            insist=isinstance(event, Resent),
        )
        state = state_there(mapping, merged, there, known, by_us=by_us)
        try:
            now = await written(crm, settings, there, merged.write)
        except RecordConflict:
            continue
        return Case(row=now, merged=merged, state=state)
    raise Later(
        Text(fr="le dossier est modifié sans arrêt par quelqu’un d’autre", en="somebody else keeps changing the case"),
        only_this=True,
    )


async def written(crm: Dataverse, settings: Settings, there: Row, values: Values) -> Row:
    """The case after these values were written, if there were any; `RecordConflict` when it was changed since.

    Answers to a change do not name the case, so that it is looked at once more before the change counts. A case is
    resolved by an action of the CRM, and a resolved one is not written to unless it is reopened.
    """
    id, etag = str(there["incidentid"]), str(there.get("@odata.etag") or "*")
    path, state = f"{CASES}({id})", values.get("statecode", there.get("statecode"))
    if not values or (there.get("statecode") == RESOLVED and state == RESOLVED):
        return there
    if state != RESOLVED:
        await crm.put(path, values, etag)
        await make_sure(crm, settings, there)
        return there | values
    plain = {name: value for name, value in values.items() if name not in STATE}
    if plain:
        await crm.put(path, plain, etag)
    elif etag != "*":
        await _certain(crm, settings, there, etag)
    status = values.get("statuscode")
    await crm.close(id, RESOLUTION.to(settings.language), status if isinstance(status, int) else SOLVED)
    await make_sure(crm, settings, there)
    return there | values


async def _certain(crm: Dataverse, settings: Settings, there: Row, etag: str) -> None:
    """The action of closing takes no ETag: look whether the case is still as it was read."""
    row = await crm.read(f"{CASES}({there['incidentid']})", ("incidentid", settings.case_key))
    if row is not None:
        _same(settings, there, row)
    if row is not None and row.get("@odata.etag") not in (None, etag):
        raise RecordConflict(
            Text(fr="quelqu’un d’autre l’a modifié entre-temps", en="somebody else changed it in the meantime"),
            only_this=True,
        )


async def _made(
    crm: Dataverse, settings: Settings, mapping: Mapped, contacts: Mapped | None, request: ServiceRequest
) -> Person | None:
    """Make the case, bound to its customer; one that another worker made meanwhile is as good."""
    row = row_to_send(mapping, request, settings.needs)
    values = {name: value for name, value in row.items() if value is not None and name not in STATE}
    path = by_key(CASES, settings.case_key, request.reference)
    person = await found_or_made(crm, settings, contacts, request) if contacts is not None else None
    try:
        await crm.make(path, values | _customer(settings, person))
    except NoSuchRecord as error:
        if person is None:
            raise Refused(NO_CUSTOMER.format(why=error.words)) from error
        raise Later(
            Text(
                fr="le contact a été retiré avant que nous puissions l’utiliser",
                en="the contact was removed before it could be used",
            ),
            only_this=True,
        ) from error
    return person


def _customer(settings: Settings, person: Person | None) -> Row:
    if person is not None:
        return {"customerid_contact@odata.bind": f"/{CONTACTS}({person.id})"}
    return unnamed(settings)


def unnamed(settings: Settings) -> Row:
    """The customer of a case without a contact, bound as its kind is."""
    customer = settings.unnamed_customer
    if not customer:
        raise Refused(
            Text(
                fr="un dossier sans contact exige un client\u00a0: indiquez-en un dans unnamed_customer des paramètres",
                en="a case without a contact requires a customer: set one as unnamed_customer in the settings",
            )
        )
    kind = "contact" if customer.startswith(CONTACTS) else "account"
    return {f"customerid_{kind}@odata.bind": f"/{customer}"}
