"""Whether the settings are whole and fit what Dataverse says of itself, whether it answers, and lets us in."""

import xml.etree.ElementTree as ET
from collections.abc import Iterator

from parvis_crm_connector.client import Dataverse, NoSuchRecord, NotAllowed, by_key
from parvis_crm_connector.mapping import CASES, CONTACTS, tables
from parvis_crm_connector.settings import Settings
from parvis_sdk.connectors import Checked
from parvis_sdk.errors import DeclarationMistake, Later, OutsideError, Refused
from parvis_sdk.mapping import Described, Mapped, unlike
from parvis_sdk.oauth import SignInRefused
from parvis_sdk.text import Text

TYPES = {CASES: "incident", CONTACTS: "contact"}
NEEDED = ("base_url", "token_url", "client_id", "scope")
MISSING = Text(fr="Paramètres manquants\u00a0: {what}", en="Missing settings: {what}")
WHOLE = Text(fr="Les paramètres sont complets.", en="The settings are complete.")
UNLIKE = Text(fr="La correspondance contient une erreur\u00a0: {what}", en="The mapping contains an error: {what}")
FITS = Text(
    fr="La correspondance est valide pour les tables du système.", en="The mapping is valid for the system’s tables."
)
AWAY = Text(fr="Le système ne répond pas\u00a0: {what}", en="The system is not responding: {what}")
ANSWERS = Text(fr="Le système répond.", en="The system responds.")
NO_CUSTOMER = Text(fr="unnamed_customer\u00a0: {why}", en="unnamed_customer: {why}")
NO_ENTRY = Text(fr="L’accès est refusé\u00a0: {what}", en="Access is denied: {what}")
WITHIN = Text(
    fr="Lecture et écriture des dossiers et des contacts autorisées.",
    en="Reading and writing cases and contacts is allowed.",
)


async def check(crm: Dataverse, settings: Settings) -> tuple[Checked, ...]:
    """The three answers; those that need one that failed are left out."""
    missing = [name for name in NEEDED if not getattr(settings, name)]
    if not (settings.client_secret or settings.client_secret_file):
        missing.append("client_secret")
    if not tables(settings, CASES):
        missing.append(f"mappings ({CASES})")
    if missing:
        return (Checked(code="settings", ok=False, said=MISSING.format(what=", ".join(missing))),)
    whole = Checked(code="settings", ok=True, said=WHOLE)
    try:
        await crm.who_am_i()
    except (SignInRefused, NotAllowed) as error:
        return (whole, _answers(), Checked(code="allowed", ok=False, said=NO_ENTRY.format(what=error.words)))
    except OutsideError as error:
        return (whole, Checked(code="reachable", ok=False, said=AWAY.format(what=error.words)))
    try:
        wrong = [str(mistake) for mistake in mapping_mistakes(settings, await crm.metadata())]
    except Later as error:
        return (whole, Checked(code="reachable", ok=False, said=AWAY.format(what=error.words)))
    fits = (
        Checked(code="settings", ok=False, said=UNLIKE.format(what=" ; ".join(wrong)))
        if wrong
        else Checked(code="settings", ok=True, said=FITS)
    )
    return (fits, _answers(), await _allowed(crm, settings))


def mapping_mistakes(settings: Settings, metadata: bytes) -> Iterator[DeclarationMistake]:
    """Every column that our settings name and that is not there, or is not of ours to write."""
    described = described_by(metadata)
    for mapping in settings.mappings:
        if mapping.to not in TYPES:
            yield _mistake(mapping, f"there is no table {mapping.to!r}", f"there are {', '.join(TYPES)}")
            continue
        there = described.get(TYPES[mapping.to], {})
        yield from unlike(mapping, there)
        for name in (settings.case_key,) if mapping.to == CASES else (settings.contact_key, *settings.stopped):
            if name not in there:
                yield _mistake(mapping, f"there is no column {name!r} there", "make it there, or name another one")


def described_by(metadata: bytes) -> dict[str, dict[str, Described]]:
    """The columns of each of their types; raises `Later` when this is no description at all."""
    try:
        root = ET.fromstring(metadata)  # noqa: S314  expat of our Pythons stops entities that grow
    except ET.ParseError as error:
        raise Later(
            Text(
                fr="la description que le système donne de lui-même est illisible",
                en="the system’s description of itself cannot be read",
            )
        ) from error
    found: dict[str, dict[str, Described]] = {}
    for kind in root.iter():
        if not kind.tag.endswith("}EntityType"):
            continue
        columns = found.setdefault(str(kind.get("Name")), {})
        for each in kind:
            if each.tag.endswith("}Property"):
                most = each.get("MaxLength") or ""
                columns[str(each.get("Name"))] = Described(
                    kind=str(each.get("Type")), most=int(most) if most.isdecimal() else 0
                )
    return found


async def _allowed(crm: Dataverse, settings: Settings) -> Checked:
    """A look and a write of nothing in each table, and whether our keys are keys there."""
    keys = {CASES: settings.case_key} | ({CONTACTS: settings.contact_key} if tables(settings, CONTACTS) else {})
    try:
        for records, key in keys.items():
            await crm.page(records, select=f"{TYPES[records]}id", size=1)
            await crm.may_write(records)
            await crm.read(by_key(records, key, "parvis-check"), (f"{TYPES[records]}id",))
        await crm.may_write("annotations")
        if settings.unnamed_customer:
            await crm.known(settings.unnamed_customer)
    except NoSuchRecord as error:
        return Checked(code="allowed", ok=False, said=NO_ENTRY.format(what=NO_CUSTOMER.format(why=error.words)))
    except (Later, Refused) as error:
        return Checked(code="allowed", ok=False, said=NO_ENTRY.format(what=error.words))
    return Checked(code="allowed", ok=True, said=WITHIN)


def _answers() -> Checked:
    return Checked(code="reachable", ok=True, said=ANSWERS)


def _mistake(mapping: Mapped, what: str, now_what: str) -> DeclarationMistake:
    return DeclarationMistake(
        where=f"mapping to {mapping.to!r}", what=what, so_what="what it names is not sent", now_what=now_what
    )
