"""What their people changed: cases, notes and contacts since a cursor, and what they hold of a period."""

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime

import msgspec

from parvis_crm_connector.cases import (
    case_columns,
    is_known,
    make_sure,
    notes_on,
    number_of,
    remembered,
    together,
    written,
)
from parvis_crm_connector.client import Dataverse, Page, RecordConflict, Row, moment, moment_of
from parvis_crm_connector.contacts import contacts_for, is_by
from parvis_crm_connector.cursors import FIRST, NOTES, OVERLAP, Place, name_of, next_place, places_of, still_seen
from parvis_crm_connector.mapping import (
    CASES,
    CONTACTS,
    RESOLVED,
    MergeResult,
    known_of,
    marked,
    marks,
    merge,
    row_to_send,
    rules_for,
    state_there,
    table,
    tables,
)
from parvis_crm_connector.settings import Settings
from parvis_sdk.connectors import Connection, News, Theirs
from parvis_sdk.errors import Foreign, Refused, must_fit
from parvis_sdk.subscriptions import SentFile, Update
from parvis_sdk.text import Text

PAGE = 50
NOTE = Text(fr="Note du CRM\u00a0: {words}", en="Note from the CRM: {words}")
SETTLED = Text(fr="Réglé dans le CRM\u00a0: {words}", en="Resolved in the CRM: {words}")
NOT_PUT_BACK = Text(
    fr="Notre valeur n’a pas pu être rétablie dans le CRM\u00a0: {why}",
    en="Our value could not be restored in the CRM: {why}",
)
DETAILS = Text(
    fr="Dans le CRM, les coordonnées de la personne ont changé\u00a0: {what}",
    en="In the CRM, the person’s contact details changed: {what}",
)


class ChangeReader:
    """One look at what they changed."""

    def __init__(self, crm: Dataverse, settings: Settings, connection: Connection, us: str) -> None:
        self.crm, self.settings, self.connection, self.us = crm, settings, connection, us
        self.cases: dict[str, Row] = {}

    async def changes(self, cursor: str) -> News:
        """One page of each table; what was read within the last minute before is not told again."""
        before = places_of(cursor)
        seen = {str(name): str(at) for name, at in (self.connection.remembered.get("seen") or {}).items()}
        updates: list[Update] = []
        after: dict[str, Place] = {}
        for records in self._read():
            place = before.get(records) or Place(at=self.connection.now - FIRST)
            page = await self._page(records, place)
            fresh = {name: row for row in page.rows if (name := name_of(records, row)) not in seen}
            updates += await self._understood(records, list(fresh.values()))
            seen |= {name: str(row.get("modifiedon") or "") for name, row in fresh.items()}
            after[records] = next_place(place, page)
        return News(
            updates=tuple(updates),
            cursor=msgspec.json.encode(after).decode(),
            more=any(place.next for place in after.values()),
            remember={"seen": still_seen(seen, after)},
        )

    async def listed(self, since: datetime, until: datetime) -> tuple[Theirs, ...]:
        """Our cases that either side touched within a period, each with the news that we should have had."""
        within = f"createdon ge {moment(since)} and createdon lt {moment(until)}"
        key = self.settings.case_key
        touched = await self.crm.every(
            CASES,
            filter=f"{key} ne null and createdon lt {moment(until)} and modifiedon ge {moment(since)}",
            select=",".join(case_columns(self.settings)),
        )
        ours = await self.crm.every(
            NOTES, filter=f"{within} and _createdby_value eq {self.us}", select="annotationid,_objectid_value"
        )
        self.cases |= {str(row.get("incidentid")): row for row in touched}
        await self._know(str(note.get("_objectid_value") or "") for note in ours)
        found = []
        for row in self.cases.values():
            if reference := str(row.get(key) or ""):
                update = await self._of_case(row, may_write=False)
                found.append(Theirs(external_reference=number_of(row), reference=reference, update=update))
        return tuple(found)

    def _read(self) -> tuple[str, ...]:
        people = self.settings.contact_changes and "contact" in self.settings.needs
        return (CASES, NOTES, *((CONTACTS,) if people and tables(self.settings, CONTACTS) else ()))

    async def _page(self, records: str, place: Place) -> Page:
        if place.next:
            try:
                return await self.crm.page(records, next=place.next, size=PAGE)
            except Refused:  # the link has had its day: once more from where this reading began
                pass
        of_ours = f" and {self.settings.case_key} ne null" if records == CASES else ""
        return await self.crm.page(
            records,
            filter=f"modifiedon ge {moment(place.at - OVERLAP)}{of_ours}",
            orderby="modifiedon asc",
            select=",".join(self._columns(records)),
            size=PAGE,
        )

    def _columns(self, records: str) -> tuple[str, ...]:
        if records == CASES:
            return case_columns(self.settings)
        if records == NOTES:
            about = ("_objectid_value", "subject", "notetext", "filename", "isdocument", "_createdby_value")
            return ("annotationid", "modifiedon", *about)
        named = [name for mapping in tables(self.settings, CONTACTS) for name in mapping.columns]
        return tuple(dict.fromkeys(("contactid", "modifiedon", "_modifiedby_value", *named)))

    async def _understood(self, records: str, rows: list[Row]) -> list[Update]:
        if records == NOTES:
            theirs = [row for row in rows if str(row.get("_createdby_value") or "").lower() != self.us]
            await self._know(str(row.get("_objectid_value") or "") for row in theirs)
            found = [await self._of_note(row) for row in theirs]
        elif records == CASES:
            self.cases |= {str(row.get("incidentid")): row for row in rows}
            found = [await self._of_case(row, may_write=True) for row in rows]
        else:
            return [update for row in rows if not is_by(row, self.us) for update in await self._of_contact(row)]
        return [update for update in found if update is not None]

    async def _of_case(self, row: Row, *, may_write: bool) -> Update | None:
        """What their people did to a case of ours; what must stay as it was is put back by rule."""
        reference = str(row.get(self.settings.case_key) or "")
        request = await self.connection.request(reference) if reference and not is_by(row, self.us) else None
        mapping = table(self.settings, CASES, request.type) if request is not None else None
        if request is None or mapping is None:
            return None
        known = known_of(request.remembered.get("case"))
        # What changed here and was not told yet is on its way, and is decided when it arrives.
        want = row_to_send(mapping, request, self.settings.needs)
        told = {name: value for name, value in want.items() if known and known.ours.get(name) == marked(value)}
        merged = MergeResult()
        state = row.get(mapping.read) if known is None and str(row.get(mapping.read)) in mapping.moves else None
        if known is not None:
            merged = merge(told, row, known, rules_for(self.settings, mapping), ours_is_newer=False)
            state = state_there(mapping, merged, row, known, by_us=False)
        if not merged.write and not merged.taken and state is None:
            return None
        notes, now, is_foreign = [], row, False
        if may_write:
            try:
                if merged.write and not is_known(request, row):
                    await make_sure(self.crm, self.settings, row)
                now = await written(self.crm, self.settings, row, merged.write)
            except RecordConflict:
                return None  # the next poll brings the newer one
            except Foreign:
                is_foreign = True
            except Refused as error:
                notes.append(NOT_PUT_BACK.format(why=error.words))
        move = mapping.moves.get(str(state), "") if state is not None else ""
        words = await self._resolution(row) if row.get("statecode") == RESOLVED and move else ""
        notes = [*([SETTLED.format(words=words)] if words else []), *notes_on(mapping, merged), *notes]
        after = {"ours": known.ours, "theirs": remembered(mapping, {}, now)["theirs"]} if known else None
        return Update(
            reference=reference,
            external_reference=number_of(row),
            key=f"case:{row.get('incidentid')}:{row.get('@odata.etag')}",
            at=moment_of(row, "modifiedon"),
            note=together(notes),
            move=move,
            foreign=is_foreign,
            given={self.settings.resolution: words} if move and words and self.settings.resolution else {},
            remember={"case": after} if after else {},
        )

    async def _resolution(self, row: Row) -> str:
        """The words with which their people closed a case."""
        page = await self.crm.page(
            "incidentresolutions",
            filter=f"_incidentid_value eq {row.get('incidentid')}",
            orderby="createdon desc",
            select="activityid,subject,description,_incidentid_value",
            size=1,
        )
        ours = str(row.get("incidentid"))
        said = next((each for each in page.rows if str(each.get("_incidentid_value", ours)) == ours), {})
        return "\n".join(str(said[name]) for name in ("subject", "description") if said.get(name))

    async def _of_note(self, row: Row) -> Update | None:
        case = self.cases.get(str(row.get("_objectid_value") or ""))
        if case is None or not case.get(self.settings.case_key):
            return None
        words = "\n".join(str(row[name]) for name in ("subject", "notetext") if row.get(name))
        return Update(
            reference=str(case[self.settings.case_key]),
            external_reference=number_of(case),
            key=f"note:{row.get('annotationid')}:{row.get('@odata.etag')}",
            note=NOTE.format(words=words or str(row.get("filename") or "—")),
            files=await self._file(row) if row.get("isdocument") else (),
        )

    async def _file(self, row: Row) -> tuple[SentFile, ...]:
        id = str(row["annotationid"])
        whole = await self.crm.read(f"{NOTES}({id})", ("annotationid", "documentbody"))
        must_fit(id, str((whole or {}).get("annotationid", id)))
        try:
            content = base64.b64decode(str((whole or {}).get("documentbody") or ""), validate=True)
        except binascii.Error:
            return ()
        return (SentFile(name=str(row.get("filename") or "fichier"), content=content),) if content else ()

    async def _of_contact(self, row: Row) -> list[Update]:
        """Of each open case of theirs, which contact details are not as they were."""
        id, key = str(row.get("contactid")), self.settings.case_key
        cases = await self.crm.every(
            CASES,
            filter=f"_customerid_value eq {id} and statecode eq 0 and {key} ne null",
            select=f"incidentid,ticketnumber,{key}",
        )
        found = []
        for case in cases:
            reference = str(case.get(key) or "")
            request = await self.connection.request(reference)
            mapping = contacts_for(self.settings, request) if request is not None else None
            kept = request.remembered.get("contact") if request is not None else None
            if mapping is None or not isinstance(kept, dict) or kept.get("id") != id:
                continue
            before = kept.get("theirs") or {}
            now = marks({name: row.get(name) for name in mapping.columns})
            changed = [name for name, mark in now.items() if mark != before.get(name, "")]
            if not changed:
                continue
            rule = rules_for(self.settings, mapping)
            # What is ours by rule stays unlike what we know: the next delivery puts it back.
            stays = {name: now[name] for name in changed if rule(name) != "ours"}
            what = ", ".join(f"{name} = {row.get(name) or '—'}" for name in changed)
            found.append(
                Update(
                    reference=reference,
                    external_reference=number_of(case),
                    key=f"contact:{id}:{row.get('@odata.etag')}",
                    note=DETAILS.format(what=what),
                    remember={"contact": {**kept, "theirs": {**before, **stays}}},
                )
            )
        return found

    async def _know(self, ids: Iterable[str]) -> None:
        """Read the cases with these ids that were not read yet."""
        wanted = [id for id in dict.fromkeys(ids) if id and id not in self.cases]
        for first in range(0, len(wanted), PAGE):
            some = wanted[first : first + PAGE]
            where = " or ".join(f"incidentid eq {id}" for id in some)
            rows = await self.crm.every(CASES, filter=where, select=",".join(case_columns(self.settings)))
            self.cases |= {str(row.get("incidentid")): row for row in rows}
