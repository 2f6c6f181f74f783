"""Erasing there what was erased here: the case, its notes, and the contact when nothing else hangs on it."""

from parvis_crm_connector.cases import make_sure, must_be_of, unnamed
from parvis_crm_connector.client import Dataverse, Row, by_key
from parvis_crm_connector.mapping import CASES, CONTACTS, columns_to_blank, table
from parvis_crm_connector.settings import Settings
from parvis_sdk.errors import must_fit
from parvis_sdk.mapping import Mapped
from parvis_sdk.requests import ServiceRequest

INACTIVE = {"statecode": 1, "statuscode": 2}


async def erase(crm: Dataverse, settings: Settings, mapping: Mapped, request: ServiceRequest, us: str) -> None:
    """Do with the copy there as the settings say. Only ids are read, so that nothing personal is logged here."""
    path = by_key(CASES, settings.case_key, request.reference)
    case = await crm.read(path, ("incidentid", "_customerid_value", settings.case_key))
    if case is None:
        return
    must_be_of(request, settings, case)
    await make_sure(crm, settings, case)
    id, customer = str(case["incidentid"]), str(case.get("_customerid_value") or "")
    contacts = table(settings, CONTACTS, request.type)
    emptied = contacts is not None and customer and await _empty_contact(crm, settings, contacts, customer, case=id)
    if settings.erase_notes != "keep":
        await _forget_notes(crm, id, us if settings.erase_notes == "ours" else "")
    if settings.erase_cases == "delete":
        await crm.remove(f"{CASES}({id})")
    elif settings.erase_cases == "blank":
        blank: Row = dict.fromkeys(columns_to_blank(mapping))
        await crm.put(f"{CASES}({id})", blank | (unnamed(settings) if settings.unnamed_customer else {}))
    if emptied and settings.erase_contacts == "delete" and not await _cases_of(crm, customer):
        await crm.remove(f"{CONTACTS}({customer})")


async def _empty_contact(crm: Dataverse, settings: Settings, contacts: Mapped, customer: str, *, case: str) -> bool:
    """Empty the contact, before the case lets go of it: a try that breaks off finds it again.

    Only one that we made, as it bears our key, and only when no other case there names it as its customer.
    """
    path = f"{CONTACTS}({customer})"
    contact = await crm.read(path, ("contactid", settings.contact_key)) if settings.erase_contacts != "keep" else None
    if contact is not None:
        must_fit(customer, str(contact.get("contactid") or ""))
    if contact is None or any(each != case for each in await _cases_of(crm, customer)):
        return False
    if contact.get(settings.contact_key):
        blank: Row = dict.fromkeys((*contacts.columns, settings.contact_key))
        await crm.put(path, blank | INACTIVE)
        return True
    return False


async def _cases_of(crm: Dataverse, customer: str) -> list[str]:
    page = await crm.page(CASES, filter=f"_customerid_value eq {customer}", select="incidentid", size=2)
    return [str(row.get("incidentid")) for row in page.rows]


async def _forget_notes(crm: Dataverse, case: str, by: str) -> None:
    notes = await crm.every("annotations", filter=f"_objectid_value eq {case}", select="annotationid,_createdby_value")
    for note in notes:
        if not by or str(note.get("_createdby_value") or "").lower() == by:
            await crm.remove(f"annotations({note['annotationid']})")
