"""The contact of a person: found by e-mail, then by phone, or made once under a key of ours; kept up to date."""

import hashlib
from collections.abc import Iterable

from msgspec import Struct

from parvis_crm_connector.client import Dataverse, RecordConflict, Row, by_key, literal, moment_of
from parvis_crm_connector.mapping import (
    CONTACTS,
    Values,
    columns_from,
    is_named,
    known_of,
    marks,
    merge,
    row_to_send,
    rules_for,
    table,
)
from parvis_crm_connector.settings import Settings
from parvis_sdk.errors import Foreign, Later, must_fit
from parvis_sdk.events import Event
from parvis_sdk.fields import Phone
from parvis_sdk.mapping import Mapped
from parvis_sdk.reading import Reading, read_value
from parvis_sdk.requests import Requester, ServiceRequest
from parvis_sdk.text import Text

TRIES = 4
SEVERAL = Text(
    fr="Le CRM contient {many} fiches actives pour cette personne; la plus ancienne a été utilisée.",
    en="The CRM has {many} active contacts for this person; the oldest one was used.",
)
INACTIVE = Text(
    fr="La fiche de cette personne dans le CRM est désactivée.", en="This person’s contact in the CRM is inactive."
)


class Person(Struct, frozen=True, kw_only=True):
    """The contact that stands for somebody, and what the desk should know of how it was found."""

    id: str
    note: Text | None = None


def contacts_for(settings: Settings, request: ServiceRequest) -> Mapped | None:
    """The requester's contact in the CRM; None where they must not or cannot be known there."""
    mapping = table(settings, CONTACTS, request.type)
    if mapping is None or "contact" not in settings.needs or not is_named(request):
        return None
    return mapping if _key(mapping, request.requester) else None


async def found_or_made(crm: Dataverse, settings: Settings, mapping: Mapped, request: ServiceRequest) -> Person:
    """The contact of the requester: never a second one, though two workers or two tries come at once."""
    requester = request.requester or Requester()
    search = Search(crm, settings, mapping, requester)
    if rows := await search.by_email() or await search.by_phone():
        return await search.sure_of(_oldest(rows))
    mark = _key(mapping, requester)
    key = by_key(CONTACTS, settings.contact_key, mark)
    values = {name: value for name, value in wanted(settings, mapping, request).items() if value not in (None, "")}
    is_ours = await crm.make(key, values)
    made = await crm.read(key, ("contactid", "statecode", "createdon", settings.contact_key))
    if made is None:
        raise Later(
            Text(fr="le contact qui vient d’être créé est introuvable", en="the contact just created cannot be found")
        )
    by_id = await crm.read(f"{CONTACTS}({made.get('contactid')})", ("contactid", settings.contact_key)) or {}
    for row in (made, by_id):  # what its id stands for, before anything is bound to it
        must_fit(mark, str(row.get(settings.contact_key) or ""), str(row.get("contactid") or ""))
    must_fit(str(made.get("contactid")), str(by_id.get("contactid") or ""))
    if is_ours:
        # Somebody who is known to another worker by the phone alone has another key: the first one stays.
        rows = [*await search.by_email(), *await search.by_phone()]
        first = [row for row in rows if row["contactid"] != made["contactid"] and _age(row) <= _age(made)]
        if first:
            await crm.remove(f"{CONTACTS}({made['contactid']})")
            return await search.sure_of(_oldest(first))
    return Person(id=str(made["contactid"]), note=INACTIVE if made.get("statecode") else None)


async def is_theirs(
    crm: Dataverse, settings: Settings, mapping: Mapped, request: ServiceRequest, customer: str, person: Person | None
) -> bool:
    """Whether the customer of a case is still the contact of the requester: people there may have chosen another."""
    kept = request.remembered.get("contact")
    known = person.id if person is not None else kept.get("id") if isinstance(kept, dict) else None
    if known:
        return bool(known == customer)
    search = Search(crm, settings, mapping, request.requester or Requester())
    return customer in {str(row["contactid"]) for row in (*await search.by_email(), *await search.by_phone())}


def wanted(settings: Settings, mapping: Mapped, request: ServiceRequest) -> Values:
    """What should stand in the contact; that somebody wants no messages is told, and never taken back by us."""
    row = row_to_send(mapping, request, settings.needs)
    return row | (dict.fromkeys(settings.stopped, True) if request.stopped else {})


async def keep_up(
    crm: Dataverse, settings: Settings, mapping: Mapped, request: ServiceRequest, event: Event, id: str
) -> Values:
    """Bring the contact up to date by the rules; what is to be remembered of it.

    Another request of the same person may have written last: what it wrote is not ours here.
    """
    want, path = wanted(settings, mapping, request), f"{CONTACTS}({id})"
    select = (*dict.fromkeys(("contactid", "modifiedon", *want)),)
    kept = request.remembered.get("contact")
    known = known_of(kept) if isinstance(kept, dict) and kept.get("id") == id else None
    ours = {name: want[name] for name in mapping.columns if want.get(name) or (known and known.ours.get(name))}
    for _ in range(TRIES):
        there = await crm.read(path, select)
        if there is None:
            return {}
        must_fit(id, str(there.get("contactid") or ""))
        changed = moment_of(there, "modifiedon")
        merged = merge(
            ours,
            there,
            known,
            rules_for(settings, mapping),
            ours_is_newer=changed is None or event.at > changed,
        )
        told = {name: True for name in settings.stopped if want.get(name) and not there.get(name)}
        write = {name: value for name, value in merged.write.items() if name in mapping.columns} | told
        if write:
            try:
                await crm.put(path, write, str(there.get("@odata.etag") or "*"))
            except RecordConflict:
                continue
        theirs = {name: there.get(name) for name in mapping.columns} | merged.write
        return {"id": id, "ours": marks(ours), "theirs": marks(theirs)}
    raise Later(
        Text(
            fr="le contact est modifié sans arrêt par quelqu’un d’autre", en="somebody else keeps changing the contact"
        ),
        only_this=True,
    )


def is_by(row: Row, us: str) -> bool:
    """Whether we were the last ones to write there."""
    return bool(us) and str(row.get("_modifiedby_value") or "").lower() == us


class Search:
    """Active contacts that may be this person."""

    def __init__(self, crm: Dataverse, settings: Settings, mapping: Mapped, requester: Requester) -> None:
        self.crm, self.settings, self.requester = crm, settings, requester
        self.emails = columns_from(mapping, "requester.email")
        named = columns_from(mapping, "requester.phone")
        self.phones = tuple(dict.fromkeys((*named, *settings.other_phones))) if named else ()

    async def by_email(self) -> list[Row]:
        """Those with this address."""
        if not self.emails or not self.requester.email:
            return []
        rows = await self._active(f"{name} eq {literal(self.requester.email)}" for name in self.emails)
        return [row for row in rows if self._has_email(row)]

    async def by_phone(self) -> list[Row]:
        """Those with this number, however it is written, who are not somebody else of one household."""
        phone = self.requester.phone
        if not self.phones or not phone:
            return []
        rows = await self._active(f"endswith({name},{literal(phone[-4:])})" for name in self.phones)
        same_phone = [row for row in rows if _has_phone(self.settings, row, self.phones, phone)]
        return [row for row in same_phone if not _is_another(row, self.emails, self.requester)]

    async def sure_of(self, person: Person) -> Person:
        """The person, unless the contact with that id is somebody else: nothing is bound to it or filled in there."""
        path, phone = f"{CONTACTS}({person.id})", self.requester.phone
        row = await self.crm.read(path, ("contactid", *self.emails, *self.phones)) or {}
        must_fit(person.id, str(row.get("contactid") or ""))
        if self._has_email(row) or (phone and _has_phone(self.settings, row, self.phones, phone)):
            return person
        raise Foreign(path)

    def _has_email(self, row: Row) -> bool:
        wanted = (self.requester.email or "").casefold()
        return bool(wanted) and wanted in {str(row.get(name) or "").casefold() for name in self.emails}

    async def _active(self, any_of: Iterable[str]) -> list[Row]:
        where = " or ".join(any_of)
        select = ",".join(dict.fromkeys(("contactid", "createdon", *self.emails, *self.phones)))
        rows = await self.crm.every(
            CONTACTS, filter=f"({where}) and statecode eq 0", orderby="createdon asc", select=select
        )
        return [row for row in rows if row.get("contactid")]


def _oldest(rows: list[Row]) -> Person:
    first = min(rows, key=lambda row: (_age(row), str(row["contactid"])))
    return Person(id=str(first["contactid"]), note=SEVERAL.format(many=len(rows)) if len(rows) > 1 else None)


def _age(row: Row) -> str:
    return str(row.get("createdon") or "")


def _has_phone(settings: Settings, row: Row, columns: tuple[str, ...], phone: str) -> bool:
    """Whether one of the numbers, however it is written, is this one."""
    field = Phone(code="phone", label=Text(fr="Téléphone", en="Phone"), region=settings.region)
    return any(row.get(name) and read_value(field, row[name], "", Reading(), {}) == phone for name in columns)


def _is_another(row: Row, emails: tuple[str, ...], requester: Requester) -> bool:
    """Whether somebody who shares a phone is known by another address, as in one household."""
    theirs = [str(row[name]).casefold() for name in emails if row.get(name)]
    return bool(requester.email and theirs) and requester.email.casefold() not in theirs


def _key(mapping: Mapped, requester: Requester | None) -> str:
    """What tells one person from another, by what is sent of them; it can be computed from that and not read back."""
    if requester is None:
        return ""
    if requester.email and columns_from(mapping, "requester.email"):
        return _hashed(f"email:{requester.email.casefold()}")
    return _hashed(f"phone:{requester.phone}") if requester.phone and columns_from(mapping, "requester.phone") else ""


def _hashed(words: str) -> str:
    return hashlib.sha256(words.encode("utf-8", "replace")).hexdigest()[:40]
